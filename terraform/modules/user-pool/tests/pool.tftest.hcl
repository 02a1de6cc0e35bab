mock_provider "aws" {
  mock_resource "aws_cognito_user_pool" {
    defaults = {
      id       = "eu-west-1_Qk7Lm2XyZ"
      endpoint = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ"
    }
  }
}

variables {
  name                = "pool-test"
  deletion_protection = false # or the end of these tests would be refused
}

run "issuer" {
  assert {
    condition     = output.issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ"
    error_message = "issuer: ${output.issuer}"
  }
}

# Source: API reference, IssuerConfigurationType.
run "updated_issuer" {
  variables { issuer_type = "UPDATED" }
  assert {
    condition     = output.issuer == "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ"
    error_message = "issuer: ${output.issuer}"
  }
}

run "schema_says_all_that_cognito_fills_in" {
  variables {
    custom_attributes = {
      tenant = { max_length = 64, admin_only = true }
      seats  = { type = "Number", min_value = 1, max_value = 500 }
      beta   = { type = "Boolean" }
    }
    required_attributes = ["name"]
    app_clients         = { app = { write_attributes = ["email", "name"] } }
  }
  assert {
    condition = alltrue([for a in aws_cognito_user_pool.this.schema :
      length(a.string_attribute_constraints) == (a.attribute_data_type == "String" ? 1 : 0)
      && length(a.number_attribute_constraints) == (a.attribute_data_type == "Number" ? 1 : 0)
    ])
    error_message = "strings and numbers have constraints, or every plan shows a difference"
  }
  assert {
    condition = one([for a in aws_cognito_user_pool.this.schema : a if a.name == "tenant"]).string_attribute_constraints[0] == {
      min_length = "0"
      max_length = "64"
    }
    error_message = "lengths of a string attribute"
  }
  assert {
    condition = one([for a in aws_cognito_user_pool.this.schema : a if a.name == "seats"]).number_attribute_constraints[0] == {
      min_value = "1"
      max_value = "500"
    }
    error_message = "bounds of a number attribute"
  }
  assert {
    condition     = [for a in aws_cognito_user_pool.this.schema : a.name if a.required] == ["name"]
    error_message = "the required standard attribute and no custom one is required"
  }
}

