# Inputs of the module that are refused at plan, and the message of each. What depends on a refused variable is not checked
# for any case of a run, so there are several runs.
mock_provider "aws" {
  source = "../../tests/mocks"
}

run "inputs" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: No trigger found: there is no ./tests/fixtures/empty/*/function.json
      no_manifest = { triggers_path = "./tests/fixtures/empty" }

      # message: Without function.json: ./tests/fixtures/forgotten/audit. Write the manifest, or delete the directory.
      directory_without_manifest = { triggers_path = "./tests/fixtures/forgotten" }

      # message: feature_plan "FREE": use LITE, ESSENTIALS or PLUS.
      unknown_plan = { feature_plan = "FREE" }

      # message: environment is for LOG_LEVEL and AWS_ENDPOINT_URL…; set DEFAULT_GROUP in triggers
      setting_for_every_function = { environment = { DEFAULT_GROUP = "members" } }

      # message: live_user_pool_id "people" is not the id of a user pool
      no_live_pool = { live_user_pool_id = "people" }

      # message: user_pool.arn "arn:aws:cognito-idp:eu-west-1:111122223333:identitypool/x" is not the ARN of a user pool.
      no_pool = { user_pool = { id = "x", arn = "arn:aws:cognito-idp:eu-west-1:111122223333:identitypool/x" } }

      # message: sender_kms_key_arn "arn:aws:kms:eu-west-1:111122223333:alias/ours" is not the ARN of a key
      alias_for_a_key = { sender_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/ours" }

      # message: ses.from "hello": write an address, or a name and an address, Example <hello@example.org>.
      ses_from = { ses = { identity_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org", from = "hello" } }

      # message: user_pool: id is "eu-west-1_Other0001", and arn
      #   "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001" is another pool's.
      other_pool = {
        user_pool = {
          id  = "eu-west-1_Other0001"
          arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
        }
      }
    }
  }
}

# Apart from the cases above: triggers_path is refused there.
run "only_triggers" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: only_triggers names audits, and there is no such directory with a function.json in
      #   ./tests/fixtures/two. There are audit, refuse.
      only_unknown = { triggers_path = "./tests/fixtures/two", only_triggers = ["audits"] }

      # message: triggers switches refuse on, and only_triggers leaves it out
      on_and_left_out = { triggers_path = "./tests/fixtures/two", only_triggers = ["audit"], triggers = { refuse = { enabled = true } } }
    }
  }
}

run "inputs_together" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: ./tests/fixtures/same-hook/refuse/function.json and ./tests/fixtures/same-hook/welcome/function.json
      #   both serve the hook pre_sign_up
      two_for_one_hook = { triggers_path = "./tests/fixtures/same-hook" }

      # message: ./tests/fixtures/routes/sign-up/function.json has no hook
      routes_among_triggers = { triggers_path = "./tests/fixtures/routes" }

      # message: pre-token-generation has event_version V2_0, which Cognito does not send on the plan LITE: set
      #   feature_plan to ESSENTIALS, or write "event_version": "V1_0" into
      event_version_on_lite = { feature_plan = "LITE" }

      # message: pre-token-generation: take EVENT_VERSION out of its environment; it follows from event_version in function.json.
      event_version_by_setting = { triggers = { pre-token-generation = { environment = { EVENT_VERSION = "V3_0" } } } }

      # message: Claims trust attributes that users can write through an app client: custom:tenant (app).
      claim_source_that_a_client_can_write = {
        app_client_write_attributes = { app = ["email", "custom:tenant"] }
        triggers                    = { pre-token-generation = { environment = { ADMIN_ONLY_ATTRIBUTES = "custom:plan, custom:tenant" } } }

      }

      # message: Claims trust attributes that users can write through an app client: custom:tenant (app).
      claim_source_of_the_rules = {
        app_client_write_attributes = { app = ["custom:tenant"] }
        triggers = { pre-token-generation = { environment = {
          CLAIM_RULES = jsonencode({ adminOnlyAttributes = ["custom:tenant"], rules = [] })
        } } }
      }

      # message: Claims trust attributes that users can write through an app client: custom:tenant (web, which has no list).
      claim_source_and_a_client_without_list = {
        app_client_write_attributes = { app = ["email"], web = null }
        triggers                    = { pre-token-generation = { environment = { ADMIN_ONLY_ATTRIBUTES = "custom:tenant" } } }

      }

      # message: Claims trust custom:tenant because no app client can write them, and nothing says what the clients can
      #   write: set app_client_write_attributes.
      claim_source_and_unknown_clients = {
        app_client_write_attributes = null
        triggers                    = { pre-token-generation = { environment = { ADMIN_ONLY_ATTRIBUTES = "custom:tenant" } } }

      }

      # message: custom-message is on, but without an SES identity Cognito refuses its mail: set ses, or take enabled =
      #   true out of triggers.
      custom_message_without_ses = {
        ses      = null
        triggers = { custom-message = { enabled = true } }

      }

      # message: post-confirmation has WELCOME_EMAIL_FROM, but no SES identity to send with: set ses.
      welcome_mail_without_ses = {
        ses      = null
        triggers = { post-confirmation = { environment = { WELCOME_EMAIL_FROM = "hello@example.org" } } }

      }

      # message: mail has the grant ses:send, but no SES identity to send with: set ses.
      mail_of_ones_own_without_ses = {
        ses           = null
        triggers_path = "./tests/fixtures/senders"

      }

      # message: post-confirmation has the setting PROFILE_TABLE, and there is no table: set profile_table
      no_profile_table = { profile_table = null }

      # message: mail and text: Cognito encrypts the codes for a custom sender; set sender_kms_key_arn.
      sender_without_key = { triggers_path = "./tests/fixtures/senders" }

      # message: live_user_pool_id is "eu-west-1_Other0001", and the pool is eu-west-1_Pool00001: another pool could invoke the functions.
      another_live_pool = { live_user_pool_id = "eu-west-1_Other0001" }

      # message: pre-token-generation: take MAPPED_ATTRIBUTES out of its environment; it follows from mapped_attributes.
      mapped_attributes_by_setting = {
        mapped_attributes = ["email"]
        triggers          = { pre-token-generation = { environment = { MAPPED_ATTRIBUTES = "name" } } }

      }
    }
  }
}
