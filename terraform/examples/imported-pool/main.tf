# A pool that is in use, made in the console or by another tool, comes under Terraform with its users: user names with a phone
# number beside them, and a schema that nobody would write today. ../../../docs/import-a-pool.md says how to get there.

provider "aws" {}

module "user_pool" {
  source = "../../modules/user-pool"

  name                 = "Customers 2019"
  adopted_user_pool_id = var.user_pool_id # the schema stays as it is

  # What Cognito fixed when the pool was made: another value would replace it, and protection refuses that.
  sign_in = { alias_attributes = ["phone_number"], case_sensitive = true }

  # What the pool has now. Change it later, one plan at a time.
  auto_verified_attributes                      = ["phone_number"]
  attributes_require_verification_before_update = []
  account_recovery                              = ["verified_phone_number"]
  mfa                                           = "OFF"
  sms_configuration                             = var.sms_configuration

  # Only what the module should know more about than its type.
  custom_attributes = { tenant = { admin_only = true } }

  app_clients = {
    web = {
      imported                      = true # for good, or Terraform replaces the client
      auth_flows                    = ["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]
      prevent_user_existence_errors = "LEGACY"
      read_attributes               = ["name", "family_name", "phone_number", "custom:tenant", "custom:nick"]
      write_attributes              = ["name", "family_name", "phone_number", "custom:nick"]
      oauth = {
        scopes        = ["openid", "orders/read"]
        callback_urls = ["https://shop.example.org/signed-in", "shop://signed-in"]
      }
    }
    backoffice = {
      imported           = true
      auth_flows         = ["ADMIN_USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]
      generate_secret    = true # it has one
      identity_providers = ["COGNITO", "Workforce"]
      validity           = { access_token = "2 hours", id_token = "2 hours", refresh_token = "12 hours" }
      read_attributes    = ["name", "family_name", "phone_number", "email"]
      write_attributes   = ["name", "family_name", "phone_number", "email"]
    }
  }
  groups           = { support = { precedence = 5 }, vip = { description = "Bought a lot" } }
  resource_servers = { orders = { name = "Orders", scopes = { read = "See orders" } } }
  domain           = { prefix = "customers-2019" }
  identity_providers = {
    Workforce = {
      type              = "OIDC"
      client_id         = "customers"
      authorize_scopes  = "openid email"
      issuer            = "https://sign-in.example.org"
      attribute_mapping = { email = "email" }
    }
  }
  identity_provider_secrets = { Workforce = var.workforce_secret }
}

# Once they are applied, these blocks can go.
import {
  to = module.user_pool.aws_cognito_user_pool.this
  id = var.user_pool_id
}

import {
  for_each = var.client_ids
  to       = module.user_pool.aws_cognito_user_pool_client.this[each.key]
  id       = "${var.user_pool_id}/${each.value}"
}

import {
  for_each = toset(["support", "vip"])
  to       = module.user_pool.aws_cognito_user_group.this[each.key]
  id       = "${var.user_pool_id}/${each.key}"
}

import {
  to = module.user_pool.aws_cognito_resource_server.this["orders"]
  id = "${var.user_pool_id}|orders"
}

import {
  to = module.user_pool.aws_cognito_identity_provider.this["Workforce"]
  id = "${var.user_pool_id}:Workforce"
}

import {
  to = module.user_pool.aws_cognito_user_pool_domain.this[0]
  id = "customers-2019"
}
