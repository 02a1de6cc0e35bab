# The triggers of this repository: their settings, and for each the statements that its grants stand for and nothing more.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix   = "test"
  triggers_path = "../../../triggers"
  zips_path     = "./tests/fixtures/zips"
  user_pool = {
    id  = "eu-west-1_Pool00001"
    arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
  }
  live_user_pool_id           = "eu-west-1_Pool00001"
  feature_plan                = "ESSENTIALS"
  app_client_write_attributes = { app = ["email", "name"] }
  profile_table               = { name = "profiles", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  ses = {
    identity_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org"
    from         = "Example <hello@example.org>"
  }

  # A trigger that is added has no zip among the fixtures, and the shared settings switch some off.
  triggers = merge(
    { for file in fileset("../../../triggers", "*/function.json") :
      dirname(file) => { enabled = false } if !fileexists("./tests/fixtures/zips/${dirname(file)}.zip")
    },
    { for name, options in jsondecode(file("../../pool.auto.tfvars.json")).triggers :
      name => { enabled = false } if try(options.enabled, true) == false
    },
  )
}

# Both custom senders get the key; the one for mail also the sender, and each what its provider needs.
run "custom_senders_of_this_repository" {
  variables {
    sender_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/codes"
    triggers = merge(
      { for file in fileset("../../../triggers", "*/function.json") : dirname(file) => { enabled = false } },
      {
        custom-email-sender = { enabled = true }
        custom-sms-sender   = { enabled = true, environment = { ALLOWED_COUNTRIES = "FR", SEND_WITH_SNS = "true" } }
      },
    )
  }

  assert {
    condition = (
      module.function["custom-email-sender"].environment.SENDER_KEY_ARN == "arn:aws:kms:eu-west-1:111122223333:key/codes"
      && module.function["custom-sms-sender"].environment.SENDER_KEY_ARN == "arn:aws:kms:eu-west-1:111122223333:key/codes"
      && module.function["custom-email-sender"].environment.EMAIL_FROM == "Example <hello@example.org>"
      && module.function["custom-email-sender"].environment.SEND_WITH_SES == "true"
    )
    error_message = jsonencode({ for name, function in module.function : name => function.environment })
  }

  assert {
    condition = (
      contains(jsondecode(module.function["custom-email-sender"].policy).Statement[*].Action, ["ses:SendEmail"])
      && contains(jsondecode(module.function["custom-sms-sender"].policy).Statement[*].Action, ["sns:Publish"])
      && jsondecode(aws_iam_role_policy.sender_key["custom-sms-sender"].policy).Statement[0].Condition
      == { StringEquals = { "kms:EncryptionContext:userpool-id" = "eu-west-1_Pool00001" } }
    )
    error_message = jsonencode({ for name, function in module.function : name => jsondecode(function.policy).Statement })
  }
}

run "statements" {
  assert {
    condition = { for name in ["custom-message", "post-confirmation", "pre-sign-up", "pre-token-generation"] :
      name => jsondecode(module.function[name].policy).Statement
      } == {
      custom-message = [
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/test-custom-message:*"]
        },
      ]
      post-confirmation = [
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/test-post-confirmation:*"]
        },
        {
          Sid      = "ProfilesWrite"
          Effect   = "Allow"
          Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/profiles"]
        },
        {
          Sid      = "SesSend"
          Effect   = "Allow"
          Action   = ["ses:SendEmail"]
          Resource = ["arn:aws:ses:eu-west-1:111122223333:identity/example.org"]
        },
      ]
      pre-sign-up = [
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/test-pre-sign-up:*"]
        },
      ]
      pre-token-generation = [
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/test-pre-token-generation:*"]
        },
        {
          Sid      = "ProfilesRead"
          Effect   = "Allow"
          Action   = ["dynamodb:GetItem"]
          Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/profiles"]
        },
        {
          Sid      = "ProfilesWrite"
          Effect   = "Allow"
          Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/profiles"]
        },
      ]
    }
    error_message = jsonencode({ for name, function in module.function : name => jsondecode(function.policy).Statement })
  }

  # DEFAULT_GROUP and LINK_PROVIDERS are empty.
  assert {
    condition     = length(aws_iam_role_policy.pool) == 0
    error_message = jsonencode({ for name, resource in aws_iam_role_policy.pool : name => jsondecode(resource.policy) })
  }

  assert {
    condition     = length(aws_iam_role_policy.sender_key) == 0
    error_message = "No trigger of these is a custom sender."
  }

  assert {
    condition = (
      output.lambda_config.pre_token_generation_config == {
        lambda_arn     = output.functions.pre-token-generation.alias_arn
        lambda_version = "V2_0"
      }
      && output.lambda_config.pre_token_generation == output.functions.pre-token-generation.alias_arn
    )
    error_message = "lambda_config: ${jsonencode(output.lambda_config)}"
  }
}

