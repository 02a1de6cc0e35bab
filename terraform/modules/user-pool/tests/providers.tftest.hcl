mock_provider "aws" {}

variables {
  name                = "provider-test"
  deletion_protection = false # or the end of these tests would be refused
  identity_provider_secrets = {
    Google = "g", Facebook = "f", SignInWithApple = "-----BEGIN PRIVATE KEY-----", LoginWithAmazon = "a", corp-oidc = "o"
  }
  identity_providers = {
    Google = {
      type              = "Google"
      client_id         = "g"
      authorize_scopes  = "openid email"
      attribute_mapping = { email = "email", email_verified = "email_verified" }
    }
    Facebook = {
      type              = "Facebook"
      client_id         = "f"
      authorize_scopes  = "public_profile,email"
      api_version       = "v17.0"
      attribute_mapping = { email = "email" }
    }
    SignInWithApple = {
      type              = "SignInWithApple"
      client_id         = "org.example"
      authorize_scopes  = "email name"
      team_id           = "T"
      key_id            = "K"
      attribute_mapping = { email = "email" }
    }
    LoginWithAmazon = { type = "LoginWithAmazon", client_id = "a", authorize_scopes = "profile", attribute_mapping = { email = "email" } }
    corp-oidc = {
      type              = "OIDC"
      client_id         = "c"
      authorize_scopes  = "openid email"
      issuer            = "https://idp.example.org"
      attribute_mapping = { email = "email" }
    }
    corp-saml = {
      type              = "SAML"
      metadata_url      = "https://idp.example.org/metadata"
      idp_signout       = true
      attribute_mapping = { email = "mail" }
    }
  }
  app_clients = {
    web = { identity_providers = ["COGNITO", "Google", "corp-saml"], oauth = { callback_urls = ["https://app.example.org/callback"] } }
  }
}

run "every_type" {
  assert {
    condition = alltrue([
      for name, key in {
        Google          = "client_secret"
        Facebook        = "client_secret"
        SignInWithApple = "private_key"
        LoginWithAmazon = "client_secret"
        corp-oidc       = "client_secret"
      } :
      aws_cognito_identity_provider.this[name].provider_details[key] == var.identity_provider_secrets[name]
    ])
    error_message = "the secret of each provider arrives under the key that its type wants"
  }
  assert {
    condition = aws_cognito_identity_provider.this["corp-saml"].provider_details == tomap({
      MetadataURL = "https://idp.example.org/metadata"
      IDPSignout  = "true"
    })
    error_message = "SAML has its metadata, and no member that was not set"
  }
  assert {
    condition     = aws_cognito_identity_provider.this["corp-oidc"].provider_details["oidc_issuer"] == "https://idp.example.org"
    error_message = "OIDC has its issuer"
  }
  assert {
    condition = (
      aws_cognito_identity_provider.this["Facebook"].provider_details["authorize_url"]
      == "https://www.facebook.com/v17.0/dialog/oauth"
    )
    error_message = "what Cognito would add is said, so that no difference shows"
  }
  assert {
    condition = aws_cognito_identity_provider.this["Google"].attribute_mapping == tomap({
      username       = "sub"
      email          = "email"
      email_verified = "email_verified"
    })
    error_message = "the mapping holds the user name that Cognito maps by itself"
  }
  assert {
    condition     = aws_cognito_user_pool_client.this["web"].supported_identity_providers == toset(["COGNITO", "Google", "corp-saml"])
    error_message = "the client offers its providers"
  }
  assert {
    condition     = output.mapped_attributes == tolist(["email", "email_verified"])
    error_message = "the output for MAPPED_ATTRIBUTES names what is mapped"
  }
}

run "missing_secret" {
  command = plan
  variables {
    identity_provider_secrets = {}
  }
  expect_failures = [aws_cognito_identity_provider.this]
}

run "mapped_attribute_that_the_client_cannot_write" {
  command = plan
  variables {
    identity_providers = {
      Google    = { type = "Google", client_id = "g", authorize_scopes = "openid", attribute_mapping = { name = "name" } }
      corp-saml = { type = "SAML", metadata_url = "https://idp.example.org/metadata", attribute_mapping = { email = "mail" } }
    }
  }
  expect_failures = [aws_cognito_user_pool_client.this]
}

run "social_provider_under_another_name" {
  command = plan
  variables {
    identity_providers = { goggle = { type = "Google", client_id = "g", authorize_scopes = "openid", attribute_mapping = {} } }
    app_clients        = {}
  }
  expect_failures = [var.identity_providers]
}

run "unknown_type" {
  command = plan
  variables {
    identity_providers = { corp = { type = "LDAP", attribute_mapping = {} } }
    app_clients        = {}
  }
  expect_failures = [var.identity_providers]
}

run "saml_with_two_kinds_of_metadata" {
  command = plan
  variables {
    identity_providers = {
      corp-saml = {
        type              = "SAML"
        metadata_url      = "https://idp.example.org/metadata"
        metadata_file     = "<xml/>"
        attribute_mapping = {}
      }
    }
    app_clients = {}
  }
  expect_failures = [aws_cognito_identity_provider.this]
}
