# Inputs of the module that are refused at plan, and the message of each.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  api_path    = "./tests/fixtures/api"
  zips_path   = "./tests/fixtures/zips"
  user_pool   = { id = "eu-west-1_Pool00001", arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001" }
  client_id   = "1client"
}

run "routes" {
  command = plan

  variables {
    api_path     = "./tests/fixtures/wrong"
    cors_origins = ["https://app.example.com"]
  }

  # message: GET /a/b/c/d/e/f has 6 segments, and this module has 5 levels: shorten it.
  # message: {id} and {name} below /user are path parameters in one place: give them one name.
  # message: OPTIONS /user is a route of the functions, and cors_origins makes one for preflight requests: take one of them out.
  # message: ./tests/fixtures/wrong/posts/function.json: timeout_seconds is 30, and a REST API waits 29 seconds at most.
}

run "inputs" {
  command = plan

  variables {
    stage_name    = "v1.0"
    endpoint_type = "PRIVATE"
    cors_origins  = ["https://app.example.com/"]
    throttle      = { rate = 0 }
  }

  # message: stage_name is "v1.0": use 1 to 128 letters, digits, underscores and dashes.
  # message: endpoint_type is "PRIVATE": use REGIONAL or EDGE. Tokens are checked for both.
  # message: cors_origins has https://app.example.com/: write "https://" and a host in lower-case letters
  # message: throttle: rate and burst must be 1 or more
}
