mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  user_pool   = { arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001" }
  functions = {
    functions = { auth = { function_name = "test-auth", alias_name = "live", invoke_arn = "arn:aws:apigateway:eu-west-1:lambda:path/auth", timeout_seconds = 10 } }
    routes    = { "GET /me" = { function = "auth", guarded = true, scopes = [] } }
  }
}

run "routes" {
  command = plan

  variables {
    cors_origins = ["https://app.example.com"]
    functions = {
      functions = { auth = { function_name = "test-auth", alias_name = "live", invoke_arn = "arn:aws:apigateway:eu-west-1:lambda:path/auth", timeout_seconds = 30 } }
      routes = {
        "GET /a/b/c/d/e/f"   = { function = "auth", guarded = false, scopes = [] }
        "GET /user/{id}"     = { function = "auth", guarded = false, scopes = [] }
        "GET /user/{name}/x" = { function = "auth", guarded = false, scopes = [] }
        "OPTIONS /user"      = { function = "auth", guarded = false, scopes = [] }
      }
    }
  }

  # message: GET /a/b/c/d/e/f has 6 segments, and this module has 5 levels: shorten it.
  # message: {id} and {name} below /user are path parameters in one place: give them one name.
  # message: OPTIONS /user is a route of the functions, and cors_origins makes one for preflight requests: take one of them out.
  # message: GET /user/{id} has a function that waits 30 seconds, and a REST API waits 29.
}

run "inputs" {
  command = plan

  variables {
    stage_name    = "v1.0"
    endpoint_type = "PRIVATE"
    cors_origins  = ["https://app.example.com/"]
    throttle      = { rate = 0 }
    tracing       = "On"
    functions     = { functions = {}, routes = {} }
  }

  # message: functions has no routes: switch on at least one function of the API.
  # message: stage_name is "v1.0": use 1 to 128 letters, digits, underscores and dashes.
  # message: endpoint_type is "PRIVATE": use REGIONAL or EDGE. Tokens are checked for both.
  # message: cors_origins: write "https://" and a host in lower-case letters, without path and without *; http:// for localhost only.
  # message: throttle: rate and burst must be 1 or more; with 0 the API would refuse every request.
  # message: tracing is "On": use PassThrough or Active.
}
