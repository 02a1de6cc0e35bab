# Inputs of the root module that are refused at plan, before anything is there, and the message of each.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  live_user_pool_id = "eu-west-1_Pool00001" # of the mocks
}

run "unknown_trigger" {
  # message: triggers names nobody, and there is no such directory with a function.json in ./../triggers. There are
  command = plan
  variables { triggers = { nobody = {} } }
}

run "event_version_on_lite" {
  # message: pre-token-generation has event_version V2_0, which Cognito does not send on the plan LITE: set feature_plan
  #   to ESSENTIALS, or write "event_version": "V1_0" into
  command = plan
  variables { feature_plan = "LITE" }
}

run "claim_source_that_a_client_can_write" {
  # message: Claims trust attributes that users can write through an app client: custom:tenant (app). Take them out of
  #   the client's write_attributes, or out of ADMIN_ONLY_ATTRIBUTES.
  command = plan
  variables {
    custom_attributes = { tenant = {} }
    app_clients       = { app = { write_attributes = ["email", "custom:tenant"] } }
  }
}

run "admin_only_attribute_that_a_client_can_write" {
  # message: custom:tenant is admin-only. Remove it from the list, or admin_only from the attribute
  command = plan
  variables {
    app_clients = { app = { write_attributes = ["email", "custom:tenant"] } }
    triggers = {
      for name, options in jsondecode(file("pool.auto.tfvars.json")).triggers : name => options
      if name != "pre-token-generation"
    }
  }
}

run "missing_zip" {
  # message: ./tests/pre-sign-up.zip does not exist: run `make build` first
  command = plan
  variables { zips_path = "./tests" }
}

run "zips_of_the_other_architecture" {
  # message: ./../build/amd64/pre-sign-up.zip does not exist: run `make build` first (`make build ARCH=amd64` for
  #   architecture x86_64); in a repository of your own, `go tool poolctl build` (`--arch amd64`).
  command = plan
  variables { architecture = "x86_64" }
}

run "a_code_is_forgotten" {
  # message: pre-sign-up has no code: code has no entry for it, and no folder of zips is set. Set zips_path to the
  #   output of `make build`, or code to what `poolctl build --upload` writes for all functions.
  command = plan
  variables { code = { pre-sing-up = { s3 = { bucket = "zips", key = "pre-sign-up.zip", object_version = "1" } } } }
}

run "custom_message_without_ses" {
  # message: custom-message is on, but without an SES identity Cognito refuses its mail: set ses, or take enabled = true out of triggers.
  command = plan
  variables { triggers = { custom-message = { enabled = true } } }
}

run "welcome_mail_without_ses" {
  # message: post-confirmation has WELCOME_EMAIL_FROM, but no SES identity to send with: set ses.
  command = plan
  variables { triggers = { post-confirmation = { environment = { WELCOME_EMAIL_FROM = "hello@example.org" } } } }
}

run "two_manifests_for_a_hook" {
  # message: both serve the hook pre_sign_up, and a pool has one function per hook: switch one off with enabled = false in triggers.
  command = plan
  variables {
    triggers_path = "./modules/triggers/tests/fixtures/same-hook"
    zips_path     = "./modules/triggers/tests/fixtures/zips"
    triggers      = {}
  }
}

run "no_manifest" {
  # message: No trigger found: there is no ./modules/triggers/tests/fixtures/empty/*/function.json. Attaching nothing
  #   would detach the triggers of a live pool; name the directory that holds them.
  command = plan
  variables {
    triggers_path = "./modules/triggers/tests/fixtures/empty"
    triggers      = {}
  }
}

# Both modules get the options of an unknown function.
run "wrong_options" {
  # message: function_options has boundary; the members are
  # message: function_options is for nobody, and there is no such function. There are auth, posts
  command = plan
  variables {
    app_clients      = { app = { auth_flows = ["USER_PASSWORD_AUTH"] } }
    api              = {}
    function_options = { nobody = {}, posts = { boundary = "x" } }
  }
}

run "unknown_mfa" {
  # message: mfa is "SOMETIMES": set OFF, OPTIONAL or ON.
  command = plan
  variables { mfa = "SOMETIMES" }
}

run "api_without_its_client" {
  # message: api.app_client is "app", and app_clients has web: name one of them, or set api = null for no API.
  command = plan
  variables {
    app_clients = { web = {} }
    api         = {}
  }
}

run "api_with_a_client_that_takes_no_password" {
  # message: The HTTP API signs users in with the app client app, which has a secret or lacks the flow USER_PASSWORD_AUTH
  command = plan
  variables {
    app_clients = { app = {} }
    api         = {}
  }
}

run "api_with_a_client_that_has_a_secret" {
  # message: The HTTP API signs users in with the app client app, which has a secret or lacks the flow USER_PASSWORD_AUTH
  command = plan
  variables {
    app_clients = { app = { generate_secret = true, auth_flows = ["USER_PASSWORD_AUTH"] } }
    api         = {}
  }
}

run "api_of_an_unknown_kind" {
  # message: api.kind is "WEBSOCKET": use HTTP, or REST for a REST API.
  command = plan
  variables {
    app_clients = { app = { auth_flows = ["USER_PASSWORD_AUTH"] } }
    api         = { kind = "WEBSOCKET" }
  }
}

run "rest_api_with_what_http_apis_have" {
  # message: api: a REST API accepts tokens of all app clients of the pool and gets its domain elsewhere
  command = plan
  variables {
    app_clients = { app = { auth_flows = ["USER_PASSWORD_AUTH"] } }
    api         = { kind = "REST", app_clients = ["app"] }
  }
}

run "http_api_with_what_rest_apis_have" {
  # message: api.account_role is for REST APIs
  command = plan
  variables {
    app_clients = { app = { auth_flows = ["USER_PASSWORD_AUTH"] } }
    api         = { account_role = true }
  }
}

run "api_for_unknown_clients" {
  # message: api.app_clients names web, and app_clients has app.
  command = plan
  variables {
    app_clients = { app = { auth_flows = ["USER_PASSWORD_AUTH"] } }
    api         = { app_clients = ["app", "web"] }
  }
}

run "api_without_functions" {
  # message: No function found: there is no ./modules/http-api/tests/fixtures/empty/*/function.json.
  command = plan
  variables {
    app_clients = { app = { auth_flows = ["USER_PASSWORD_AUTH"] } }
    api         = {}
    api_path    = "./modules/http-api/tests/fixtures/empty"
  }
}

run "issuer_without_scheme" {
  # message: token_issuer_base is "127.0.0.1:9229": write a URL without a slash at the end.
  command = plan
  variables { token_issuer_base = "127.0.0.1:9229" }
}
