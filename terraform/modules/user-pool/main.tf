resource "aws_cognito_user_pool" "this" {
  name                = var.name
  user_pool_tier      = var.feature_plan
  deletion_protection = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  tags                = var.tags

  # Users sign in with their e-mail address; the user name is a UUID that users never see.
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  # Cognito fixes this at creation. Case-sensitive pools let Victim@example.org sign up beside victim@example.org.
  username_configuration {
    case_sensitive = false
  }

  # Otherwise a mistyped or somebody else's address would be in effect before it is verified.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  # By e-mail only: phone numbers are reassigned. Recovery by an administrator needs no entry here.
  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = var.invite_only
  }

  password_policy {
    minimum_length                   = var.password_policy.minimum_length
    require_lowercase                = var.password_policy.require_lowercase
    require_uppercase                = var.password_policy.require_uppercase
    require_numbers                  = var.password_policy.require_numbers
    require_symbols                  = var.password_policy.require_symbols
    temporary_password_validity_days = var.password_policy.temporary_password_validity_days
  }

  mfa_configuration = var.mfa
  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : [true] # Cognito refuses a factor beside OFF
    content {
      enabled = true
    }
  }

  dynamic "user_pool_add_ons" {
    for_each = var.threat_protection == "OFF" ? [] : [var.threat_protection]
    content {
      advanced_security_mode = user_pool_add_ons.value
    }
  }

  email_configuration {
    email_sending_account  = var.ses_identity == null ? "COGNITO_DEFAULT" : "DEVELOPER"
    source_arn             = try(var.ses_identity.arn, null)
    from_email_address     = try(var.ses_identity.from, null)
    reply_to_email_address = try(var.ses_identity.reply_to, null)
    configuration_set      = try(var.ses_identity.configuration_set, null)
  }

  verification_message_template {
    default_email_option = var.verification == "link" ? "CONFIRM_WITH_LINK" : "CONFIRM_WITH_CODE"
  }

  # Every attribute sets everything that Cognito would fill in, constraints included: an omitted value would be a permanent
  # difference, and a difference in an existing attribute is an error, because Cognito cannot change attributes. New blocks
  # are added in place by AddCustomAttributes, so the schema is not under ignore_changes, which would hide additions.
  dynamic "schema" {
    for_each = var.custom_attributes
    content {
      name                     = schema.key
      attribute_data_type      = schema.value.type
      mutable                  = schema.value.mutable
      required                 = false # Cognito requires no custom attribute
      developer_only_attribute = false # the legacy way; admin_only is done by the clients' write lists

      dynamic "string_attribute_constraints" {
        for_each = schema.value.type == "String" ? [schema.value] : []
        content {
          min_length = tostring(string_attribute_constraints.value.min_length)
          max_length = tostring(string_attribute_constraints.value.max_length)
        }
      }
      dynamic "number_attribute_constraints" {
        for_each = schema.value.type == "Number" ? [schema.value] : []
        content {
          min_value = try(tostring(number_attribute_constraints.value.min_value), null)
          max_value = try(tostring(number_attribute_constraints.value.max_value), null)
        }
      }
    }
  }
  dynamic "schema" {
    for_each = var.required_attributes
    content {
      name                     = schema.key
      attribute_data_type      = "String"
      mutable                  = true
      required                 = true
      developer_only_attribute = false
      string_attribute_constraints {
        min_length = schema.key == "birthdate" ? "10" : "0"
        max_length = schema.key == "birthdate" ? "10" : "2048"
      }
    }
  }

  dynamic "lambda_config" {
    for_each = var.lambda_config == null ? [] : [var.lambda_config]
    content {
      create_auth_challenge          = lambda_config.value.create_auth_challenge
      custom_message                 = lambda_config.value.custom_message
      define_auth_challenge          = lambda_config.value.define_auth_challenge
      post_authentication            = lambda_config.value.post_authentication
      post_confirmation              = lambda_config.value.post_confirmation
      pre_authentication             = lambda_config.value.pre_authentication
      pre_sign_up                    = lambda_config.value.pre_sign_up
      pre_token_generation           = lambda_config.value.pre_token_generation
      user_migration                 = lambda_config.value.user_migration
      verify_auth_challenge_response = lambda_config.value.verify_auth_challenge_response
      kms_key_id                     = lambda_config.value.kms_key_id

      dynamic "pre_token_generation_config" {
        for_each = lambda_config.value.pre_token_generation_config == null ? [] : [lambda_config.value.pre_token_generation_config]
        content {
          lambda_arn     = pre_token_generation_config.value.lambda_arn
          lambda_version = pre_token_generation_config.value.lambda_version
        }
      }
      dynamic "custom_email_sender" {
        for_each = lambda_config.value.custom_email_sender == null ? [] : [lambda_config.value.custom_email_sender]
        content {
          lambda_arn     = custom_email_sender.value.lambda_arn
          lambda_version = custom_email_sender.value.lambda_version
        }
      }
      dynamic "custom_sms_sender" {
        for_each = lambda_config.value.custom_sms_sender == null ? [] : [lambda_config.value.custom_sms_sender]
        content {
          lambda_arn     = custom_sms_sender.value.lambda_arn
          lambda_version = custom_sms_sender.value.lambda_version
        }
      }
    }
  }

  lifecycle {
    # Cognito cannot rename a pool: another name would replace it and delete every user.
    ignore_changes = [name]

    precondition {
      condition     = local.attached_inbound_federation == null || try(local.attached_inbound_federation.LambdaArn == var.inbound_federation_arn, false)
      error_message = "The pool ${coalesce(var.guard_user_pool_id, "?")} has an inbound federation trigger that Terraform does not know: applying would detach it without showing it in the plan. Detach it first, or set inbound_federation_arn if it is this function's: then every plan and apply says whether it has to be attached again."
    }
  }
}

