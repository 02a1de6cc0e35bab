# What is built for the directories that are found, and who may call it.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix   = "test"
  triggers_path = "./tests/fixtures/one"
  zips_path     = "./tests/fixtures/zips"
  user_pool = {
    id  = "eu-west-1_Pool00001"
    arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
  }
  live_user_pool_id           = "eu-west-1_Pool00001"
  feature_plan                = "ESSENTIALS"
  app_client_write_attributes = {}
}

run "one_directory" {
  assert {
    condition     = keys(output.functions) == ["refuse"] && keys(aws_lambda_permission.cognito) == ["refuse"]
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }

  assert {
    condition = { for key, value in output.lambda_config : key => value if value != null } == {
      pre_sign_up = output.functions.refuse.alias_arn
    }
    error_message = "lambda_config: ${jsonencode(output.lambda_config)}"
  }

  # The exact attributes of the provider's block: one that is missing here would be lost from the pool.
  assert {
    condition = toset(keys(output.lambda_config)) == toset([
      "create_auth_challenge", "custom_email_sender", "custom_message", "custom_sms_sender", "define_auth_challenge", "kms_key_id",
      "post_authentication", "post_confirmation", "pre_authentication", "pre_sign_up", "pre_token_generation",
      "pre_token_generation_config", "user_migration", "verify_auth_challenge_response",
    ])
    error_message = "lambda_config has ${join(", ", keys(output.lambda_config))}"
  }
}

# The provider cannot attach it: the function and its permission are there, and lambda_config has nothing.
run "inbound_federation_is_made_and_not_attached" {
  variables { triggers_path = "./tests/fixtures/federation" }

  assert {
    condition = (
      keys(aws_lambda_permission.cognito) == ["mapping"]
      && output.inbound_federation == { on = true, arn = output.functions.mapping.alias_arn }
    )
    error_message = "inbound_federation: ${jsonencode(output.inbound_federation)}"
  }
  assert {
    condition     = alltrue([for value in values(output.lambda_config) : value == null])
    error_message = "lambda_config: ${jsonencode(output.lambda_config)}"
  }
}

# The same with one more directory, and nothing else changed.
run "one_directory_more" {
  command = plan

  variables {
    triggers_path    = "./tests/fixtures/two"
    function_options = { "*" = { log_class = "STANDARD", gradual_deployment = true }, refuse = { gradual_deployment = false } }
  }

  assert {
    condition     = module.function["audit"].alias_name == "live-gradual" && module.function["refuse"].alias_name == "live"
    error_message = "options do not reach the functions"
  }

  assert {
    condition     = keys(output.functions) == ["audit", "refuse"] && keys(aws_lambda_permission.cognito) == ["audit", "refuse"]
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }

  assert {
    condition     = module.function["audit"].function_name == "test-audit"
    error_message = "name: ${module.function["audit"].function_name}"
  }
}

run "one_directory_more_is_attached" {
  variables { triggers_path = "./tests/fixtures/two" }

  assert {
    condition = (
      output.lambda_config.post_authentication == output.functions.audit.alias_arn
      && output.lambda_config.pre_sign_up == output.functions.refuse.alias_arn
    )
    error_message = "lambda_config: ${jsonencode(output.lambda_config)}"
  }
}

run "switched_off" {
  variables {
    triggers_path = "./tests/fixtures/two"
    triggers      = { audit = { enabled = false } }
  }

  assert {
    condition = (
      keys(output.functions) == ["refuse"]
      && keys(aws_lambda_permission.cognito) == ["refuse"]
      && output.lambda_config.post_authentication == null
    )
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }
}

run "only_some" {
  variables {
    triggers_path = "./tests/fixtures/two"
    only_triggers = ["audit"]
    triggers      = { refuse = { environment = {} } }
  }

  assert {
    condition = (
      keys(output.functions) == ["audit"]
      && output.lambda_config.pre_sign_up == null
      && output.lambda_config.post_authentication == output.functions.audit.alias_arn
    )
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }
}

run "one_of_only_some_switched_off" {
  command = plan

  variables {
    triggers_path = "./tests/fixtures/two"
    only_triggers = ["audit", "refuse"]
    triggers      = { audit = { enabled = false } }
  }

  assert {
    condition     = keys(output.functions) == ["refuse"]
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }
}

# A block of nulls would be a difference in every plan of the pool.
run "all_switched_off" {
  command = plan

  variables {
    triggers_path = "./tests/fixtures/two"
    triggers      = { audit = { enabled = false }, refuse = { enabled = false } }
  }

  assert {
    condition     = output.lambda_config == null && length(output.functions) == 0
    error_message = "lambda_config: ${jsonencode(output.lambda_config)}"
  }
}

# Two for one hook are none too many where one is off.
run "same_hook_switched_off" {
  command = plan

  variables {
    triggers_path = "./tests/fixtures/same-hook"
    triggers      = { welcome = { enabled = false } }
  }

  assert {
    condition     = keys(output.functions) == ["refuse"]
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }
}

