# All 13 ready triggers in one pool: sign-up, sign-in with a password and without, migration from an old table, tokens, and both
# custom senders with their key. Terraform attaches 12; the provider does not know inbound federation, which poolctl attaches:
#
#   build/poolctl attach --user-pool-id <user_pool_id> --function-arn inbound-federation=<inbound_federation_arn>

provider "aws" {}

resource "aws_sesv2_email_identity" "sender" {
  email_identity = var.sender
}

module "profiles" {
  source = "../../modules/table"

  name          = "everybody-profiles"
  hash_key      = { name = "pk" }
  ttl_attribute = "expires_at"
}

# The users of the old system, by what they sign in with.
module "old_users" {
  source = "../../modules/table"

  name     = "everybody-old-users"
  hash_key = { name = "login" }
}

module "triggers" {
  source = "../../modules/triggers"

  name_prefix        = "everybody"
  triggers_path      = "${path.module}/../../../triggers"
  zips_path          = "${path.module}/../../../build/arm64" # `make build`
  user_pool          = module.user_pool
  live_user_pool_id  = var.live_user_pool_id
  feature_plan       = "ESSENTIALS"
  profile_table      = module.profiles
  ses                = { identity_arn = aws_sesv2_email_identity.sender.arn, from = var.sender }
  sender_kms_key_arn = aws_kms_key.codes.arn

  only_triggers = [
    "create-auth-challenge", "custom-email-sender", "custom-message", "custom-sms-sender", "define-auth-challenge",
    "inbound-federation", "post-authentication", "post-confirmation", "pre-authentication", "pre-sign-up",
    "pre-token-generation", "user-migration", "verify-auth-challenge-response",
  ]
  triggers = {
    custom-sms-sender = { environment = { ALLOWED_COUNTRIES = "US", SEND_WITH_SNS = "true" } }
    post-confirmation = { environment = { DEFAULT_GROUP = "customers" } }
    user-migration    = { environment = local.migration }
    pre-sign-up       = { environment = local.migration } # so that nobody signs up with an address of the old system
  }
}

locals {
  migration = {
    MIGRATION_SOURCE    = "table"
    MIGRATION_TABLE_ARN = local.old_users # from names, because settings that decide on rights must be known at plan
    MIGRATION_TABLE = jsonencode({
      key        = "login", lower_case = true, password_hash = "hash", verified = { email = "email_confirmed" }
      dummy_hash = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$w+1yh25tTUQDI1Hd4sVU9+wIcAHI9KoZwMBfSLwhbzA"
    })
  }
}

module "user_pool" {
  source = "../../modules/user-pool"

  name               = "everybody"
  app_clients        = { web = { auth_flows = ["USER_PASSWORD_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"] } }
  groups             = { customers = { precedence = 10 } }
  ses_identity       = { arn = aws_sesv2_email_identity.sender.arn, from = var.sender }
  lambda_config      = module.triggers.lambda_config
  guard_user_pool_id = var.live_user_pool_id

  attaches_inbound_federation = module.triggers.inbound_federation.on
  inbound_federation_arn      = module.triggers.inbound_federation.arn
}

# Cognito encrypts the codes for the senders with it. Its grant is made by whoever makes the pool, so the key's policy cannot
# name a pool that does not exist yet: it allows those of this Region. The senders' roles name the pool itself.
resource "aws_kms_key" "codes" {
  description         = "Codes of the pool everybody on their way to the senders"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid = "Administration", Effect = "Allow", Resource = "*", Principal = { AWS = local.account }
        Action = [
          "kms:CancelKeyDeletion", "kms:Describe*", "kms:Disable*", "kms:Enable*", "kms:Get*", "kms:List*", "kms:Put*", "kms:Revoke*",
          "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:Update*",
        ]
      },
      {
        Sid       = "Codes", Effect = "Allow", Resource = "*", Principal = { AWS = local.account }
        Action    = ["kms:CreateGrant", "kms:Decrypt"]
        Condition = { StringLike = { "kms:EncryptionContext:userpool-id" = "${data.aws_region.current.id}_*" } }
      },
    ]
  })
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  old_users = join(":", [
    "arn", data.aws_partition.current.partition, "dynamodb", data.aws_region.current.id,
    data.aws_caller_identity.current.account_id, "table/everybody-old-users",
  ])
  account = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"
}

# Refuses a destruction before anything is lost, as long as the pool is protected.
module "protection" {
  source = "../../modules/protection"

  protected = true # to destroy, set this and every deletion_protection to false, and apply

  depends_on = [module.user_pool, module.triggers, module.profiles, module.old_users]
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.user_pool.id
}

output "client_ids" {
  description = "App client ids by name."
  value       = module.user_pool.client_ids
}

output "inbound_federation_arn" {
  description = "Function that poolctl attaches."
  value       = module.triggers.inbound_federation.arn
}

output "old_users" {
  description = "Name of the table that users are migrated from."
  value       = module.old_users.name
}
