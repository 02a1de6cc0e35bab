output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.user_pool.id
}

output "client_ids" {
  description = "App client ids by name."
  value       = module.user_pool.client_ids
}
