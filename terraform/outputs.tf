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
  description = "By trigger: names, alias and version of its function. version is the one to roll back to."
  value       = module.triggers.functions
}

output "profile_table" {
  description = "Name of the profile table."
  value       = module.profiles.name
}

output "dashboard" {
  description = "Name of the CloudWatch dashboard."
  value       = module.observability.dashboard_name
}

output "api_id" {
  description = "Id of the HTTP API; null without one."
  value       = one(module.http_api[*].id)
}

output "api_endpoint" {
  description = "Address of the HTTP API; null without one."
  value       = one(module.http_api[*].endpoint)
}

output "api_functions" {
  description = "By function of the API: names, alias and version. version is the one to roll back to."
  value       = one(module.http_api[*].functions)
}

output "posts_table" {
  description = "Name of the posts table; null without the HTTP API."
  value       = one(module.posts[*].name)
}

output "api_custom_domain_target" {
  description = "Name and hosted zone that the DNS record of the API's own domain points to; null without one."
  value       = one(module.http_api[*].custom_domain_target)
}
