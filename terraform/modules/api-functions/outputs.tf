output "functions" {
  description = <<-EOT
    By function: names and ARNs of the function, its alias, role, log group and dead letters, its timeout, and the versions for
    a rollback.
  EOT
  value = { for name, function in module.function : name => {
    hook                   = function.hook
    function_name          = function.function_name
    arn                    = function.arn
    invoke_arn             = function.invoke_arn
    timeout_seconds        = try(tonumber(local.enabled[name].timeout_seconds), 30)
    alias_name             = function.alias_name
    alias_arn              = function.alias_arn
    version                = function.version
    alias_version          = function.alias_version
    role_name              = function.role_name
    role_arn               = function.role_arn
    log_group_name         = function.log_group_name
    log_group_arn          = function.log_group_arn
    log_class              = function.log_class
    dead_letter_queue_name = function.dead_letter_queue_name
    dead_letter_queue_arn  = function.dead_letter_queue_arn
    dead_letter_queue_url  = function.dead_letter_queue_url
  } }
  # A caller gives its function traffic when it may do its work.
  depends_on = [aws_iam_role_policy.pool, aws_iam_role_policy.pool_statements]
}

output "routes" {
  description = "By route, for example `GET /post/{id}`: its function, whether it requires a token, its scopes, and the manifest's path."
  value       = local.routes
}

output "manifests" {
  description = "By function: what its manifest says, with its path."
  value       = { for name, manifest in local.enabled : name => { path = manifest.path, timeout_seconds = manifest.timeout_seconds } }
}

output "problems" {
  description = "What is wrong with the manifests and settings together, for a precondition of the caller."
  value       = local.problems
}

output "environments" {
  description = "By function: its settings."
  value       = { for name, function in module.function : name => function.environment }
}

output "policies" {
  description = "By function: what it may do with everything but the pool, as the JSON of its policy."
  value       = { for name, function in module.function : name => function.policy }
}

output "pool_policies" {
  description = "By function: what it may do with the pool, as the JSON of its policies."
  value       = { for name, policy in aws_iam_role_policy.pool : name => policy.policy }
}

output "pool_statements" {
  description = "By function: its own statements about the pool, as the JSON of its policy."
  value       = { for name, policy in aws_iam_role_policy.pool_statements : name => policy.policy }
}

output "tables" {
  description = <<-EOT
    The tables that manifests declare, by their names there: name, ARN, own key, stream, protection, and how and where each is
    declared.
  EOT
  value       = module.tables.tables
}

output "access_log" {
  description = "Options of the API's access log, from `*` of `function_options`: days, key, and whether a destroy keeps it."
  value = {
    retention_days = coalesce(module.options.for_all.log_retention_days, var.log_retention_days)
    kms_key_arn    = try(coalesce(module.options.for_all.log_kms_key_arn), var.kms_key_arn)
    skip_destroy   = coalesce(module.options.for_all.log_skip_destroy, false)
  }
}
