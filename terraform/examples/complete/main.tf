# All features: mail through SES, sign-in with an OIDC provider, managed login, a second factor, scopes of an API, groups
# with IAM roles through an identity pool, an HTTP API, and alarms by e-mail.

provider "aws" {}

locals {
  write_attributes = ["email", "name", "given_name", "family_name", "locale"]
  app_clients = {
    web = {
      write_attributes   = local.write_attributes
      identity_providers = ["COGNITO", "Workforce"]
      oauth = {
        scopes        = ["openid", "email", "orders/read", "orders/write"]
        callback_urls = ["https://shop.example.org/signed-in"]
        logout_urls   = ["https://shop.example.org/"]
      }
    }
    # The HTTP API below signs users in with it: it gets their passwords and passes them on to Cognito.
    api = {
      write_attributes = local.write_attributes
      auth_flows       = ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]
    }
    # A service that calls the API on its own behalf.
    stock-keeper = {
      generate_secret  = true
      write_attributes = ["email"]
      oauth            = { flow = "client_credentials", scopes = ["orders/read"] }
    }
  }
}

resource "aws_sesv2_email_identity" "sender" {
  email_identity = var.sender
}

module "profiles" {
  source = "../../modules/table"

  name          = "${var.name}-profiles"
  hash_key      = { name = "pk" }
  ttl_attribute = "expires_at"
}

module "triggers" {
  source = "../../modules/triggers"

  name_prefix                 = var.name
  triggers_path               = "${path.module}/../../../triggers"
  zips_path                   = "${path.module}/../../../build/arm64" # `make build`
  user_pool                   = module.user_pool
  live_user_pool_id           = var.live_user_pool_id
  feature_plan                = "ESSENTIALS"
  app_client_write_attributes = { for name, client in local.app_clients : name => client.write_attributes }
  mapped_attributes           = ["email", "name"] # by the identity provider below
  profile_table               = module.profiles
  ses                         = { identity_arn = aws_sesv2_email_identity.sender.arn, from = var.sender }

  only_triggers = ["custom-message", "post-confirmation", "pre-sign-up", "pre-token-generation"]
  triggers = {
    post-confirmation    = { environment = { DEFAULT_GROUP = "customers", BRAND_NAME = "Shop" } }
    pre-token-generation = { environment = { ADMIN_ONLY_ATTRIBUTES = "custom:tenant" } }
  }
}

module "user_pool" {
  source = "../../modules/user-pool"

  name              = var.name
  mfa               = "ON"
  password_policy   = { minimum_length = 14, require_symbols = true }
  custom_attributes = { tenant = { max_length = 64, admin_only = true } }
  app_clients       = local.app_clients
  resource_servers  = { orders = { scopes = { read = "See orders", write = "Place and cancel orders" } } }
  # And `aws cognito-idp create-managed-login-branding`.
  domain                    = { prefix = "${var.name}-people", managed_login_version = 2 }
  ses_identity              = { arn = aws_sesv2_email_identity.sender.arn, from = var.sender }
  lambda_config             = module.triggers.lambda_config
  identity_provider_secrets = { Workforce = var.workforce_oidc.client_secret }

  identity_providers = {
    Workforce = {
      type              = "OIDC"
      issuer            = nonsensitive(var.workforce_oidc.issuer)
      client_id         = nonsensitive(var.workforce_oidc.client_id)
      authorize_scopes  = "openid email profile"
      attribute_mapping = { email = "email", name = "name" }
    }
  }

  groups = {
    customers = { precedence = 10, role_arn = aws_iam_role.group["customers"].arn }
    clerks    = { precedence = 1, role_arn = aws_iam_role.group["clerks"].arn, description = "May cancel what others ordered" }
  }
}

module "posts" {
  source = "../../modules/table"

  name          = "${var.name}-posts"
  hash_key      = { name = "pk" }
  range_key     = { name = "sk" }
  ttl_attribute = "expires_at"
}

# The functions of api/: sign-up, sign-in, and posts that users write with their tokens.
module "http_api" {
  source = "../../modules/http-api"

  name_prefix   = var.name
  api_path      = "${path.module}/../../../api"
  zips_path     = "${path.module}/../../../build/arm64"
  client        = "api"
  client_ids    = { for name in ["api", "web"] : name => module.user_pool.client_ids[name] }
  user_pool     = module.user_pool
  profile_table = module.profiles
  posts_table   = module.posts
}

# A role for each group. The identity pool gives it only to users whose token names it.
resource "aws_iam_role" "group" {
  for_each = toset(["customers", "clerks"])

  name               = "${var.name}-${each.key}"
  description        = "Members of the group ${each.key} of ${var.name}"
  assume_role_policy = module.identity_pool.group_role_trust_policy
}

module "identity_pool" {
  source = "../../modules/identity-pool"

  name               = "${var.name}-people"
  user_pool_endpoint = module.user_pool.endpoint
  client_ids         = { web = module.user_pool.client_ids["web"] }
  role_mapping       = { type = "Token" }
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = aws_kms_key.alarms.id
}

# CloudWatch cannot publish to a topic that is encrypted with the AWS managed key.
resource "aws_kms_key" "alarms" {
  description         = "Alarms of ${var.name} on their way"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account", Effect = "Allow", Action = "kms:*", Resource = "*"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      },
      {
        Sid       = "CloudWatch", Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey*"], Resource = "*"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
    ]
  })
}

data "aws_caller_identity" "current" {}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

module "observability" {
  source = "../../modules/observability"

  name       = var.name
  functions  = merge(module.triggers.functions, module.http_api.functions)
  api        = { id = module.http_api.id }
  topic_arns = [aws_sns_topic.alarms.arn]
}

# Refuses a destruction before anything is lost, as long as the pool is protected.
module "protection" {
  source = "../../modules/protection"

  protected = true # to destroy, set this and every deletion_protection to false, and apply

  depends_on = [
    module.user_pool, module.triggers, module.profiles, module.posts, module.http_api, module.identity_pool, module.observability,
    aws_iam_role.group,
  ]
}
