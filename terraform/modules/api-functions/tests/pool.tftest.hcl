# What the modules http-api and rest-api rely on; their tests hold the rest.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix   = "test"
  api_path      = "../../../api"
  zips_path     = "../http-api/tests/fixtures/zips"
  user_pool     = { id = "eu-west-1_Pool00001", arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001" }
  client_id     = "1client"
  profile_table = { name = "profiles", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  posts_table   = { name = "posts", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/posts" }
}

run "own_policies" {
  assert {
    condition = (
      alltrue([for name, policy in aws_iam_role_policy.pool : policy.role == module.function[name].role_name])
      && length(aws_iam_role_policy.pool) > 0
    )
    error_message = "A function's grant is not on its own role."
  }

  assert {
    condition     = alltrue([for environment in output.environments : !contains(keys(environment), "CORS_ORIGINS")])
    error_message = "The functions add CORS headers that nobody asked for."
  }
}

run "pages" {
  command = plan

  variables {
    cors_origins = ["https://app.example.com", "http://localhost:3000"]
  }

  assert {
    condition = alltrue([
      for environment in output.environments : environment.CORS_ORIGINS == "https://app.example.com,http://localhost:3000"
    ])
    error_message = "environments: ${jsonencode(output.environments)}"
  }
}
