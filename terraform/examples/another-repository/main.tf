# A repository of your own calls the root module, with triggers of its own: their manifests are in its directory triggers/,
# their code is in a bucket, and nothing of the toolkit's checkout is needed but the modules.

provider "aws" {}

module "people" {
  source = "../.." # in your repository: "git::https://github.com/you/terraform-aws-cognito-triggers.git?ref=v0.1.0"

  name              = "shop-people"
  app_clients       = { web = {} }
  groups            = { customers = { precedence = 10 } }
  triggers_path     = "${path.module}/triggers"
  code              = var.code # `terraform apply -var-file=build/arm64/code.tfvars.json`
  live_user_pool_id = var.live_user_pool_id

  triggers = {
    sign-up-rules = { environment = { ALLOWED_EMAIL_DOMAINS = "shop.example.org" } }
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
