# What no scanner looks at. Each run names the defence that it holds; terraform/tests/mutations.py takes every one of them out and
# expects a failure here.

mock_provider "aws" {
  mock_resource "aws_cognito_user_pool" {
    defaults = {
      id       = "eu-west-1_Qk7Lm2XyZ"
      arn      = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Qk7Lm2XyZ"
      endpoint = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ"
    }
  }
}

variables {
  name = "policy-test"
  custom_attributes = {
    tenant = { admin_only = true }
    team   = {}
  }
  app_clients = {
    app = {}
    backoffice = {
      auth_flows       = ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]
      write_attributes = ["email", "name", "custom:team"]
      read_attributes  = ["email", "custom:tenant"]
    }
  }
}

run "defaults_of_the_pool" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "ACTIVE"
    error_message = "deletion protection is on unless somebody turns it off"
  }
  assert {
    condition     = aws_cognito_user_pool.this.username_configuration[0].case_sensitive == false
    error_message = "user names are case-insensitive"
  }
  assert {
    condition     = aws_cognito_user_pool.this.username_attributes == toset(["email"])
    error_message = "users sign in with their e-mail address"
  }
  assert {
    condition     = one(aws_cognito_user_pool.this.account_recovery_setting[0].recovery_mechanism).name == "verified_email"
    error_message = "accounts are recovered through a verified e-mail address and nothing else"
  }
  assert {
    condition = [
      for settings in aws_cognito_user_pool.this.user_attribute_update_settings : settings.attributes_require_verification_before_update
    ] == [toset(["email"])]
    error_message = "a new e-mail address counts only once it is verified"
  }
  assert {
    condition     = aws_cognito_user_pool.this.auto_verified_attributes == toset(["email"])
    error_message = "the pool verifies e-mail addresses"
  }
  assert {
    condition = (
      aws_cognito_user_pool.this.mfa_configuration == "OPTIONAL"
      && try(aws_cognito_user_pool.this.software_token_mfa_configuration[0].enabled, false)
    )
    error_message = "TOTP is offered"
  }
  assert {
    condition     = length(aws_cognito_user_pool.this.sms_configuration) == 0
    error_message = "no second factor by SMS"
  }
  assert {
    condition = (
      aws_cognito_user_pool.this.password_policy[0].minimum_length == 8
      && aws_cognito_user_pool.this.password_policy[0].temporary_password_validity_days == 7
    )
    error_message = "passwords have at least 8 characters, and temporary ones hold for 7 days, as Cognito's own default"
  }
  assert {
    condition = alltrue([
      for p in aws_cognito_user_pool.this.password_policy :
      p.require_lowercase && p.require_uppercase && p.require_numbers && p.require_symbols
    ])
    error_message = "passwords have all four classes of characters"
  }
  assert {
    condition     = length(aws_cognito_user_pool.this.lambda_config) == 0
    error_message = "without triggers there is no lambda_config, and so no KMS key"
  }
}

run "defaults_of_clients" {
  variables { deletion_protection = false } # or the end of these tests would be refused

  assert {
    condition     = alltrue([for c in aws_cognito_user_pool_client.this : c.prevent_user_existence_errors == "ENABLED"])
    error_message = "no client tells whether a user exists"
  }
  assert {
    condition     = alltrue([for c in aws_cognito_user_pool_client.this : c.enable_token_revocation])
    error_message = "tokens of every client can be revoked"
  }
  assert {
    condition = aws_cognito_user_pool_client.this["app"].explicit_auth_flows == toset([
      "ALLOW_USER_SRP_AUTH",
      "ALLOW_REFRESH_TOKEN_AUTH",
    ])
    error_message = "a client signs in by SRP and refreshes, unless it asks for more: no password flow"
  }
  assert {
    condition     = aws_cognito_user_pool_client.this["app"].write_attributes == toset(["email"])
    error_message = "the default write list holds the e-mail address alone; an empty or absent one means every standard attribute"
  }
  assert {
    condition     = alltrue([for c in aws_cognito_user_pool_client.this : length(c.write_attributes) > 0 && length(c.read_attributes) > 0])
    error_message = "every client has explicit read and write attributes"
  }
  assert {
    condition     = alltrue([for c in aws_cognito_user_pool_client.this : !contains(c.write_attributes, "custom:tenant")])
    error_message = "an admin-only attribute is in no write list"
  }
  assert {
    condition     = alltrue([for c in aws_cognito_user_pool_client.this : !c.allowed_oauth_flows_user_pool_client])
    error_message = "OAuth flows are off unless asked for"
  }
  assert {
    condition = aws_cognito_user_pool_client.this["backoffice"].explicit_auth_flows == toset([
      "ALLOW_USER_PASSWORD_AUTH",
      "ALLOW_REFRESH_TOKEN_AUTH",
    ])
    error_message = "the password flow is there where it was asked for"
  }
  assert {
    condition     = output.admin_only_attributes == tolist(["custom:tenant"])
    error_message = "the output for ADMIN_ONLY_ATTRIBUTES names exactly the admin-only attributes"
  }
}

run "admin_only_attribute_in_a_write_list" {
  command = plan
  variables {
    app_clients = { app = { write_attributes = ["email", "custom:tenant"] } }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "verified_flag_in_a_write_list" {
  command = plan
  variables {
    app_clients = { app = { write_attributes = ["email", "email_verified"] } }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "undeclared_attribute_in_a_write_list" {
  command = plan
  variables {
    app_clients = { app = { write_attributes = ["email", "custom:role"] } }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "admin_only_attribute_mapped_from_a_provider" {
  command = plan
  variables {
    identity_providers = {
      corp = {
        type              = "SAML"
        metadata_url      = "https://idp.example.org/metadata"
        attribute_mapping = { email = "mail", "custom:tenant" = "org" }
      }
    }
  }
  expect_failures = [aws_cognito_identity_provider.this]
}

run "callback_over_plain_http" {
  command = plan
  variables {
    app_clients = { web = { oauth = { callback_urls = ["http://app.example.org/callback"] } } }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "callback_that_only_looks_local" {
  command = plan
  variables {
    app_clients = { web = { oauth = { callback_urls = ["http://localhost@evil.example/callback"] } } }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "implicit_flow" {
  command = plan
  variables {
    app_clients = { web = { oauth = { flow = "implicit", callback_urls = ["https://app.example.org/callback"] } } }
  }
  expect_failures = [var.app_clients]
}

run "weak_password_policy" {
  command = plan
  variables {
    password_policy = { minimum_length = 6 }
  }
  expect_failures = [var.password_policy]
}

run "kms_key_without_a_sender" {
  command = plan
  variables {
    lambda_config = { kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1" }
  }
  expect_failures = [var.lambda_config]
}

run "sender_without_a_kms_key" {
  command = plan
  variables {
    lambda_config = {
      custom_email_sender = {
        lambda_arn     = "arn:aws:lambda:eu-west-1:111122223333:function:sender"
        lambda_version = "V1_0"
      }
    }
  }
  expect_failures = [var.lambda_config]
}

run "empty_write_list" {
  command = plan
  variables {
    app_clients = { app = { write_attributes = [] } }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "scopes_of_users_for_a_service" {
  command = plan
  variables {
    app_clients = { service = { generate_secret = true, oauth = { flow = "client_credentials" } } }
  }
  expect_failures = [var.app_clients]
}
