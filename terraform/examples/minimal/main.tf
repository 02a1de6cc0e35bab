# The smallest use: a pool for sign-in by e-mail, the triggers and their profile table. Cognito sends the mail itself, so
# custom-message is not attached.

provider "aws" {}

module "profiles" {
  source = "../../modules/table"

  name          = "people-profiles"
  hash_key      = { name = "pk" }
  ttl_attribute = "expires_at"
}

module "triggers" {
  source = "../../modules/triggers"

  name_prefix       = "people"
  triggers_path     = "${path.module}/../../../triggers"
  zips_path         = "${path.module}/../../../build/arm64" # `make build`
  user_pool         = module.user_pool
  live_user_pool_id = var.live_user_pool_id
  feature_plan      = "ESSENTIALS"
  profile_table     = module.profiles
  only_triggers     = ["post-confirmation", "pre-sign-up", "pre-token-generation"] # the others in the directory stay off
}

module "user_pool" {
  source = "../../modules/user-pool"

  name          = "people"
  app_clients   = { web = {} }
  lambda_config = module.triggers.lambda_config
}

# Refuses a destruction before anything is lost, as long as the pool is protected.
module "protection" {
  source = "../../modules/protection"

  protected = true # to destroy, set this and every deletion_protection to false, and apply

  depends_on = [module.user_pool, module.triggers, module.profiles]
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.user_pool.id
}

output "client_ids" {
  description = "App client ids by name."
  value       = module.user_pool.client_ids
}
