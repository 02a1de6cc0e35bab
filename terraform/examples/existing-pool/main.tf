# Triggers for a pool that somebody else owns, in another team's Terraform or in the console. Terraform creates the functions;
# poolctl attaches them, because aws_cognito_user_pool can only manage a whole pool.

provider "aws" {}

data "aws_cognito_user_pool" "theirs" {
  user_pool_id = var.user_pool_id
}

module "profiles" {
  source = "../../modules/table"

  name          = "${var.name}-profiles"
  hash_key      = { name = "pk" }
  ttl_attribute = "expires_at"
}

module "triggers" {
  source = "../../modules/triggers"

  name_prefix       = var.name
  triggers_path     = "${path.module}/../../../triggers"
  zips_path         = "${path.module}/../../../build/arm64" # `make build`
  user_pool         = { id = var.user_pool_id, arn = data.aws_cognito_user_pool.theirs.arn }
  live_user_pool_id = var.user_pool_id
  feature_plan      = var.feature_plan
  profile_table     = module.profiles
  only_triggers     = ["post-confirmation", "pre-sign-up", "pre-token-generation"]
}

locals {
  attached = { for name, function in module.triggers.functions : name => function.alias_arn }
}

# Runs again if the set of triggers or an alias changes; new code changes neither. It detaches the previous triggers first,
# because a trigger must leave the pool while its function still exists. The new attachment is created before the old one is
# destroyed, that is, between creating new functions and deleting old ones.
resource "terraform_data" "attached" {
  triggers_replace = { user_pool_id = var.user_pool_id, functions = local.attached }

  lifecycle {
    create_before_destroy = true
  }

  provisioner "local-exec" {
    working_dir = "${path.module}/../../.." # `make build-local` makes poolctl
    command = join(" && ", [
      "build/poolctl detach --yes --user-pool-id ${var.user_pool_id}",
      join(" ", concat(
        ["build/poolctl attach --yes --user-pool-id ${var.user_pool_id}"],
        [for name, arn in local.attached : "--function-arn ${name}=${arn}"],
      )),
    ])
  }
}

# Detaches the triggers before the functions are deleted.
resource "terraform_data" "detached_at_the_end" {
  input      = var.user_pool_id
  depends_on = [module.triggers]

  provisioner "local-exec" {
    when        = destroy
    working_dir = "${path.module}/../../.."
    command     = "build/poolctl detach --yes --user-pool-id ${self.input}"
  }
}
