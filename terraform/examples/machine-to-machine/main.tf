# Services that call an API on their own behalf: each has an app client with a secret, which gets access tokens with the scopes
# of the API from the domain's token endpoint. Pre token generation adds claims to them; events of machine clients are V3_0.

provider "aws" {}

module "triggers" {
  source = "../../modules/triggers"

  name_prefix       = "fleet"
  triggers_path     = "${path.module}/triggers"             # the ready trigger's manifest, with event_version V3_0
  zips_path         = "${path.module}/../../../build/arm64" # `make build`
  user_pool         = module.user_pool
  live_user_pool_id = var.live_user_pool_id
  feature_plan      = "ESSENTIALS"
  only_triggers     = ["pre-token-generation"]

  triggers = {
    pre-token-generation = {
      environment = {
        CLAIM_RULES = jsonencode({
          rules = [{ claim = "caller", token = "access", value = "service", when = { grant = "client_credentials" } }]
        })
      }
    }
  }
}

module "user_pool" {
  source = "../../modules/user-pool"

  name             = "fleet"
  invite_only      = true # no people
  resource_servers = { orders = { scopes = { read = "See orders", write = "Place and cancel orders" } } }
  domain           = { prefix = var.domain_prefix }
  lambda_config    = module.triggers.lambda_config

  app_clients = {
    reports = {
      generate_secret = true
      oauth           = { flow = "client_credentials", scopes = ["orders/read"] }
    }
    stock-keeper = {
      generate_secret      = true
      access_token_minutes = 15
      oauth                = { flow = "client_credentials", scopes = ["orders/read", "orders/write"] }
    }
  }
}

# Refuses a destruction before anything is lost, as long as the pool is protected.
module "protection" {
  source = "../../modules/protection"

  protected = true # to destroy, set this and every deletion_protection to false, and apply

  depends_on = [module.user_pool, module.triggers]
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.user_pool.id
}

output "client_ids" {
  description = "App client ids by name."
  value       = module.user_pool.client_ids
}

output "client_secrets" {
  description = "Secrets of the app clients, by name."
  value       = module.user_pool.client_secrets
  sensitive   = true
}
