output "id" {
  description = "The API's id."
  value       = aws_api_gateway_rest_api.this.id
}

output "name" {
  description = "The API's name, a dimension of its metrics."
  value       = aws_api_gateway_rest_api.this.name
}

output "arn" {
  description = "The API's ARN."
  value       = aws_api_gateway_rest_api.this.arn
}

output "execution_arn" {
  description = "The API's ARN for permissions to invoke."
  value       = aws_api_gateway_rest_api.this.execution_arn
}

output "endpoint" {
  description = "The API's address, with the stage."
  value       = aws_api_gateway_stage.this.invoke_url
}

output "stage_name" {
  description = "The stage's name."
  value       = aws_api_gateway_stage.this.stage_name
}

output "stage_arn" {
  description = "The stage's ARN, which a web ACL is associated with."
  value       = aws_api_gateway_stage.this.arn
}

output "routes" {
  description = <<-EOT
    By route: its function, whether it requires a token (`COGNITO_USER_POOLS` or `NONE`), and the scopes, one of which the token
    must have.
  EOT
  value = { for key, method in aws_api_gateway_method.this : key => {
    function      = local.routes[key].function
    authorization = method.authorization
    scopes        = local.routes[key].guarded ? local.routes[key].scopes : []
  } }
}

output "access_log_group_name" {
  description = "Log group of the access log."
  value       = aws_cloudwatch_log_group.access.name
}

output "access_log_group_arn" {
  description = "ARN of the access log's group."
  value       = aws_cloudwatch_log_group.access.arn
}

output "functions" {
  description = "By function: names and ARNs of the function, its alias, role, log group and dead letters, and the versions for a rollback."
  value       = module.functions.functions
}

output "tables" {
  description = <<-EOT
    The tables that manifests declare, by their names there: name, ARN, own key, stream, protection, and how and where each is
    declared.
  EOT
  value       = module.functions.tables
}
