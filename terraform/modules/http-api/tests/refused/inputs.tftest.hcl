# Inputs of the module that are refused at plan, and the message of each.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix   = "test"
  api_path      = "./tests/fixtures/api"
  zips_path     = "./tests/fixtures/zips"
  user_pool     = { id = "eu-west-1_Pool00001", arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001", issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001" }
  client_ids    = { app = "1client" }
  client        = "app"
  profile_table = { name = "profiles", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  posts_table   = { name = "posts", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/posts" }
}

run "no_function" {
  # message: No function found: there is no ./tests/fixtures/empty/*/function.json.
  command = plan
  variables { api_path = "./tests/fixtures/empty" }
}

run "directory_without_manifest" {
  # message: Without function.json: ./tests/fixtures/forgotten/notes. Write the manifest, or delete the directory.
  command = plan
  variables { api_path = "./tests/fixtures/forgotten" }
}

run "trigger_among_functions" {
  # message: ./tests/fixtures/hook/people/function.json has a hook: a trigger belongs in triggers/.
  command = plan
  variables { api_path = "./tests/fixtures/hook" }
}

run "one_route_in_two_functions" {
  # message: ./tests/fixtures/twice/notes/function.json and ./tests/fixtures/twice/people/function.json both serve GET /people/{name} and GET /people/{id}, and one function serves a route
  command = plan
  variables { api_path = "./tests/fixtures/twice" }
}

run "one_route_twice" {
  # message: ./tests/fixtures/repeated/people/function.json serves twice GET /people
  command = plan
  variables { api_path = "./tests/fixtures/repeated" }
}

run "longer_than_the_api_waits" {
  # message: ./tests/fixtures/slow/people/function.json: timeout_seconds is 31, and an HTTP API waits 30 seconds at most.
  command = plan
  variables { api_path = "./tests/fixtures/slow" }
}

run "misspelled_authorizer" {
  # message: ./tests/fixtures/misspelled/people/function.json: routes[0] has the unknown key authoriser
  command = plan
  variables { api_path = "./tests/fixtures/misspelled" }
}

run "route_as_text" {
  # message: ./tests/fixtures/text/people/function.json: routes[0] is not an object; write { "route": "POST /path" }
  command = plan
  variables { api_path = "./tests/fixtures/text" }
}

run "missing_zip" {
  # message: ./tests/fixtures/notes.zip does not exist: run `make build` first
  command = plan
  variables { zips_path = "./tests/fixtures" }
}

run "unknown_function" {
  # message: functions names nobody, and there is no such directory with a function.json in ./tests/fixtures/api. There are notes, people.
  command = plan
  variables { functions = { nobody = {} } }
}

run "unknown_setting" {
  # message: notes: environment has COLOUR, which is not a setting of the function
  command = plan
  variables { functions = { notes = { environment = { COLOUR = "red" } } } }
}

run "setting_that_follows" {
  # message: notes: take POSTS_TABLE out of its environment; it follows from posts_table.
  command = plan
  variables { functions = { notes = { environment = { POSTS_TABLE = "others" } } } }
}

run "no_profile_table" {
  # message: people has the setting PROFILE_TABLE, and there is no table: set profile_table.
  command = plan
  variables { profile_table = null }
}

run "no_posts_table" {
  # message: notes has the setting POSTS_TABLE, and there is no table: set posts_table.
  command = plan
  variables { posts_table = null }
}

run "no_audience" {
  # message: client_ids is empty: without an audience, tokens of every client of the pool would be accepted.
  command = plan
  variables { client_ids = {} }
}

run "unknown_client" {
  # message: client is "web", which is not in client_ids: app.
  command = plan
  variables { client = "web" }
}

run "every_origin" {
  # message: cors_origins: write "https://" and a host in lower-case letters
  command = plan
  variables { cors_origins = ["*"] }
}

run "origin_with_a_path" {
  # message: cors_origins: write "https://" and a host in lower-case letters
  command = plan
  variables { cors_origins = ["https://app.example.com/"] }
}

run "origin_over_plain_http" {
  # message: cors_origins: write "https://" and a host in lower-case letters
  command = plan
  variables { cors_origins = ["http://app.example.com"] }
}

run "no_requests" {
  # message: throttle: rate and burst must be 1 or more
  command = plan
  variables { throttle = { rate = 0 } }
}

run "setting_for_every_function" {
  # message: environment is for LOG_LEVEL and AWS_ENDPOINT_URL…; set GREETING in functions
  command = plan
  variables { environment = { GREETING = "hi" } }
}

run "table_that_a_trigger_declares_otherwise" {
  # message: ./tests/fixtures/tables/people/function.json declares the table codes with other keys, indexes, TTL or stream than triggers/send-code/function.json: declare it in the same way to share it, or rename it.
  command = plan
  variables {
    api_path = "./tests/fixtures/tables"
    tables = { codes = {
      name = "test-codes", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/test-codes", definition = "{}", declared_by = "triggers/send-code/function.json",
    } }
  }
}
