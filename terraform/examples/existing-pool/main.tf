# Triggers for a pool that somebody else owns, be it another team's Terraform or a hand in the console. What is ours is made
# here as ever; the attachment is poolctl's, since aws_cognito_user_pool owns a pool whole or not at all.

provider "aws" {}

data "aws_cognito_user_pool" "theirs" {
  user_pool_id = var.user_pool_id
}

module "profiles" {
  source = "../../modules/profiles"

  name = "${var.name}-profiles"
}

module "triggers" {
  source = "../../modules/triggers"

  name_prefix   = var.name
  triggers_path = "${path.module}/../../../triggers"
  zips_path     = "${path.module}/../../../build/arm64" # `make build`
  user_pool     = { id = var.user_pool_id, arn = data.aws_cognito_user_pool.theirs.arn }
  feature_plan  = var.feature_plan
  profile_table = module.profiles
}

locals {
  attached = { for name, function in module.triggers.functions : name => function.alias_arn }
}

# Runs again when the set of triggers changes, or an alias. New code changes neither. What was attached before goes first:
# a trigger that is switched off must leave the pool while its function is still there. The new attachment is made before
# the old one is gone, so that this happens between creating new functions and deleting old ones.
resource "terraform_data" "attached" {
  triggers_replace = { user_pool_id = var.user_pool_id, functions = local.attached }

  lifecycle {
    create_before_destroy = true
  }

  provisioner "local-exec" {
    working_dir = "${path.module}/../../.." # `make build-local` makes poolctl
    command = join(" && ", [
      "build/poolctl detach --yes --user-pool-id ${var.user_pool_id}",
      join(" ", concat(["build/poolctl attach --yes --user-pool-id ${var.user_pool_id}"], [for name, arn in local.attached : "--function-arn ${name}=${arn}"])),
    ])
  }
}

# Leaves the pool before the functions go.
resource "terraform_data" "detached_at_the_end" {
  input      = var.user_pool_id
  depends_on = [module.triggers]

  provisioner "local-exec" {
    when        = destroy
    working_dir = "${path.module}/../../.."
    command     = "build/poolctl detach --yes --user-pool-id ${self.input}"
  }
}
