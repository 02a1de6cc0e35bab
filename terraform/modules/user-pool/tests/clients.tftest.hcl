mock_provider "aws" {
  mock_resource "aws_cognito_user_pool" {
    defaults = { id = "eu-west-1_Qk7Lm2XyZ", endpoint = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ" }
  }
  mock_resource "aws_cognito_resource_server" {
    defaults = { scope_identifiers = ["https://api.example.org/read", "https://api.example.org/write"] }
  }
}

variables {
  name                = "client-test"
  deletion_protection = false # or the end of these tests would be refused
}

run "tokens_and_secret" {
  variables {
    app_clients = {
      app = { access_token_minutes = 15, id_token_minutes = 30, refresh_token_days = 7, generate_secret = true }
      spa = {
        auth_flows             = ["USER_SRP_AUTH"]
        validity               = { access_token = "2 hours", refresh_token = "7200 seconds" }
        refresh_token_rotation = { retry_grace_period_seconds = 5 }
        auth_session_validity  = 10
      }
      old = {
        imported                                      = true
        generate_secret                               = true
        enable_propagate_additional_user_context_data = true
        prevent_user_existence_errors                 = "LEGACY"
      }
    }
  }
  assert {
    condition = (
      aws_cognito_user_pool_client.this["app"].access_token_validity == 15
      && aws_cognito_user_pool_client.this["app"].id_token_validity == 30
      && aws_cognito_user_pool_client.this["app"].refresh_token_validity == 7
    )
    error_message = "the lifetimes arrive"
  }
  assert {
    condition = aws_cognito_user_pool_client.this["app"].token_validity_units[0] == {
      access_token  = "minutes"
      id_token      = "minutes"
      refresh_token = "days"
    }
    error_message = "and so do their units: Cognito reads bare numbers as hours and days"
  }
  assert {
    condition = (
      aws_cognito_user_pool_client.this["spa"].token_validity_units[0]
      == { access_token = "hours", id_token = "minutes", refresh_token = "seconds" }
      && aws_cognito_user_pool_client.this["spa"].refresh_token_validity == 7200
    )
    error_message = "lifetimes in any unit"
  }
  assert {
    condition = (
      aws_cognito_user_pool_client.this["spa"].refresh_token_rotation[0].feature == "ENABLED"
      && aws_cognito_user_pool_client.this["spa"].refresh_token_rotation[0].retry_grace_period_seconds == 5
      && aws_cognito_user_pool_client.this["spa"].auth_session_validity == 10
    )
    error_message = "rotation and the validity of a session"
  }
  assert {
    condition = (
      aws_cognito_user_pool_client.this["old"].generate_secret == null
      && aws_cognito_user_pool_client.this["old"].enable_propagate_additional_user_context_data
      && aws_cognito_user_pool_client.this["old"].prevent_user_existence_errors == "LEGACY"
    )
    error_message = "an imported client is not replaced for its secret, and stays as it was"
  }
  assert {
    condition     = keys(output.client_secrets) == ["app", "old"]
    error_message = "only a client with a secret gives one out"
  }
  assert {
    condition     = keys(output.client_ids) == ["app", "old", "spa"]
    error_message = "client ids go by name"
  }
}

run "code_flow" {
  variables {
    domain = { prefix = "example-sign-in", managed_login_version = 2 }
    app_clients = {
      web = {
        oauth = {
          callback_urls = [
            "https://app.example.org/callback", "http://localhost:3000/callback",
            "http://[::1]/", "myapp://signin", "org.example.app:/signin",
          ]
          default_redirect_uri = "myapp://signin"
          logout_urls          = ["https://app.example.org"]
        }
      }
    }
  }
  assert {
    condition = (
      aws_cognito_user_pool_client.this["web"].allowed_oauth_flows == toset(["code"])
      && aws_cognito_user_pool_client.this["web"].allowed_oauth_flows_user_pool_client
    )
    error_message = "OAuth means the code flow"
  }
  assert {
    condition     = aws_cognito_user_pool_domain.this[0].domain == "example-sign-in"
    error_message = "the domain is the prefix"
  }
}

run "machine_client_with_scopes" {
  variables {
    resource_servers = { "https://api.example.org" = { scopes = { read = "Read", write = "Write" } } }
    app_clients = {
      robot = { generate_secret = true, oauth = { flow = "client_credentials", scopes = ["https://api.example.org/read"] } }
    }
  }
  assert {
    condition     = aws_cognito_user_pool_client.this["robot"].allowed_oauth_flows == toset(["client_credentials"])
    error_message = "a machine signs in with its own credentials"
  }
  assert {
    condition     = length(aws_cognito_resource_server.this["https://api.example.org"].scope) == 2
    error_message = "the server has its scopes"
  }
  assert {
    condition     = aws_cognito_resource_server.this["https://api.example.org"].name == "api.example.org"
    error_message = "Cognito takes no URL as a server's name"
  }
}

run "machine_client_without_secret" {
  command = plan
  variables {
    app_clients = { robot = { oauth = { flow = "client_credentials", scopes = ["a/b"] } } }
  }
  expect_failures = [var.app_clients]
}

run "code_flow_without_callback" {
  command = plan
  variables {
    app_clients = { web = { oauth = {} } }
  }
  expect_failures = [var.app_clients]
}

run "unknown_auth_flow" {
  command = plan
  variables {
    app_clients = { app = { auth_flows = ["ALLOW_USER_SRP_AUTH"] } }
  }
  expect_failures = [var.app_clients]
}

run "unknown_identity_provider" {
  command = plan
  variables {
    app_clients = { app = { identity_providers = ["COGNITO", "Google"] } }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "required_attribute_that_a_client_cannot_write" {
  command = plan
  variables {
    required_attributes = ["name"]
    app_clients         = { app = {} }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "token_that_lives_too_long" {
  command = plan
  variables {
    app_clients = { app = { access_token_minutes = 1441 } }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "custom_domain_without_certificate" {
  command = plan
  variables {
    domain = { custom = "login.example.org" }
  }
  expect_failures = [var.domain]
}

run "groups_with_roles" {
  variables {
    groups = {
      admins  = { description = "May change what others own", precedence = 1, role_arn = "arn:aws:iam::111122223333:role/admins" }
      members = { precedence = 10 }
    }
  }
  assert {
    condition = (
      aws_cognito_user_group.this["admins"].role_arn == "arn:aws:iam::111122223333:role/admins"
      && aws_cognito_user_group.this["admins"].precedence == 1
    )
    error_message = "role and precedence arrive"
  }
  assert {
    condition     = aws_cognito_user_group.this["members"].role_arn == null
    error_message = "no role where none was given"
  }
}