run "triggers" {
  variables {
    lambda_config = {
      pre_sign_up                 = "arn:aws:lambda:eu-west-1:111122223333:function:pre-sign-up:live"
      pre_token_generation_config = { lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:claims:live", lambda_version = "V2_0" }
      custom_email_sender         = { lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:sender:live", lambda_version = "V1_0" }
      kms_key_id                  = "arn:aws:kms:eu-west-1:111122223333:key/1"
    }
  }
  assert {
    condition     = aws_cognito_user_pool.this.lambda_config[0].pre_sign_up == var.lambda_config.pre_sign_up
    error_message = "a plain hook arrives"
  }
  assert {
    condition     = aws_cognito_user_pool.this.lambda_config[0].pre_token_generation_config[0].lambda_version == "V2_0"
    error_message = "the event version arrives"
  }
  assert {
    condition = alltrue([for config in aws_cognito_user_pool.this.lambda_config : (
      config.custom_email_sender[0].lambda_arn == var.lambda_config.custom_email_sender.lambda_arn
      && config.kms_key_id == var.lambda_config.kms_key_id
    )])
    error_message = "the sender arrives with its key"
  }
  assert {
    condition     = length(aws_cognito_user_pool.this.lambda_config[0].custom_sms_sender) == 0
    error_message = "what is not set is not attached"
  }
}

run "every_hook_arrives" {
  variables {
    lambda_config = {
      for hook in [
        "create_auth_challenge", "custom_message", "define_auth_challenge", "post_authentication",
        "post_confirmation", "pre_authentication", "pre_sign_up", "pre_token_generation",
        "user_migration", "verify_auth_challenge_response",
      ] :
      hook => "arn:aws:lambda:eu-west-1:111122223333:function:${hook}"
    }
  }
  assert {
    condition = alltrue([
      for hook, arn in var.lambda_config : aws_cognito_user_pool.this.lambda_config[0][hook] == arn
      if can(regex("^arn:", arn))
    ])
    error_message = "each hook is attached under its own name"
  }
}

run "new_event_version_on_a_lite_pool" {
  command = plan
  variables {
    feature_plan = "LITE"
    lambda_config = {
      pre_token_generation_config = {
        lambda_arn     = "arn:aws:lambda:eu-west-1:111122223333:function:x:live"
        lambda_version = "V2_0"
      }
    }
  }
  expect_failures = [var.lambda_config]
}

run "inbound_federation_is_refused" {
  command = plan
  variables {
    lambda_config = {
      inbound_federation = { lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:x:live", lambda_version = "V1_0" }
    }
  }
  expect_failures = [var.lambda_config]
}

run "guard_sees_an_inbound_federation_trigger" {
  command = plan
  variables {
    guard_user_pool_id = "eu-west-1_Qk7Lm2XyZ"
  }
  override_data {
    target = data.aws_cloudcontrolapi_resource.guarded[0]
    values = {
      properties = "{\"LambdaConfig\":{\"PreSignUp\":\"arn:a\",\"InboundFederation\":{\"LambdaArn\":\"arn:b\",\"LambdaVersion\":\"V1_0\"}}}"
    }
  }
  expect_failures = [aws_cognito_user_pool.this]
}

run "guard_lets_the_own_trigger_pass" {
  variables {
    guard_user_pool_id          = "eu-west-1_Qk7Lm2XyZ"
    attaches_inbound_federation = true
    inbound_federation_arn      = "arn:b"
  }
  override_data {
    target = data.aws_cloudcontrolapi_resource.guarded[0]
    values = { properties = "{\"LambdaConfig\":{\"InboundFederation\":{\"LambdaArn\":\"arn:b\",\"LambdaVersion\":\"V1_0\"}}}" }
  }
  override_data {
    target = data.aws_cloudcontrolapi_resource.updated[0]
    values = { properties = "{\"LambdaConfig\":{\"InboundFederation\":{\"LambdaArn\":\"arn:b\",\"LambdaVersion\":\"V1_0\"}}}" }
  }
}

run "guard_says_that_the_own_trigger_was_taken_off" {
  variables {
    guard_user_pool_id          = "eu-west-1_Qk7Lm2XyZ"
    attaches_inbound_federation = true
    inbound_federation_arn      = "arn:b"
  }
  override_data {
    target = data.aws_cloudcontrolapi_resource.guarded[0]
    values = { properties = "{\"LambdaConfig\":{\"InboundFederation\":{\"LambdaArn\":\"arn:b\",\"LambdaVersion\":\"V1_0\"}}}" }
  }
  override_data {
    target = data.aws_cloudcontrolapi_resource.updated[0]
    values = { properties = "{\"LambdaConfig\":{\"PreSignUp\":\"arn:a\"}}" }
  }
  expect_failures = [check.inbound_federation]
}

run "trigger_that_nothing_watches" {
  command = plan
  variables {
    attaches_inbound_federation = true
    inbound_federation_arn      = "arn:b"
  }
  expect_failures = [check.inbound_federation]
}

run "guard_lets_a_pool_without_one_pass" {
  command = plan
  variables {
    guard_user_pool_id = "eu-west-1_Qk7Lm2XyZ"
  }
  override_data {
    target = data.aws_cloudcontrolapi_resource.guarded[0]
    values = { properties = "{\"LambdaConfig\":{\"PreSignUp\":\"arn:a\"}}" }
  }
}

run "mail_through_ses" {
  variables {
    ses_identity = { arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org", from = "Example <hello@example.org>" }
  }
  assert {
    condition = (
      aws_cognito_user_pool.this.email_configuration[0].email_sending_account == "DEVELOPER"
      && aws_cognito_user_pool.this.email_configuration[0].source_arn == var.ses_identity.arn
    )
    error_message = "with an SES identity the pool sends through it"
  }
  assert {
    condition     = output.email_sending_account == "DEVELOPER"
    error_message = "the custom message trigger is told so"
  }
}

run "mail_through_cognito" {
  assert {
    condition = (
      aws_cognito_user_pool.this.email_configuration[0].email_sending_account == "COGNITO_DEFAULT"
      && aws_cognito_user_pool.this.email_configuration[0].source_arn == null
    )
    error_message = "without an SES identity Cognito sends"
  }
}

run "link_needs_a_domain" {
  command = plan
  variables {
    verification = "link"
  }
  expect_failures = [var.verification]
}

run "mfa_off_names_no_factor" {
  variables {
    mfa = "OFF"
  }
  assert {
    condition     = length(aws_cognito_user_pool.this.software_token_mfa_configuration) == 0
    error_message = "Cognito refuses a factor beside OFF"
  }
}

run "threat_protection_needs_plus" {
  command = plan
  variables {
    threat_protection = "AUDIT"
  }
  expect_failures = [var.threat_protection]
}

run "threat_protection" {
  variables {
    feature_plan      = "PLUS"
    threat_protection = "ENFORCED"
  }
  assert {
    condition     = aws_cognito_user_pool.this.user_pool_add_ons[0].advanced_security_mode == "ENFORCED"
    error_message = "threat protection arrives"
  }
}

run "invite_only_and_unprotected" {
  variables { invite_only = true }
  assert {
    condition     = aws_cognito_user_pool.this.admin_create_user_config[0].allow_admin_create_user_only
    error_message = "only administrators create users"
  }
  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "INACTIVE"
    error_message = "protection can be turned off before a destroy"
  }
}

# Another name would replace the pool: it changes nothing, with a warning.
run "another_name_changes_nothing" {
  command = plan

  variables { name = "another" }

  expect_failures = [check.name]

  assert {
    condition     = output.name == "pool-test" && output.id == "eu-west-1_Qk7Lm2XyZ"
    error_message = "the pool is named ${output.name}"
  }
}

# Each setting arrives where the provider wants it.
run "everything" {
  variables {
    feature_plan                  = "PLUS"
    threat_protection             = "ENFORCED"
    custom_auth_threat_protection = "AUDIT"
    sign_in                       = { alias_attributes = ["phone_number"], case_sensitive = true }
    auto_verified_attributes      = ["phone_number", "email"]
    account_recovery              = ["verified_phone_number", "verified_email"]
    mfa_factors                   = ["TOTP", "SMS", "EMAIL"]
    allowed_first_auth_factors    = ["PASSWORD", "WEB_AUTHN"]
    passkeys                      = { relying_party_id = "example.org" }
    device_configuration          = {}
    password_policy               = { password_history_size = 3 }
    ses_identity                  = { arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org", from = "hello@example.org" }
    sms_configuration             = { sns_caller_arn = "arn:aws:iam::111122223333:role/sms", external_id = "x" }
    messages = {
      verification = { sms_message = "{####} to verify" }
      invitation   = { email_message = "{username} {####}" }
      mfa          = { email_message = "{####} to sign in", sms_message = "{####} by SMS" }
    }
    domain           = { prefix = "people" }
    ui_customization = { ALL = { css = ".logo-customizable {}" } }
    risk_configuration = { ALL = {
      account_takeover = {
        high = { action = "BLOCK", notify = true }
        mail = { source_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org" }
      }
      compromised_credentials = { action = "BLOCK" }
      skipped_ip_ranges       = ["192.0.2.0/24"]
    } }
  }
  assert {
    condition = (
      aws_cognito_user_pool.this.username_attributes == null
      && aws_cognito_user_pool.this.alias_attributes == toset(["phone_number"])
      && length(aws_cognito_user_pool.this.username_configuration) == 0
    )
    error_message = "users sign in with a user name or a phone number, and capitals count"
  }
  assert {
    condition = aws_cognito_user_pool.this.user_attribute_update_settings[0].attributes_require_verification_before_update == toset([
      "email",
      "phone_number",
    ])
    error_message = "what is verified keeps its old value until the new one is verified"
  }
  assert {
    condition = { for m in aws_cognito_user_pool.this.account_recovery_setting[0].recovery_mechanism : m.name => m.priority } == {
      verified_phone_number = 1
      verified_email        = 2
    }
    error_message = "the order of account_recovery is the priority"
  }
  assert {
    condition = (
      length(aws_cognito_user_pool.this.software_token_mfa_configuration) == 1
      && aws_cognito_user_pool.this.email_mfa_configuration[0].message == "{####} to sign in"
      && aws_cognito_user_pool.this.sms_configuration[0].external_id == "x"
      && aws_cognito_user_pool.this.sms_authentication_message == "{####} by SMS"
    )
    error_message = "all three second factors"
  }
  assert {
    condition = (
      aws_cognito_user_pool.this.sign_in_policy[0].allowed_first_auth_factors == toset(["PASSWORD", "WEB_AUTHN"])
      && aws_cognito_user_pool.this.web_authn_configuration[0]
      == { relying_party_id = "example.org", user_verification = "preferred" }
    )
    error_message = "passwords and passkeys"
  }
  assert {
    condition = (
      aws_cognito_user_pool.this.device_configuration[0].challenge_required_on_new_device
      && aws_cognito_user_pool.this.password_policy[0].password_history_size == 3
      && aws_cognito_user_pool.this.user_pool_add_ons[0].advanced_security_additional_flows[0].custom_auth_mode == "AUDIT"
    )
    error_message = "devices, password history, threat protection of custom sign-in"
  }
  assert {
    condition = (
      aws_cognito_user_pool.this.verification_message_template[0].sms_message == "{####} to verify"
      && (
        aws_cognito_user_pool.this.admin_create_user_config[0].invite_message_template[0].email_message
        == "{username} {####}"
      )
    )
    error_message = "texts of messages"
  }
  assert {
    condition = (
      aws_cognito_user_pool_ui_customization.this["ALL"].client_id == "ALL"
      && aws_cognito_user_pool_ui_customization.this["ALL"].css == ".logo-customizable {}"
    )
    error_message = "the style of all classic pages"
  }
  assert {
    condition = alltrue([for risk in [aws_cognito_risk_configuration.this["ALL"]] : (
      risk.client_id == null
      && risk.account_takeover_risk_configuration[0].actions[0].high_action[0].event_action == "BLOCK"
      && risk.risk_exception_configuration[0].skipped_ip_range_list == toset(["192.0.2.0/24"])
    )])
    error_message = "what threat protection does"
  }
}

# The schema of a pool that was made elsewhere: as it is, with what is declared besides.
run "adopted_schema" {
  command = plan
  variables {
    adopted_user_pool_id = "eu-west-1_Qk7Lm2XyZ"
    custom_attributes    = { tenant = { max_length = 64, admin_only = true }, added = {} }
    required_attributes  = []
    app_clients          = { app = { read_attributes = ["custom:plain"], write_attributes = ["email", "name"] } }
  }
  override_data {
    target = data.aws_cognito_user_pool.adopted[0]
    values = { schema_attributes = [
      {
        name                         = "name"
        attribute_data_type          = "String"
        mutable                      = true
        required                     = true
        developer_only_attribute     = false
        string_attribute_constraints = [{ min_length = "0", max_length = "2048" }]
        number_attribute_constraints = []
      },
      {
        name                         = "birthdate"
        attribute_data_type          = "String"
        mutable                      = true
        required                     = false
        developer_only_attribute     = false
        string_attribute_constraints = [{ min_length = "10", max_length = "10" }]
        number_attribute_constraints = []
      },
      {
        name                         = "locale"
        attribute_data_type          = "String"
        mutable                      = true
        required                     = false
        developer_only_attribute     = false
        string_attribute_constraints = [{ min_length = "0", max_length = "5" }]
        number_attribute_constraints = []
      },
      {
        name                         = "custom:tenant"
        attribute_data_type          = "String"
        mutable                      = false
        required                     = false
        developer_only_attribute     = false
        string_attribute_constraints = []
        number_attribute_constraints = []
      },
      {
        name                         = "custom:plain"
        attribute_data_type          = "String"
        mutable                      = true
        required                     = false
        developer_only_attribute     = false
        string_attribute_constraints = [{ min_length = null, max_length = null }]
        number_attribute_constraints = []
      },
      {
        name                         = "dev:custom:legacy"
        attribute_data_type          = "Number"
        mutable                      = true
        required                     = false
        developer_only_attribute     = true
        string_attribute_constraints = []
        number_attribute_constraints = [{ min_value = "1", max_value = null }]
      },
    ] }
  }
  assert {
    condition = sort([for a in aws_cognito_user_pool.this.schema : a.name]) == tolist([
      "added", "legacy", "locale", "name", "plain", "tenant",
    ])
    error_message = "the pool's own attributes and the new one, without standard attributes that are as Cognito makes them"
  }
  assert {
    condition = alltrue([
      for a in aws_cognito_user_pool.this.schema :
      !a.mutable && length(a.string_attribute_constraints) == 0
      if a.name == "tenant"
    ])
    error_message = "what the pool has comes before what is declared"
  }
}
