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
      # message: No function found: there is no ./tests/fixtures/empty/*/function.json.
      no_function = { api_path = "./tests/fixtures/empty" }

      # message: Without function.json: ./tests/fixtures/forgotten/notes. Write the manifest, or delete the directory.
      directory_without_manifest = { api_path = "./tests/fixtures/forgotten" }

      # message: client_ids is empty: without an audience, tokens of every client of the pool would be accepted.
      no_audience = { client_ids = {} }

      # message: cors_origins has *: write "https://" and a host in lower-case letters
      every_origin = { cors_origins = ["*"] }

      # message: cors_origins has https://app.example.com/: write "https://" and a host in lower-case letters
      origin_with_a_path = { cors_origins = ["https://app.example.com/"] }

      # message: cors_origins has http://app.example.com: write "https://" and a host in lower-case letters
      origin_over_plain_http = { cors_origins = ["http://app.example.com"] }

      # message: throttle: rate and burst must be 1 or more
      no_requests = { throttle = { rate = 0 } }

      # message: environment is for LOG_LEVEL and AWS_ENDPOINT_URL…; set GREETING in functions
      setting_for_every_function = { environment = { GREETING = "hi" } }

      # message: user_pool.issuer "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001/": write the issuer
      #   of the pool's tokens, https:// and without a slash at the end.
      issuer = { user_pool = {
        id     = "eu-west-1_Pool00001", arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
        issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001/"
      } }

      # message: client_ids has 51 app clients, and API Gateway accepts tokens of 50 at most: name fewer.
      many_clients = { client_ids = { for i in range(51) : i == 0 ? "app" : "app${i}" => "client${i}" } }

      # message: tags: AWS takes 50 tags
      tags = { tags = { "aws:team" = "identity" } }
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
      # message: ./tests/fixtures/hook/people/function.json has a hook: a trigger belongs in triggers/.
      trigger_among_functions = { api_path = "./tests/fixtures/hook" }

      # message: ./tests/fixtures/twice/notes/function.json and ./tests/fixtures/twice/people/function.json both serve
      #   GET /people/{name} and GET /people/{id}, and one function serves a route
      one_route_in_two_functions = { api_path = "./tests/fixtures/twice" }

      # message: ./tests/fixtures/repeated/people/function.json serves twice GET /people
      one_route_twice = { api_path = "./tests/fixtures/repeated" }

      # message: ./tests/fixtures/slow/people/function.json: timeout_seconds is 31, and an HTTP API waits 30 seconds at most.
      longer_than_the_api_waits = { api_path = "./tests/fixtures/slow" }

      # message: ./tests/fixtures/notes.zip does not exist: run `make build` first
      missing_zip = { zips_path = "./tests/fixtures" }

      # message: notes: take POSTS_TABLE out of its environment; it follows from posts_table.
      setting_that_follows = { functions = { notes = { environment = { POSTS_TABLE = "others" } } } }

      # message: people has the setting PROFILE_TABLE, and there is no table: set profile_table.
      no_profile_table = { profile_table = null }

      # message: notes has the setting POSTS_TABLE, and there is no table: set posts_table.
      no_posts_table = { posts_table = null }

      # message: ./tests/fixtures/scopes/people/function.json: GET /people has 11 scopes, and API Gateway takes 10 for a route: name fewer.
      many_scopes = { api_path = "./tests/fixtures/scopes" }
    }
  }
}

run "inputs_of_others" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: user_pool.arn "eu-west-1_Pool00001" is not the ARN of a user pool.
      no_pool = { user_pool = { id = "eu-west-1_Pool00001", arn = "eu-west-1_Pool00001", issuer = "https://sign-in.example.org" } }

      # message: client is "web", which is not in client_ids: app.
      unknown_client = { client = "web" }

      # message: functions names nobody, and there is no such directory with a function.json in ./tests/fixtures/api.
      #   There are notes, people.
      unknown_function = { functions = { nobody = {} } }

      # message: ./tests/fixtures/tables/people/function.json declares the table codes with other keys, indexes, TTL or
      #   stream than triggers/send-code/function.json: declare it in the same way to share it, or rename it.
      table_that_a_trigger_declares_otherwise = {
        api_path = "./tests/fixtures/tables"
        tables = { codes = {
          name        = "test-codes"
          arn         = "arn:aws:dynamodb:eu-west-1:111122223333:table/test-codes"
          definition  = "{}"
          declared_by = "triggers/send-code/function.json"
        } }

      }
    }
  }
}

run "names" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: more than IAM's 64: shorten name_prefix.
      long_name = { name_prefix = "a-name-that-leaves-too-little-for-the-others" }
    }
  }
}
