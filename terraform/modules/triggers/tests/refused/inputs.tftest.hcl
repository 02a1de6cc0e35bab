# Inputs of the module that are refused at plan, and the message of each.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix                 = "test"
  triggers_path               = "../../../triggers"
  zips_path                   = "./tests/fixtures/zips"
  user_pool                   = { id = "eu-west-1_Pool00001", arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001" }
  live_user_pool_id           = "eu-west-1_Pool00001"
  feature_plan                = "ESSENTIALS"
  app_client_write_attributes = { app = ["email", "name"] }
  profile_table               = { name = "profiles", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  ses                         = { identity_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org", from = "hello@example.org" }
}

run "unknown_trigger" {
  # message: triggers names nobody, and there is no such directory with a function.json in ../../../triggers. There are
  command = plan
  variables { triggers = { nobody = {} } }
}

# Nothing of the pool is there yet, and the message comes all the same.
run "unknown_trigger_on_first_plan" {
  # message: triggers names nobody
  command = plan
  module { source = "./tests/fixtures/pool" }
  variables { triggers = { nobody = {} } }
}

run "setting_that_follows_on_first_plan" {
  # message: post-confirmation: take PROFILE_TABLE out of its environment; it follows from profile_table.
  command = plan
  module { source = "./tests/fixtures/pool" }
  variables { triggers = { post-confirmation = { environment = { PROFILE_TABLE = "others" } } } }
}

run "no_manifest" {
  # message: No trigger found: there is no ./tests/fixtures/empty/*/function.json
  command = plan
  variables { triggers_path = "./tests/fixtures/empty" }
}

run "directory_without_manifest" {
  # message: Without function.json: ./tests/fixtures/forgotten/audit. Write the manifest, or delete the directory.
  command = plan
  variables { triggers_path = "./tests/fixtures/forgotten" }
}

run "two_for_one_hook" {
  # message: ./tests/fixtures/same-hook/refuse/function.json and ./tests/fixtures/same-hook/welcome/function.json both serve the hook pre_sign_up
  command = plan
  variables { triggers_path = "./tests/fixtures/same-hook" }
}

run "routes_among_triggers" {
  # message: ./tests/fixtures/routes/sign-up/function.json has no hook
  command = plan
  variables { triggers_path = "./tests/fixtures/routes" }
}

run "missing_zip" {
  # message: ./tests/fixtures/pre-sign-up.zip does not exist: run `make build` first
  command = plan
  variables { zips_path = "./tests/fixtures" }
}

run "unknown_setting" {
  # message: pre-sign-up: environment has INVITES_ONLY, which is not a setting of the function
  command = plan
  variables { triggers = { pre-sign-up = { environment = { INVITES_ONLY = "true" } } } }
}

run "event_version_on_lite" {
  # message: pre-token-generation has event_version V2_0, which Cognito does not send on the plan LITE: set feature_plan to ESSENTIALS, or write "event_version": "V1_0" into
  command = plan
  variables { feature_plan = "LITE" }
}

run "unknown_plan" {
  # message: feature_plan "FREE": use LITE, ESSENTIALS or PLUS.
  command = plan
  variables { feature_plan = "FREE" }
}

run "event_version_by_setting" {
  # message: pre-token-generation: take EVENT_VERSION out of its environment; it follows from event_version in function.json.
  command = plan
  variables { triggers = { pre-token-generation = { environment = { EVENT_VERSION = "V3_0" } } } }
}

run "claim_source_that_a_client_can_write" {
  # message: Claims trust attributes that users can write through an app client: custom:tenant (app).
  command = plan
  variables {
    app_client_write_attributes = { app = ["email", "custom:tenant"] }
    triggers                    = { pre-token-generation = { environment = { ADMIN_ONLY_ATTRIBUTES = "custom:plan, custom:tenant" } } }
  }
}

run "claim_source_of_the_rules" {
  # message: Claims trust attributes that users can write through an app client: custom:tenant (app).
  command = plan
  variables {
    app_client_write_attributes = { app = ["custom:tenant"] }
    triggers                    = { pre-token-generation = { environment = { CLAIM_RULES = "{\"adminOnlyAttributes\":[\"custom:tenant\"],\"rules\":[]}" } } }
  }
}

run "claim_source_and_a_client_without_list" {
  # message: Claims trust attributes that users can write through an app client: custom:tenant (web, which has no list).
  command = plan
  variables {
    app_client_write_attributes = { app = ["email"], web = null }
    triggers                    = { pre-token-generation = { environment = { ADMIN_ONLY_ATTRIBUTES = "custom:tenant" } } }
  }
}

run "claim_source_and_unknown_clients" {
  # message: Claims trust custom:tenant because no app client can write them, and nothing says what the clients can write: set app_client_write_attributes.
  command = plan
  variables {
    app_client_write_attributes = null
    triggers                    = { pre-token-generation = { environment = { ADMIN_ONLY_ATTRIBUTES = "custom:tenant" } } }
  }
}

run "custom_message_without_ses" {
  # message: custom-message is on, but without an SES identity Cognito refuses its mail: set ses, or take enabled = true out of triggers.
  command = plan
  variables {
    ses      = null
    triggers = { custom-message = { enabled = true } }
  }
}

run "welcome_mail_without_ses" {
  # message: post-confirmation has WELCOME_EMAIL_FROM, but no SES identity to send with: set ses.
  command = plan
  variables {
    ses      = null
    triggers = { post-confirmation = { environment = { WELCOME_EMAIL_FROM = "hello@example.org" } } }
  }
}

run "mail_of_ones_own_without_ses" {
  # message: mail has the grant ses:send, but no SES identity to send with: set ses.
  command = plan
  variables {
    ses           = null
    triggers_path = "./tests/fixtures/senders"
  }
}

run "no_profile_table" {
  # message: post-confirmation has the setting PROFILE_TABLE, and there is no table: set profile_table
  command = plan
  variables { profile_table = null }
}

run "sender_without_key" {
  # message: mail and text: Cognito encrypts the codes for a custom sender; set sender_kms_key_arn.
  command = plan
  variables { triggers_path = "./tests/fixtures/senders" }
}

run "setting_for_every_function" {
  # message: environment is for LOG_LEVEL and AWS_ENDPOINT_URL…; set DEFAULT_GROUP in triggers
  command = plan
  variables { environment = { DEFAULT_GROUP = "members" } }
}

run "another_live_pool" {
  # message: live_user_pool_id is "eu-west-1_Other0001", and the pool is eu-west-1_Pool00001: another pool could invoke the functions.
  command = plan
  variables { live_user_pool_id = "eu-west-1_Other0001" }
}

run "no_live_pool" {
  # message: live_user_pool_id "people" is not the id of a user pool
  command = plan
  variables { live_user_pool_id = "people" }
}

run "no_pool" {
  # message: user_pool.arn "arn:aws:cognito-idp:eu-west-1:111122223333:identitypool/x" is not the ARN of a user pool.
  command = plan
  variables { user_pool = { id = "x", arn = "arn:aws:cognito-idp:eu-west-1:111122223333:identitypool/x" } }
}

run "pre_token_generation_that_stays_attached" {
  # message: The pool eu-west-1_Pool00001 still calls a pre token generation function of these triggers, and the AWS provider cannot detach it.
  command = plan

  variables { triggers = { pre-token-generation = { enabled = false } } }

  override_data {
    target = data.aws_cognito_user_pool.without_pre_token_generation[0]
    values = {
      lambda_config = [{
        pre_token_generation_config = [{
          lambda_arn     = "arn:aws:lambda:eu-west-1:111122223333:function:test-pre-token-generation:live"
          lambda_version = "V2_0"
        }]
      }]
    }
  }
}

run "mapped_attributes_by_setting" {
  # message: pre-token-generation: take MAPPED_ATTRIBUTES out of its environment; it follows from mapped_attributes.
  command = plan
  variables {
    mapped_attributes = ["email"]
    triggers          = { pre-token-generation = { environment = { MAPPED_ATTRIBUTES = "name" } } }
  }
}

run "alias_for_a_key" {
  # message: sender_kms_key_arn "arn:aws:kms:eu-west-1:111122223333:alias/ours" is not the ARN of a key
  command = plan
  variables { sender_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/ours" }
}

run "one_table_declared_in_two_ways" {
  # message: ./tests/fixtures/other-tables/send-code/function.json and ./tests/fixtures/other-tables/check-code/function.json declare the table codes with other keys, indexes, TTL or stream: declare it in the same way to share it, or rename it.
  command = plan
  variables { triggers_path = "./tests/fixtures/other-tables" }
}
