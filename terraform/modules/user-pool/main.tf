resource "aws_cognito_user_pool" "this" {
  name                = var.name
  user_pool_tier      = var.feature_plan
  deletion_protection = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  tags                = var.tags

  # null and not []: an empty list would be another shape of pool, and so replace one that has none.
  username_attributes      = length(local.username_attributes) > 0 ? local.username_attributes : null
  alias_attributes         = length(var.sign_in.alias_attributes) > 0 ? var.sign_in.alias_attributes : null
  auto_verified_attributes = var.auto_verified_attributes

  # Cognito fixes this at creation, and a pool that was made without it is case-sensitive.
  dynamic "username_configuration" {
    for_each = var.sign_in.case_sensitive ? [] : [true]
    content {
      case_sensitive = false
    }
  }

  # Otherwise a mistyped or somebody else's address would be in effect before it is verified. The provider keeps no empty list.
  dynamic "user_attribute_update_settings" {
    for_each = length(local.verified_before_update) > 0 ? [local.verified_before_update] : []
    content {
      attributes_require_verification_before_update = user_attribute_update_settings.value
    }
  }

  dynamic "account_recovery_setting" {
    for_each = length(var.account_recovery) > 0 ? [true] : []
    content {
      dynamic "recovery_mechanism" {
        for_each = var.account_recovery
        content {
          name     = recovery_mechanism.value
          priority = recovery_mechanism.key + 1
        }
      }
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = var.invite_only

    dynamic "invite_message_template" {
      for_each = var.messages.invitation[*]
      content {
        email_message = invite_message_template.value.email_message
        email_subject = invite_message_template.value.email_subject
        sms_message   = invite_message_template.value.sms_message
      }
    }
  }

  password_policy {
    minimum_length                   = var.password_policy.minimum_length
    require_lowercase                = var.password_policy.require_lowercase
    require_uppercase                = var.password_policy.require_uppercase
    require_numbers                  = var.password_policy.require_numbers
    require_symbols                  = var.password_policy.require_symbols
    temporary_password_validity_days = var.password_policy.temporary_password_validity_days
    password_history_size            = var.password_policy.password_history_size
  }

  dynamic "sign_in_policy" {
    for_each = var.allowed_first_auth_factors == null ? [] : [var.allowed_first_auth_factors]
    content {
      allowed_first_auth_factors = sign_in_policy.value
    }
  }
  dynamic "web_authn_configuration" {
    for_each = var.passkeys[*]
    content {
      relying_party_id  = web_authn_configuration.value.relying_party_id
      user_verification = web_authn_configuration.value.user_verification
    }
  }

  mfa_configuration          = var.mfa
  sms_authentication_message = var.messages.mfa.sms_message
  # Cognito refuses a factor beside OFF. The provider makes SMS one whenever sms_configuration is there.
  dynamic "software_token_mfa_configuration" {
    for_each = contains(local.second_factors, "TOTP") ? [true] : []
    content {
      enabled = true
    }
  }
  dynamic "email_mfa_configuration" {
    for_each = contains(local.second_factors, "EMAIL") ? [var.messages.mfa] : []
    content {
      message = email_mfa_configuration.value.email_message
      subject = email_mfa_configuration.value.email_subject
    }
  }
  dynamic "sms_configuration" {
    for_each = var.sms_configuration[*]
    content {
      sns_caller_arn = sms_configuration.value.sns_caller_arn
      external_id    = sms_configuration.value.external_id
      sns_region     = sms_configuration.value.sns_region
    }
  }
  dynamic "device_configuration" {
    for_each = var.device_configuration[*]
    content {
      challenge_required_on_new_device      = device_configuration.value.challenge_required_on_new_device
      device_only_remembered_on_user_prompt = device_configuration.value.device_only_remembered_on_user_prompt
    }
  }

  dynamic "user_pool_add_ons" {
    for_each = var.threat_protection == "OFF" ? [] : [var.threat_protection]
    content {
      advanced_security_mode = user_pool_add_ons.value

      dynamic "advanced_security_additional_flows" {
        for_each = var.custom_auth_threat_protection[*]
        content {
          custom_auth_mode = advanced_security_additional_flows.value
        }
      }
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
    default_email_option  = var.verification == "link" ? "CONFIRM_WITH_LINK" : "CONFIRM_WITH_CODE"
    email_message         = var.messages.verification.email_message
    email_subject         = var.messages.verification.email_subject
    email_message_by_link = var.messages.verification.email_message_by_link
    email_subject_by_link = var.messages.verification.email_subject_by_link
    sms_message           = var.messages.verification.sms_message
  }

  # New blocks are added in place by AddCustomAttributes, so the schema is not under ignore_changes, which would hide additions.
  dynamic "schema" {
    for_each = local.schema
    content {
      name                     = trimprefix(trimprefix(schema.key, "dev:"), "custom:")
      attribute_data_type      = schema.value.type
      mutable                  = schema.value.mutable
      required                 = schema.value.required
      developer_only_attribute = schema.value.developer_only

      dynamic "string_attribute_constraints" {
        for_each = schema.value.lengths[*]
        content {
          min_length = string_attribute_constraints.value.min
          max_length = string_attribute_constraints.value.max
        }
      }
      dynamic "number_attribute_constraints" {
        for_each = schema.value.values[*]
        content {
          min_value = number_attribute_constraints.value.min
          max_value = number_attribute_constraints.value.max
        }
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
      condition = (
        local.attached_inbound_federation == null
        || try(local.attached_inbound_federation.LambdaArn == var.inbound_federation_arn, false)
      )
      error_message = <<-EOT
        The pool ${coalesce(var.guard_user_pool_id, "?")} has an inbound federation trigger that Terraform does not know:
        applying would detach it without showing it in the plan. Detach it first, or set inbound_federation_arn if it is this
        function's: then every plan and apply says whether it has to be attached again.
      EOT
    }
    precondition {
      condition     = length(local.twice) == 0
      error_message = <<-EOT
        The pool ${coalesce(var.adopted_user_pool_id, "?")} has ${join(", ", local.twice)} beside a standard attribute of that
        name. The provider confuses the two, and its applies would fail: leave this pool outside of Terraform, and attach
        triggers with poolctl (docs/attach.md).
      EOT
    }
    precondition {
      condition     = length(local.beyond_limits["pool"]) == 0
      error_message = join("\n", local.beyond_limits["pool"])
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
    condition = (
      local.watches_inbound_federation
      ? try(
        jsondecode(data.aws_cloudcontrolapi_resource.updated[0].properties).LambdaConfig.InboundFederation.LambdaArn,
        "",
      ) == var.inbound_federation_arn
      : true
    )
    error_message = <<-EOT
      The inbound federation trigger is not attached: federated users sign in without it. Attach it: poolctl attach
      --user-pool-id ${coalesce(var.guard_user_pool_id, "?")} with the name of its directory.
    EOT
  }
  assert {
    condition     = !var.attaches_inbound_federation || var.guard_user_pool_id != null
    error_message = <<-EOT
      Nothing watches the inbound federation trigger, which each update of the pool takes off: attach it with poolctl attach,
      and set guard_user_pool_id to the pool's id.
    EOT
  }
}

locals {
  watches_inbound_federation = var.guard_user_pool_id != null && var.attaches_inbound_federation
  attached_inbound_federation = try(
    jsondecode(data.aws_cloudcontrolapi_resource.guarded[0].properties).LambdaConfig.InboundFederation,
    null,
  )
}

check "name" {
  assert {
    condition     = aws_cognito_user_pool.this.name == var.name
    error_message = <<-EOT
      The pool keeps its name "${aws_cognito_user_pool.this.name}": Cognito cannot rename a pool, and a new one would have no
      users. Set name to that; for a pool with another name, add a second one and move the users.
    EOT
  }
}

# The provider plans no change where the block is left out.
check "case" {
  assert {
    condition     = !var.sign_in.case_sensitive || try(aws_cognito_user_pool.this.username_configuration[0].case_sensitive, true)
    error_message = <<-EOT
      sign_in.case_sensitive is true, and the pool takes capitals and small letters for the same. Cognito fixes that at
      creation: set it to false.
    EOT
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
