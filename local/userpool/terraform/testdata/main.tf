terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}
# Every setting of a user pool that the provider knows and the local pool enforces or stores. "changed" updates each
# resource in place; "refused" adds resources whose operations the local pool refuses.
variable "changed" {
  type    = bool
  default = false
}

variable "refused" {
  type    = bool
  default = false
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "local"
  secret_key                  = "local"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

resource "aws_cognito_user_pool" "bare" { name = "bare" }
resource "aws_cognito_user_pool" "codes" {
  name = "codes"
  sign_in_policy { allowed_first_auth_factors = ["PASSWORD", "EMAIL_OTP"] }
}
resource "aws_cognito_user_pool_client" "bare" {
  name         = "bare"
  user_pool_id = aws_cognito_user_pool.bare.id
}
resource "aws_cognito_user_pool" "rich" {
  name                       = "rich"
  deletion_protection        = "INACTIVE"
  user_pool_tier             = "PLUS"
  mfa_configuration          = var.changed ? "ON" : "OPTIONAL"
  alias_attributes           = ["email", "preferred_username"]
  auto_verified_attributes   = ["email"]
  sms_authentication_message = "Code {####}"
  sms_verification_message   = "Verify {####}"
  tags                       = var.changed ? { a = "b", c = "d" } : { a = "x" }
  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
    recovery_mechanism {
      name     = "verified_phone_number"
      priority = 2
    }
  }
  admin_create_user_config {
    allow_admin_create_user_only = true
    invite_message_template {
      email_message = "hi {username} {####}"
      email_subject = "hi"
      sms_message   = "hi {username} {####}"
    }
  }
  device_configuration {
    challenge_required_on_new_device      = true
    device_only_remembered_on_user_prompt = !var.changed
  }
  email_configuration {
    email_sending_account  = "DEVELOPER"
    source_arn             = "arn:aws:ses:eu-west-1:000000000000:identity/example.org"
    from_email_address     = "Us <us@example.org>"
    reply_to_email_address = "reply@example.org"
    configuration_set      = "set"
  }
  lambda_config {
    pre_sign_up       = "arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up"
    post_confirmation = "arn:aws:lambda:eu-west-1:000000000000:function:post-confirmation"
    pre_token_generation_config {
      lambda_arn     = "arn:aws:lambda:eu-west-1:000000000000:function:pre-token-generation"
      lambda_version = "V2_0"
    }
  }
  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = false
    require_uppercase                = true
    temporary_password_validity_days = 3
    password_history_size            = var.changed ? 5 : 4
  }
  sign_in_policy { allowed_first_auth_factors = ["PASSWORD"] } # Cognito takes no one-time codes beside ON
  schema {
    name                = "tenant"
    attribute_data_type = "String"
    mutable             = true
    required            = false
    string_attribute_constraints {
      min_length = 0
      max_length = 64
    }
  }
  schema {
    name                = "level"
    attribute_data_type = "Number"
    mutable             = false
    required            = false
    number_attribute_constraints {
      min_value = 1
      max_value = 9
    }
  }
  schema {
    name                = "email"
    attribute_data_type = "String"
    mutable             = true
    required            = true
    string_attribute_constraints {
      min_length = 5
      max_length = 200
    }
  }
  schema {
    name                = "flag"
    attribute_data_type = "Boolean"
    mutable             = true
    required            = false
  }
  schema {
    name                = "since"
    attribute_data_type = "DateTime"
    mutable             = true
    required            = false
  }
  sms_configuration {
    external_id    = "ext"
    sns_caller_arn = "arn:aws:iam::000000000000:role/sms"
    sns_region     = "eu-west-1"
  }
  software_token_mfa_configuration { enabled = true }
  email_mfa_configuration {
    message = "mfa {####}"
    subject = "mfa"
  }
  web_authn_configuration {
    relying_party_id  = var.changed ? "example.com" : "example.org"
    user_verification = "preferred"
  }
  user_attribute_update_settings { attributes_require_verification_before_update = ["email"] }
  user_pool_add_ons { advanced_security_mode = var.changed ? "OFF" : "AUDIT" }
  username_configuration { case_sensitive = false }
  verification_message_template {
    default_email_option  = "CONFIRM_WITH_LINK"
    email_message         = "m {####}"
    email_subject         = "s"
    email_message_by_link = "l {##x##}"
    email_subject_by_link = "ls"
  }
}
resource "aws_cognito_user_pool_client" "rich" {
  name                   = "rich"
  user_pool_id           = aws_cognito_user_pool.rich.id
  access_token_validity  = var.changed ? 40 : 30
  id_token_validity      = 20
  refresh_token_validity = 10
  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
  auth_session_validity                         = 5
  generate_secret                               = true
  explicit_auth_flows                           = ["ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]
  enable_token_revocation                       = true
  prevent_user_existence_errors                 = "ENABLED"
  read_attributes                               = ["email", "custom:tenant"]
  write_attributes                              = ["email"]
  allowed_oauth_flows                           = ["code"]
  allowed_oauth_flows_user_pool_client          = true
  allowed_oauth_scopes                          = ["openid", "things/read"]
  callback_urls                                 = ["https://example.org/cb"]
  logout_urls                                   = ["https://example.org/out"]
  default_redirect_uri                          = "https://example.org/cb"
  supported_identity_providers                  = ["COGNITO", aws_cognito_identity_provider.google.provider_name]
  enable_propagate_additional_user_context_data = true
  refresh_token_rotation {
    feature                    = "ENABLED"
    retry_grace_period_seconds = 10
  }
  depends_on = [aws_cognito_resource_server.rs]
}
resource "aws_cognito_user_pool_domain" "d" {
  domain                = "people-local"
  user_pool_id          = aws_cognito_user_pool.rich.id
  managed_login_version = var.changed ? 1 : 2
}
resource "aws_cognito_user_group" "g" {
  name         = "admins"
  user_pool_id = aws_cognito_user_pool.rich.id
  description  = var.changed ? "of another kind" : "of a kind"
  precedence   = 0
  role_arn     = "arn:aws:iam::000000000000:role/r"
}
resource "aws_cognito_user_group" "g2" {
  name         = "plain"
  user_pool_id = aws_cognito_user_pool.rich.id
}
resource "aws_cognito_identity_provider" "google" {
  user_pool_id  = aws_cognito_user_pool.rich.id
  provider_name = "Google"
  provider_type = "Google"
  provider_details = {
    authorize_scopes = var.changed ? "email openid" : "email"
    client_id        = "id"
    client_secret    = "secret"
    # Cognito adds these; leaving them out is a permanent difference, as on AWS.
    attributes_url                = "https://people.googleapis.com/v1/people/me?personFields="
    attributes_url_add_attributes = "true"
    authorize_url                 = "https://accounts.google.com/o/oauth2/v2/auth"
    oidc_issuer                   = "https://accounts.google.com"
    token_request_method          = "POST"
    token_url                     = "https://www.googleapis.com/oauth2/v4/token"
  }
  attribute_mapping = { email = "email", username = "sub" }
}
resource "aws_cognito_identity_provider" "oidc" {
  user_pool_id  = aws_cognito_user_pool.rich.id
  provider_name = "corp"
  provider_type = "OIDC"
  provider_details = {
    authorize_scopes          = "openid"
    client_id                 = "id"
    client_secret             = "secret"
    oidc_issuer               = "https://idp.example.org"
    attributes_request_method = "GET"

    attributes_url_add_attributes = "false" # which Cognito adds
  }
  idp_identifiers = ["corp.example.org"]
}
resource "aws_cognito_resource_server" "rs" {
  identifier   = "things"
  name         = "things"
  user_pool_id = aws_cognito_user_pool.rich.id
  scope {
    scope_name        = "read"
    scope_description = var.changed ? "Look at things" : "Read things"
  }
}
resource "aws_cognito_user" "u" {
  user_pool_id   = aws_cognito_user_pool.rich.id
  username       = "ines"
  attributes     = { email = "ines@example.org", email_verified = true }
  message_action = "SUPPRESS"
}
resource "aws_cognito_user_in_group" "m" {
  user_pool_id = aws_cognito_user_pool.rich.id
  username     = aws_cognito_user.u.username
  group_name   = aws_cognito_user_group.g.name
}
data "aws_cognito_user_pool" "rich" { user_pool_id = aws_cognito_user_pool.rich.id }
data "aws_cognito_user_pools" "all" { name = aws_cognito_user_pool.rich.name }
data "aws_cognito_user_pool_clients" "all" { user_pool_id = aws_cognito_user_pool.rich.id }
data "aws_cognito_user_pool_client" "rich" {
  user_pool_id = aws_cognito_user_pool.rich.id
  client_id    = aws_cognito_user_pool_client.rich.id
}
data "aws_cognito_user_group" "g" {
  user_pool_id = aws_cognito_user_pool.rich.id
  name         = aws_cognito_user_group.g.name
}
data "aws_cognito_user_groups" "g" { user_pool_id = aws_cognito_user_pool.rich.id }

resource "aws_cognito_risk_configuration" "refused" {
  count        = var.refused ? 1 : 0
  user_pool_id = aws_cognito_user_pool.bare.id
  risk_exception_configuration { blocked_ip_range_list = ["192.0.2.0/24"] }
}

resource "aws_cognito_user_pool_ui_customization" "all" {
  user_pool_id = aws_cognito_user_pool_domain.d.user_pool_id
  css          = var.changed ? ".label-customizable {font-weight: 700;}" : ".label-customizable {font-weight: 400;}"
}

resource "aws_cognito_user_pool_ui_customization" "one" {
  user_pool_id = aws_cognito_user_pool_domain.d.user_pool_id
  client_id    = aws_cognito_user_pool_client.rich.id
  css          = ".label-customizable {font-weight: 500;}"
}
