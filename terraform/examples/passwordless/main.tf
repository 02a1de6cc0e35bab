# Sign-in without a password: a code by mail or, on pages that you name, a link. Users need no password and never get
# one; an administrator or your backend makes them, with a verified address.

provider "aws" {}

resource "aws_sesv2_email_identity" "sender" {
  email_identity = var.sender
}

module "triggers" {
  source = "../../modules/triggers"

  name_prefix       = "members"
  triggers_path     = "${path.module}/../../../triggers"
  zips_path         = "${path.module}/../../../build/arm64" # `make build`
  user_pool         = module.user_pool
  live_user_pool_id = var.live_user_pool_id
  feature_plan      = "LITE"
  ses               = { identity_arn = aws_sesv2_email_identity.sender.arn, from = var.sender }

  only_triggers = ["create-auth-challenge", "define-auth-challenge", "verify-auth-challenge-response"]
  triggers = length(var.link_pages) == 0 ? {} : {
    create-auth-challenge = {
      environment = { MAGIC_LINK = "true", LINK_PAGES = join(",", var.link_pages), LINK_DEVICE = "any" }
    }
  }
}

module "user_pool" {
  source = "../../modules/user-pool"

  name          = "members"
  feature_plan  = "LITE"
  invite_only   = true
  app_clients   = { web = { auth_flows = ["CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"] } }
  ses_identity  = { arn = aws_sesv2_email_identity.sender.arn, from = var.sender }
  lambda_config = module.triggers.lambda_config
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
