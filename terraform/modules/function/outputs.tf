output "function_name" {
  description = "The function's name."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "The function's ARN, without a version."
  value       = aws_lambda_function.this.arn
}

output "alias_name" {
  description = "The alias's name, the qualifier of permissions."
  value       = local.alias.name
}

output "alias_arn" {
  description = "ARN of the alias, for callers."
  value       = local.alias.arn
}

output "invoke_arn" {
  description = "ARN of the alias in the form for an API's integration."
  value       = local.alias.invoke_arn
}

output "version" {
  description = "The newest published version; note it to be able to roll back to it."
  value       = aws_lambda_function.this.version
}

output "alias_version" {
  description = "The version that the alias points to."
  value       = local.alias.function_version
}

output "role_name" {
  description = "The role's name, for further policies."
  value       = aws_iam_role.this.name
}

output "role_arn" {
  description = "The role's ARN."
  value       = aws_iam_role.this.arn
}

output "policy" {
  description = "The role's policy of grants and tables as JSON; statements of the manifest's own are a policy besides."
  value       = local.policy
}

output "pool_grants" {
  description = "Statements of the grants `cognito:…` that hold, with `{pool_arn}` for the pool's owner to fill in."
  value       = local.pool_grants
}

output "pool_statements" {
  description = "The manifest's own statements that name the pool, with `{pool_arn}` and `{pool_id}` for the pool's owner to fill in."
  value       = local.pool_statements
}

output "log_group_name" {
  description = "The log group's name."
  value       = aws_cloudwatch_log_group.this.name
}

output "log_group_arn" {
  description = "The log group's ARN."
  value       = aws_cloudwatch_log_group.this.arn
}

output "log_class" {
  description = "The log group's class; CloudWatch makes metrics from `STANDARD` alone."
  value       = var.log_class
}

output "dead_letter_queue_arn" {
  description = "ARN of the dead-letter queue; null for a synchronous function."
  value       = one(aws_sqs_queue.dead_letters[*].arn)
}

output "dead_letter_queue_url" {
  description = "URL of the dead-letter queue; null for a synchronous function."
  value       = one(aws_sqs_queue.dead_letters[*].url)
}

output "dead_letter_queue_name" {
  description = "Name of the dead-letter queue; null for a synchronous function."
  value       = one(aws_sqs_queue.dead_letters[*].name)
}

output "environment" {
  description = "The function's settings."
  value       = local.environment
}

output "hook" {
  description = "The manifest's hook; null for a function with routes."
  value       = local.hook
}

output "routes" {
  description = "The manifest's routes; empty for a trigger."
  value       = local.routes
}

output "event_version" {
  description = "The manifest's event version; null if the hook has none."
  value       = local.event_version
}

output "grants" {
  description = "By grant of the manifest: whether it holds with the function's settings."
  value       = local.grants
}
