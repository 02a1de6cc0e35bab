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
  # message: ./tests/fixtures/broken.json is no JSON object.
  command = plan
  variables { manifest = "./tests/fixtures/broken.json" }
}

run "unknown_key" {
  # message: ./tests/fixtures/wrong.json: unknown key timeout; the keys are hook, event_version, routes, timeout_seconds, memory_mb, environment, grants.
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "unknown_hook" {
  # message: ./tests/fixtures/wrong.json: hook "pre_signup" is none; use one of create_auth_challenge,
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "unknown_grant" {
  # message: ./tests/fixtures/wrong.json: unknown grant s3:everything; use profiles:read, profiles:write, ses:send, cognito:link-provider, cognito:add-to-group.
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "setting_in_lower_case" {
  # message: ./tests/fixtures/wrong.json: the names in environment are capital letters, digits and underscores.
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "no_time" {
  # message: ./tests/fixtures/wrong.json: timeout_seconds has to be 1 to 900
  command = plan
  variables { manifest = "./tests/fixtures/wrong.json" }
}

run "little_memory" {
  # message: ./tests/fixtures/wrong.json: memory_mb has to be 128 to 10240.
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
  # message: ./tests/fixtures/hook-and-routes.json: a function has a hook or routes, and not both.
  command = plan
  variables { manifest = "./tests/fixtures/hook-and-routes.json" }
}

run "no_route" {
  # message: ./tests/fixtures/hook-and-routes.json: write every route as "POST /path".
  command = plan
  variables { manifest = "./tests/fixtures/hook-and-routes.json" }
}

run "unknown_setting" {
  # message: welcome: environment has DEFAULT_GROUPS, which is no setting of the function. ./tests/fixtures/trigger.json has DEFAULT_GROUP, PROFILE_TABLE; LOG_LEVEL is every function's.
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

run "long_name" {
  # message: more than IAM's 64: shorten name_prefix.
  command = plan
  variables { name_prefix = "a-name-that-leaves-too-little-for-the-others" }
}

run "alias_without_number" {
  # message: alias_version of welcome has to be the number of a published version
  command = plan
  variables { alias_version = "$LATEST" }
}

run "unknown_tracing" {
  # message: tracing "active": use PassThrough or Active.
  command = plan
  variables { tracing = "active" }
}
