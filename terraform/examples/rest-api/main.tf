# The root module with the functions of api/ behind a REST API: sign-up, sign-in, and posts that users write.

provider "aws" {}

module "people" {
  source = "../.."

  name              = "forum"
  app_clients       = { web = { auth_flows = ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"] } }
  groups            = { admins = { precedence = 1 } }
  only_triggers     = ["post-confirmation", "pre-sign-up", "pre-token-generation"]
  live_user_pool_id = var.live_user_pool_id

  api = {
    kind         = "REST"
    app_client   = "web"
    cors_origins = ["https://forum.example.org"]
    account_role = true # one place in the account and the Region sets the role that API Gateway writes logs with
  }
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.people.user_pool_id
}

output "client_ids" {
  description = "App client ids by name."
  value       = module.people.client_ids
}

output "api_id" {
  description = "Id of the REST API."
  value       = module.people.api_id
}

output "api_endpoint" {
  description = "Address of the REST API, with its stage."
  value       = module.people.api_endpoint
}
