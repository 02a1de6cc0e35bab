output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.user_pool.id
}

output "user_pool_arn" {
  description = "ARN of the user pool."
  value       = module.user_pool.arn
}

output "user_pool_endpoint" {
  description = "Name of the pool as an identity provider, for modules/identity-pool."
  value       = module.user_pool.endpoint
}

output "domain" {
  description = "Domain of managed login; null without one."
  value       = module.user_pool.domain
}

output "domain_target" {
  description = "CloudFront distribution that the DNS record of a custom domain points to."
  value       = module.user_pool.domain_target
}

output "issuer" {
  description = "Issuer in the pool's tokens."
  value       = module.user_pool.issuer
}

output "client_ids" {
  description = "App client ids by name."
  value       = module.user_pool.client_ids
}

output "client_secrets" {
  description = "Secrets of the app clients that have one, by name."
  value       = module.user_pool.client_secrets
  sensitive   = true
}

output "functions" {
  description = "By trigger: names and ARNs of its function, alias, role, log group and dead letters. version is the one to roll back to."
  value       = module.triggers.functions
}

output "profile_table" {
  description = "Name of the profile table."
  value       = module.profiles.name
}

output "tables" {
  description = "Names, ARNs and streams of the tables: profiles, posts, and those that functions declare, by their names there."
  value = merge(
    { for name, table in local.all_tables : name => {
      name = table.name, arn = table.arn, kms_key_arn = table.kms_key_arn, stream_arn = table.stream_arn
    } },
    {
      profiles = {
        name       = module.profiles.name, arn = module.profiles.arn, kms_key_arn = module.profiles.kms_key_arn
        stream_arn = module.profiles.stream_arn
      }
    },
    { for table in module.posts : "posts" => {
      name = table.name, arn = table.arn, kms_key_arn = table.kms_key_arn, stream_arn = table.stream_arn
    } },
  )
}

locals {
  # A table that both declare is the triggers' one.
  all_tables = merge(one(module.http_api[*].tables), one(module.rest_api[*].tables), module.triggers.tables)
}

output "dashboard" {
  description = "Name of the CloudWatch dashboard."
  value       = module.observability.dashboard_name
}

output "dashboard_arn" {
  description = "ARN of the CloudWatch dashboard."
  value       = module.observability.dashboard_arn
}

output "alarms" {
  description = "ARNs of the alarms by name, for a composite alarm or a deployment that watches them."
  value       = module.observability.alarms
}

output "api_id" {
  description = "Id of the API; null without one."
  value       = one(concat(module.http_api[*].id, module.rest_api[*].id))
}

output "api_endpoint" {
  description = "Address of the API, a REST API's with its stage; null without one."
  value       = one(concat(module.http_api[*].endpoint, module.rest_api[*].endpoint))
}

output "api_arn" {
  description = "ARN of the API; null without one."
  value       = one(concat(module.http_api[*].arn, module.rest_api[*].arn))
}

output "api_execution_arn" {
  description = "ARN of the API for permissions to invoke; null without one."
  value       = one(concat(module.http_api[*].execution_arn, module.rest_api[*].execution_arn))
}

output "api_access_log_group" {
  description = "Name and ARN of the access log's group; null without an API."
  value = one(concat(
    [for api in module.http_api : { name = api.access_log_group_name, arn = api.access_log_group_arn }],
    [for api in module.rest_api : { name = api.access_log_group_name, arn = api.access_log_group_arn }],
  ))
}

output "api_functions" {
  description = "By function of the API: names and ARNs, as in functions. version is the one to roll back to."
  value       = one(concat(module.http_api[*].functions, module.rest_api[*].functions))
}

output "posts_table" {
  description = "Name of the posts table; null without an API."
  value       = one(module.posts[*].name)
}

output "api_custom_domain_target" {
  description = "Name and hosted zone that the DNS record of the API's own domain points to; null without one."
  value       = one(module.http_api[*].custom_domain_target)
}
