# What becomes of manifests: functions, routes and who may call them.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  api_path    = "./tests/fixtures/api"
  zips_path   = "./tests/fixtures/zips"
  user_pool = {
    id     = "eu-west-1_Pool00001"
    arn    = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001"
  }
  client_ids    = { app = "1client", web = "2client" }
  client        = "app"
  profile_table = { name = "profiles", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  posts_table   = { name = "posts", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/posts" }
}

run "routes" {
  assert {
    condition = toset(keys(aws_apigatewayv2_route.this)) == toset([
      "POST /people", "GET /people/{id}", "PATCH /people/{id}", "GET /notes", "POST /note",
    ])
    error_message = "the routes are those of the manifests: ${join(", ", keys(aws_apigatewayv2_route.this))}"
  }

  assert {
    condition = alltrue([
      for key, route in aws_apigatewayv2_route.this : route.route_key == key && route.api_id == aws_apigatewayv2_api.this.id
    ])
    error_message = "A route has another key than its manifest says."
  }

  assert {
    condition = alltrue([for key in ["GET /people/{id}", "PATCH /people/{id}", "POST /note"] :
      aws_apigatewayv2_route.this[key].authorization_type == "JWT"
      && aws_apigatewayv2_route.this[key].authorizer_id == aws_apigatewayv2_authorizer.user_pool.id
    ])
    error_message = "a guarded route has the authorizer"
  }

  assert {
    condition = [for key, route in aws_apigatewayv2_route.this : key if route.authorization_type != "JWT"] == [
      "GET /notes",
      "POST /people",
    ]
    error_message = "only the routes without authorizer are open"
  }

  assert {
    condition     = aws_apigatewayv2_route.this["PATCH /people/{id}"].authorization_scopes == toset(["people/write", "people/all"])
    error_message = "a route has the scopes of its manifest"
  }

  assert {
    condition = alltrue([for key, route in aws_apigatewayv2_route.this :
      route.target == "integrations/${aws_apigatewayv2_integration.function[strcontains(key, "note") ? "notes" : "people"].id}"
    ])
    error_message = "A route leads to another function than the one whose manifest has it."
  }

  assert {
    condition = output.routes["PATCH /people/{id}"] == {
      function      = "people"
      authorization = "JWT"
      scopes        = ["people/write", "people/all"]
    }
    error_message = jsonencode(output.routes)
  }
}

run "authorizer" {
  assert {
    condition = (
      aws_apigatewayv2_authorizer.user_pool.authorizer_type == "JWT"
      && aws_apigatewayv2_authorizer.user_pool.identity_sources == toset(["$request.header.Authorization"])
    )
    error_message = "Tokens are taken from somewhere else than the header."
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.user_pool.jwt_configuration[0].issuer == var.user_pool.issuer
    error_message = "the issuer is the pool's"
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.user_pool.jwt_configuration[0].audience == toset(["1client", "2client"])
    error_message = "the audience is the app clients"
  }
}

run "integrations" {
  assert {
    condition = alltrue([for name, integration in aws_apigatewayv2_integration.function :
      integration.integration_type == "AWS_PROXY"
      && integration.payload_format_version == "2.0"
      && integration.integration_uri == module.functions.functions[name].invoke_arn
      && strcontains(integration.integration_uri, ":live/")
    ])
    error_message = "a function is called through its alias, in payload format 2.0"
  }

  assert {
    condition = (
      aws_apigatewayv2_integration.function["people"].timeout_milliseconds == 20000
      && aws_apigatewayv2_integration.function["notes"].timeout_milliseconds == 30000
    )
    error_message = "API Gateway gives up before the function, or later than it can."
  }

  assert {
    condition = alltrue([for name, permission in aws_lambda_permission.api :
      permission.principal == "apigateway.amazonaws.com" && permission.source_arn == "${aws_apigatewayv2_api.this.execution_arn}/*/*"
    ]) && length(aws_lambda_permission.api) == 2
    error_message = "only this API may invoke the functions"
  }

  assert {
    condition = alltrue([for name, permission in aws_lambda_permission.api :
      permission.function_name == module.functions.functions[name].function_name
      && permission.qualifier == module.functions.functions[name].alias_name
      && permission.action == "lambda:InvokeFunction"
    ])
    error_message = "The permission is for something else than the alias."
  }
}

run "settings" {
  command = plan

  variables {
    environment = { LOG_LEVEL = "debug" }
    functions   = { people = { environment = { GREETING = "good day" }, memory_mb = 512, version = "3", reserved_concurrency = 5 } }
  }

  assert {
    condition = module.functions.environments["people"] == {
      USER_POOL_ID = "eu-west-1_Pool00001", CLIENT_ID = "1client", PROFILE_TABLE = "profiles", GREETING = "good day", LOG_LEVEL = "debug"
    }
    error_message = "people: ${jsonencode(module.functions.environments["people"])}"
  }

  assert {
    condition     = module.functions.environments["notes"] == { POSTS_TABLE = "posts", LOG_LEVEL = "debug" }
    error_message = "notes: ${jsonencode(module.functions.environments["notes"])}"
  }

  assert {
    condition     = output.functions.people.alias_version == "3"
    error_message = "The alias names version ${output.functions.people.alias_version}."
  }
}

run "grants" {
  assert {
    condition = {
      for name, policy in module.functions.policies :
      name => [for s in jsondecode(policy).Statement : s if s.Sid != "Logs"]
      } == {
      notes = [
        { Sid = "PostsRead", Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:Query"], Resource = [var.posts_table.arn] },
        {
          Sid      = "PostsWrite"
          Effect   = "Allow"
          Action   = ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource = [var.posts_table.arn]
        },
      ]
      people = [
        { Sid = "ProfilesRead", Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = [var.profile_table.arn] },
        {
          Sid      = "ProfilesWrite"
          Effect   = "Allow"
          Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource = [var.profile_table.arn]
        },
      ]
    }
    error_message = jsonencode({ for name, policy in module.functions.policies : name => jsondecode(policy).Statement })
  }
}

run "switched_off" {
  command = plan

  variables {
    functions   = { notes = { enabled = false } }
    posts_table = null
  }

  assert {
    condition = (
      keys(output.functions) == ["people"]
      && length(aws_apigatewayv2_route.this) == 3
      && keys(aws_apigatewayv2_integration.function) == ["people"]
    )
    error_message = "routes: ${join(", ", keys(aws_apigatewayv2_route.this))}"
  }
}
