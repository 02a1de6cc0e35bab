# Inputs that are refused only beside a pool, and the message of each.
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
  ses                         = { identity_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org", from = "hello@example.org" }
}

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

run "pre_token_generation_that_stays_attached" {
  # message: The pool eu-west-1_Pool00001 still calls a pre token generation function of these triggers, and the AWS
  #   provider cannot detach it.
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

# What uses tables waits for them, so this is a run of its own.
run "one_table_declared_in_two_ways" {
  # message: ./tests/fixtures/other-tables/send-code/function.json and
  #   ./tests/fixtures/other-tables/check-code/function.json declare the table codes with other keys, indexes, TTL or
  #   stream: declare it in the same way to share it, or rename it.
  # message: function_options has permission_boundary; the members are
  command = plan
  variables {
    triggers_path    = "./tests/fixtures/other-tables"
    function_options = { "*" = { permission_boundary = "arn:aws:iam::111122223333:policy/workloads" } }
  }
}
