# Inputs of the module that are refused at plan, and the message of each.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  name        = "welcome"
  manifest    = "./tests/fixtures/trigger.json"
  zip         = "./tests/fixtures/function.zip"
}

run "no_manifest" {
  # message: ./function.json does not exist: name the function.json of welcome.
  command = plan
  variables { manifest = "./function.json" }
}

run "no_json" {
  # message: ./tests/fixtures/broken.json is not a JSON object.
  command = plan
  variables { manifest = "./tests/fixtures/broken.json" }
}

run "unknown_key" {
  # message: ./tests/fixtures/wrong.json: unknown key timeout; the keys are hook, event_version, routes, timeout_seconds, memory_mb, environment, grants, statements, tables.
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "unknown_hook" {
  # message: ./tests/fixtures/wrong.json: hook "pre_signup" is not a hook; use one of create_auth_challenge,
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "unknown_grant" {
  # message: ./tests/fixtures/wrong.json: unknown grant s3:everything; use profiles:read, profiles:write, posts:read, posts:write, ses:send, cognito:link-provider, cognito:add-to-group, cognito:sign-out, cognito:get-user, cognito:list-groups, secrets:read, sns:publish, events:put, kms:decrypt, dynamodb:read, cognito:migrate-from.
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "grant_as_text" {
  # message: grants[0] is not an object; write { "grant": "profiles:read" }
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "misspelled_when" {
  # message: grants[2] has the unknown key When; the keys are grant, when, resource
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "grant_of_an_unknown_setting" {
  # message: grants[3].when is MISSING, which is not in environment; name a setting of the function
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "setting_in_lower_case" {
  # message: ./tests/fixtures/wrong.json: names in environment have capital letters, digits and underscores.
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "no_time" {
  # message: ./tests/fixtures/wrong.json: timeout_seconds must be 1 to 900
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "little_memory" {
  # message: ./tests/fixtures/wrong.json: memory_mb must be 128 to 10240.
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "no_version" {
  # message: ./tests/fixtures/no-version.json: event_version is missing; use V1_0, V2_0, V3_0.
  command = plan
  variables { manifest = "./tests/fixtures/no-version.json" }
}

run "needless_version" {
  # message: ./tests/fixtures/needless-version.json: event_version "V1_0" does not exist for this function; take the key out.
  command = plan
  variables { manifest = "./tests/fixtures/needless-version.json" }
}

run "hook_and_routes" {
  # message: ./tests/fixtures/hook-and-routes.json: a function has a hook or routes, not both.
  command = plan
  variables { manifest = "./tests/fixtures/hook-and-routes.json" }
}

run "route_as_text" {
  # message: routes[0] is not an object; write { "route": "POST /path" }
  command = plan
  variables { manifest = "./tests/fixtures/wrong-routes.json" }
}

run "route_in_lower_case" {
  # message: routes[1].route is not a route; write "POST /path" or "GET /path/{id}"
  command = plan
  variables { manifest = "./tests/fixtures/wrong-routes.json" }
}

run "greedy_route" {
  # message: routes[2].route is not a route; write "POST /path" or "GET /path/{id}"
  command = plan
  variables { manifest = "./tests/fixtures/wrong-routes.json" }
}

run "misspelled_authorizer" {
  # message: routes[3] has the unknown key authoriser; the keys are route, authorizer, scopes, groups, id_tokens
  command = plan
  variables { manifest = "./tests/fixtures/wrong-routes.json" }
}

run "unknown_authorizer" {
  # message: routes[4].authorizer is not "jwt"; write "jwt", or leave it out for an open route
  command = plan
  variables { manifest = "./tests/fixtures/wrong-routes.json" }
}

run "rules_of_an_open_route" {
  # message: routes[5] is open, so groups, scopes would guard nothing; add "authorizer": "jwt"
  command = plan
  variables { manifest = "./tests/fixtures/wrong-routes.json" }
}

run "scope_with_a_blank" {
  # message: routes[6]: scopes and groups are lists of names without white space
  command = plan
  variables { manifest = "./tests/fixtures/wrong-routes.json" }
}

run "id_tokens_as_text" {
  # message: routes[7].id_tokens must be true or false
  command = plan
  variables { manifest = "./tests/fixtures/wrong-routes.json" }
}

run "unknown_setting" {
  # message: welcome: environment has DEFAULT_GROUPS, which is not a setting of the function. ./tests/fixtures/trigger.json has DEFAULT_GROUP, PROFILE_TABLE; every function also has LOG_LEVEL.
  command = plan
  variables { environment = { DEFAULT_GROUPS = "members" } }
}

run "no_zip" {
  # message: ./build/arm64/welcome.zip does not exist: run `make build` first
  command = plan
  variables { zip = "./build/arm64/welcome.zip" }
}

run "unknown_architecture" {
  # message: architecture "amd64": use arm64 (make build) or x86_64 (make build ARCH=amd64).
  command = plan
  variables { architecture = "amd64" }
}

run "no_concurrency" {
  # message: reserved_concurrency of welcome must be 1 or more: with 0, Lambda refuses every call.
  command = plan
  variables { reserved_concurrency = 0 }
}

run "long_name" {
  # message: more than IAM's 64: shorten name_prefix.
  command = plan
  variables { name_prefix = "a-name-that-leaves-too-little-for-the-others" }
}

run "alias_without_number" {
  # message: alias_version of welcome must be the number of a published version
  command = plan
  variables { alias_version = "$LATEST" }
}

run "unknown_tracing" {
  # message: tracing "active": use PassThrough or Active.
  command = plan
  variables { tracing = "active" }
}

run "alias_for_a_key" {
  # message: kms_key_arn "arn:aws:kms:eu-west-1:111122223333:alias/ours" is not the ARN of a key
  command = plan
  variables { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/ours" }
}

run "no_table" {
  # message: welcome: ./tests/fixtures/permissions.json declares codes, log, and tables has no such table; modules/tables creates them.
  # message: ./tests/fixtures/permissions.json: grants[0].resource: secrets:read holds, and SECRET_ARN is empty: give it the ARN in the function's environment, or let the grant hold "when": "SECRET_ARN".
  # message: welcome: take CODES_TABLE out of its environment; it follows from tables in function.json.
  command = plan
  variables {
    manifest    = "./tests/fixtures/permissions.json"
    environment = { CODES_TABLE = "codes" }
  }
}