# The pool's resource and data source do not have the inbound federation trigger; CloudFormation's view of the pool does.
data "aws_cloudcontrolapi_resource" "guarded" {
  count = var.guard_user_pool_id == null ? 0 : 1

  type_name  = "AWS::Cognito::UserPool"
  identifier = var.guard_user_pool_id
}

# The same after the pool's update, which takes the trigger off.
data "aws_cloudcontrolapi_resource" "updated" {
  count = local.watches_inbound_federation ? 1 : 0

  type_name  = "AWS::Cognito::UserPool"
  identifier = var.guard_user_pool_id
  depends_on = [aws_cognito_user_pool.this]
}

check "inbound_federation" {
  assert {
    condition     = local.watches_inbound_federation ? try(jsondecode(data.aws_cloudcontrolapi_resource.updated[0].properties).LambdaConfig.InboundFederation.LambdaArn, "") == var.inbound_federation_arn : true
    error_message = "The inbound federation trigger is not attached: federated users sign in without it. Attach it: poolctl attach --user-pool-id ${coalesce(var.guard_user_pool_id, "?")} with the name of its directory."
  }
  assert {
    condition     = !var.attaches_inbound_federation || var.guard_user_pool_id != null
    error_message = "Nothing watches the inbound federation trigger, which each update of the pool takes off: attach it with poolctl attach, and set guard_user_pool_id to the pool's id."
  }
}

locals {
  watches_inbound_federation  = var.guard_user_pool_id != null && var.attaches_inbound_federation
  attached_inbound_federation = try(jsondecode(data.aws_cloudcontrolapi_resource.guarded[0].properties).LambdaConfig.InboundFederation, null)
}

check "name" {
  assert {
    condition     = aws_cognito_user_pool.this.name == var.name
    error_message = "The pool keeps its name \"${aws_cognito_user_pool.this.name}\": Cognito cannot rename a pool, and a new one would have no users. Set name to that; for a pool with another name, add a second one and move the users."
  }
}

module "protection" {
  source = "../protection"

  protected = var.deletion_protection
  identity  = aws_cognito_user_pool.this.id

  depends_on = [
    aws_cognito_identity_provider.this, aws_cognito_resource_server.this, aws_cognito_user_group.this,
    aws_cognito_user_pool_client.this, aws_cognito_user_pool_domain.this,
  ]
}
