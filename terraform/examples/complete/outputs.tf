output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.user_pool.id
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

output "api_endpoint" {
  description = "Address of the HTTP API."
  value       = module.http_api.endpoint
}

output "identity_pool_id" {
  description = "Id of the identity pool."
  value       = module.identity_pool.id
}