# A role may do at the pool what the settings use.
run "statements_at_the_pool" {
  variables {
    triggers = merge(var.triggers, {
      post-confirmation = { environment = { DEFAULT_GROUP = "members" } }
      pre-sign-up       = { environment = { LINK_PROVIDERS = "Google" } }
    })
  }

  assert {
    condition = { for name, resource in aws_iam_role_policy.pool : name => jsondecode(resource.policy).Statement } == {
      post-confirmation = [
        { Sid = "AddToGroup", Effect = "Allow", Action = ["cognito-idp:AdminAddUserToGroup"], Resource = [var.user_pool.arn] },
      ]
      pre-sign-up = [
        {
          Sid      = "LinkProvider"
          Effect   = "Allow"
          Action   = ["cognito-idp:AdminGetUser", "cognito-idp:AdminLinkProviderForUser", "cognito-idp:ListUsers"]
          Resource = [var.user_pool.arn]
        },
      ]
    }
    error_message = jsonencode({ for name, resource in aws_iam_role_policy.pool : name => jsondecode(resource.policy) })
  }
}

run "settings_that_follow" {
  command = plan

  assert {
    condition = (
      module.function["post-confirmation"].environment.PROFILE_TABLE == "profiles"
      && module.function["pre-token-generation"].environment.PROFILE_TABLE == "profiles"
    )
    error_message = "PROFILE_TABLE: ${jsonencode(module.function["post-confirmation"].environment)}"
  }

  assert {
    condition     = module.function["post-confirmation"].environment.WELCOME_EMAIL_FROM == "Example <hello@example.org>"
    error_message = "WELCOME_EMAIL_FROM: ${jsonencode(module.function["post-confirmation"].environment)}"
  }

  assert {
    condition     = module.function["custom-message"].environment.EMAIL_SENDING_ACCOUNT == "DEVELOPER"
    error_message = "EMAIL_SENDING_ACCOUNT: ${jsonencode(module.function["custom-message"].environment)}"
  }

  assert {
    condition = (
      module.function["pre-token-generation"].environment.EVENT_VERSION
      == jsondecode(file("../../../triggers/pre-token-generation/function.json")).event_version
    )
    error_message = "EVENT_VERSION: ${jsonencode(module.function["pre-token-generation"].environment)}"
  }

  assert {
    condition = keys(module.function["pre-sign-up"].environment) == keys(
      jsondecode(file("../../../triggers/pre-sign-up/function.json")).environment,
    )
    error_message = "settings of pre-sign-up: ${join(", ", keys(module.function["pre-sign-up"].environment))}"
  }
}

# What identity providers map, users can write: no claim of authority may come from it.
run "mapped_attributes" {
  command = plan

  variables { mapped_attributes = ["email", "custom:department"] }

  assert {
    condition     = module.function["pre-token-generation"].environment.MAPPED_ATTRIBUTES == "custom:department,email"
    error_message = "MAPPED_ATTRIBUTES: ${jsonencode(module.function["pre-token-generation"].environment)}"
  }
}

run "settings_that_are_given" {
  command = plan

  variables {
    environment = { LOG_LEVEL = "debug" }
    triggers    = merge(var.triggers, { pre-sign-up = { environment = { INVITE_ONLY = "true" } } })
  }

  assert {
    condition = (
      module.function["pre-sign-up"].environment.INVITE_ONLY == "true"
      && module.function["pre-sign-up"].environment.LOG_LEVEL == "debug"
      && module.function["pre-sign-up"].environment.AUTO_CONFIRM == "false"
    )
    error_message = jsonencode(module.function["pre-sign-up"].environment)
  }
}

run "without_ses" {
  command = plan

  variables { ses = null }

  assert {
    condition     = !contains(keys(output.functions), "custom-message") && output.lambda_config.custom_message == null
    error_message = "custom-message is attached to a pool that does not send through SES."
  }

  assert {
    condition     = module.function["post-confirmation"].environment.WELCOME_EMAIL_FROM == ""
    error_message = "post-confirmation would send a welcome mail."
  }

  assert {
    condition = [
      for statement in jsondecode(module.function["post-confirmation"].policy).Statement : statement.Sid
    ] == ["Logs", "ProfilesWrite"]
    error_message = module.function["post-confirmation"].policy
  }
}

run "without_profiles" {
  command = plan

  variables {
    profile_table = null
    # Every other trigger is off, also one that is added.
    triggers = merge(
      { for file in fileset("../../../triggers", "*/function.json") : dirname(file) => { enabled = false } },
      { pre-token-generation = { environment = { PROFILE_TABLE = "" } } },
    )
  }

  assert {
    condition     = [for statement in jsondecode(module.function["pre-token-generation"].policy).Statement : statement.Sid] == ["Logs"]
    error_message = module.function["pre-token-generation"].policy
  }
}

# An attribute that every client's list leaves out may be trusted.
run "admin_only_attribute" {
  command = plan

  variables { triggers = merge(var.triggers, { pre-token-generation = { environment = { ADMIN_ONLY_ATTRIBUTES = "custom:tenant" } } }) }

  assert {
    condition     = module.function["pre-token-generation"].environment.ADMIN_ONLY_ATTRIBUTES == "custom:tenant"
    error_message = jsonencode(module.function["pre-token-generation"].environment)
  }
}