run "permission" {
  command = plan

  assert {
    condition = (
      aws_lambda_permission.cognito["refuse"].principal == "cognito-idp.amazonaws.com"
      && aws_lambda_permission.cognito["refuse"].action == "lambda:InvokeFunction"
      && aws_lambda_permission.cognito["refuse"].function_name == "test-refuse"
      && aws_lambda_permission.cognito["refuse"].qualifier == "live"
    )
    error_message = "permission: ${jsonencode(aws_lambda_permission.cognito)}"
  }

  assert {
    condition     = aws_lambda_permission.cognito["refuse"].source_arn == var.user_pool.arn
    error_message = <<-EOT
      Any pool could invoke the function: source_arn is
      ${coalesce(aws_lambda_permission.cognito["refuse"].source_arn, "missing")}
    EOT
  }

  assert {
    condition     = aws_lambda_permission.cognito["refuse"].source_account == "111122223333"
    error_message = <<-EOT
      Any account could invoke the function: source_account is
      ${coalesce(aws_lambda_permission.cognito["refuse"].source_account, "missing")}
    EOT
  }
}

run "permission_before_the_pool" {
  command = plan

  assert {
    condition = (
      aws_lambda_permission.first["refuse"].principal == "cognito-idp.amazonaws.com"
      && aws_lambda_permission.first["refuse"].action == "lambda:InvokeFunction"
      && aws_lambda_permission.first["refuse"].function_name == "test-refuse"
      && aws_lambda_permission.first["refuse"].qualifier == "live"
    )
    error_message = "permission: ${jsonencode(aws_lambda_permission.first)}"
  }

  assert {
    condition     = aws_lambda_permission.first["refuse"].source_arn == var.user_pool.arn
    error_message = <<-EOT
      The permission that the pool waits for is for ${coalesce(aws_lambda_permission.first["refuse"].source_arn, "any pool")}.
    EOT
  }

  assert {
    condition     = aws_lambda_permission.first["refuse"].source_account == "111122223333"
    error_message = <<-EOT
      The permission that the pool waits for is for
      ${coalesce(aws_lambda_permission.first["refuse"].source_account, "any account")}.
    EOT
  }
}

run "new_pool" {
  command = plan

  variables { live_user_pool_id = null }

  expect_failures = [check.permissions_before_the_pool]

  assert {
    condition = (
      length(aws_lambda_permission.first) == 0
      && length(aws_iam_role_policy.first) == 0
      && keys(aws_lambda_permission.cognito) == ["refuse"]
    )
    error_message = "Nothing can name a pool that is not there."
  }
}

run "custom_senders" {
  variables {
    triggers_path      = "./tests/fixtures/senders"
    sender_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/codes"
    ses                = { identity_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org", from = "hello@example.org" }
  }

  assert {
    condition = (
      output.lambda_config.custom_email_sender == { lambda_arn = output.functions.mail.alias_arn, lambda_version = "V1_0" }
      && output.lambda_config.custom_sms_sender == { lambda_arn = output.functions.text.alias_arn, lambda_version = "V1_0" }
      && output.lambda_config.kms_key_id == "arn:aws:kms:eu-west-1:111122223333:key/codes"
    )
    error_message = "lambda_config: ${jsonencode(output.lambda_config)}"
  }

  assert {
    condition     = output.functions.mail.dead_letter_queue_name == "test-mail-dead-letters"
    error_message = "Cognito calls senders asynchronously: what they lose has to end in a queue."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.sender_key["mail"].policy).Statement == [{
      Sid       = "DecryptCodes", Effect = "Allow", Action = ["kms:Decrypt"], Resource = ["arn:aws:kms:eu-west-1:111122223333:key/codes"]
      Condition = { StringEquals = { "kms:EncryptionContext:userpool-id" = "eu-west-1_Pool00001" } }
    }]
    error_message = aws_iam_role_policy.sender_key["mail"].policy
  }

  assert {
    condition     = aws_iam_role_policy.first["mail"].policy == aws_iam_role_policy.sender_key["mail"].policy
    error_message = "before the pool: ${aws_iam_role_policy.first["mail"].policy}"
  }
}

run "rolled_back" {
  command = plan

  variables { triggers = { refuse = { version = "3" } } }

  assert {
    condition     = output.functions.refuse.alias_version == "3"
    error_message = "The alias names version ${output.functions.refuse.alias_version}."
  }
}

# Somebody else's function is none of this module's.
run "pre_token_generation_of_others" {
  command = plan

  override_data {
    target = data.aws_cognito_user_pool.without_pre_token_generation[0]
    values = {
      lambda_config = [{
        pre_token_generation_config = [{
          lambda_arn     = "arn:aws:lambda:eu-west-1:111122223333:function:test-mobile-claims:prod"
          lambda_version = "V1_0"
        }]
      }]
    }
  }

  assert {
    condition     = keys(output.functions) == ["refuse"]
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }
}

# Names of functions elsewhere are no mistake: one map serves triggers and API.
run "code_in_s3" {
  command = plan

  variables {
    zips_path = null
    code = {
      refuse = { s3 = { bucket = "zips", key = "refuse.zip", object_version = "v1" } }
      posts  = { zip = "./nowhere/posts.zip" }
    }
  }

  assert {
    condition     = keys(output.functions) == ["refuse"]
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }
}
