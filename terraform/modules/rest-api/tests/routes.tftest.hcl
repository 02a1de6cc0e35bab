# What is made of the routes, and for pages of other origins.
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

run "defaults" {
  assert {
    condition = toset(keys(local.resources)) == toset([
      "", "auth", "auth/sign-in", "auth/me", "post", "post/{id}", "a", "a/b", "a/b/c", "a/b/c/d", "a/b/c/d/{e}",
    ])
    error_message = "resources: ${join(", ", keys(local.resources))}"
  }

  assert {
    condition = (
      aws_api_gateway_resource.level_2["post/{id}"].path_part == "{id}"
      && aws_api_gateway_resource.level_2["post/{id}"].parent_id == aws_api_gateway_resource.level_1["post"].id
      && aws_api_gateway_resource.level_5["a/b/c/d/{e}"].parent_id == aws_api_gateway_resource.level_4["a/b/c/d"].id
    )
    error_message = "A resource is in another place of the tree than its path says."
  }

  assert {
    condition = { for key, route in output.routes : key => route.authorization } == {
      for key, route in module.functions.routes : key => route.guarded ? "COGNITO_USER_POOLS" : "NONE"
    }
    error_message = "A guarded route is open, or an open one guarded."
  }

  # Without scopes, API Gateway would take an ID token.
  assert {
    condition = (
      aws_api_gateway_method.this["GET /auth/me"].authorization_scopes == toset(["aws.cognito.signin.user.admin"])
      && aws_api_gateway_method.this["PUT /post/{id}"].authorization_scopes == toset(["posts/write"])
    )
    error_message = "A guarded route does not ask for its scopes."
  }

  assert {
    condition = alltrue([
      for key, integration in aws_api_gateway_integration.this :
      integration.type == "AWS_PROXY"
      && integration.integration_http_method == "POST"
      && integration.uri == module.functions.functions[local.routes[key].function].invoke_arn
    ])
    error_message = "A route calls another function, or not as Lambda wants to be called."
  }

  assert {
    condition = (
      aws_api_gateway_integration.this["GET /auth/me"].timeout_milliseconds == 20000
      && aws_api_gateway_integration.this["GET /"].timeout_milliseconds == 29000
    )
    error_message = "API Gateway waits for another time than the function's timeout and start, at most 29 s."
  }

  assert {
    condition = alltrue([
      for name, permission in aws_lambda_permission.api :
      permission.qualifier == "live" && permission.source_arn == "${aws_api_gateway_rest_api.this.execution_arn}/*/*"
    ])
    error_message = "Another API may invoke the functions."
  }

  assert {
    condition     = length(aws_api_gateway_method.preflight) == 0 && length(aws_api_gateway_gateway_response.this) == 0
    error_message = "No page of another origin may call the API unless it is named."
  }

  assert {
    condition = (
      aws_api_gateway_stage.this.stage_name == "live"
      && one(aws_api_gateway_method_settings.all.settings).throttling_rate_limit == 100
      && one(aws_api_gateway_method_settings.all.settings).throttling_burst_limit == 200
    )
    error_message = "Requests are not limited."
  }

  # Execution logs would hold headers and bodies.
  assert {
    condition = (
      one(aws_api_gateway_method_settings.all.settings).logging_level == "OFF"
      && !one(aws_api_gateway_method_settings.all.settings).data_trace_enabled
    )
    error_message = "Tokens and passwords are logged."
  }

  assert {
    condition = toset(values(jsondecode(one(aws_api_gateway_stage.this.access_log_settings).format))) == toset([
      "$context.requestId",
      "$context.requestTimeEpoch",
      "$context.httpMethod",
      "$context.httpMethod $context.resourcePath",
      "$context.status",
      "$context.responseLength", "$context.responseLatency", "$context.integration.status", "$context.integration.latency",
      "$context.integration.error", "$context.authorizer.error", "$context.error.responseType",
    ])
    error_message = "The access log holds more than what happened."
  }

  assert {
    condition     = length(aws_api_gateway_account.this) == 0
    error_message = "The account's role is replaced without being asked for."
  }
}

run "given" {
  command = plan

  variables {
    cors_origins       = ["https://app.example.com"]
    throttle           = { rate = 5, burst = 7 }
    account_role       = true
    log_retention_days = 7
    kms_key_arn        = "arn:aws:kms:eu-west-1:111122223333:key/own"
    stage_name         = "v1"
    tracing            = "Active"
    tags               = { team = "people" }
  }

  assert {
    condition = (
      toset(keys(aws_api_gateway_method.preflight)) == toset(["", "auth/sign-in", "auth/me", "post/{id}", "a/b/c/d/{e}"])
      && alltrue([
        for method in aws_api_gateway_method.preflight :
        method.http_method == "OPTIONS" && method.authorization == "NONE"
      ])
    )
    error_message = "preflight requests of: ${join(", ", keys(aws_api_gateway_method.preflight))}"
  }

  assert {
    condition = (
      toset(keys(aws_api_gateway_gateway_response.this)) == toset(["DEFAULT_4XX", "DEFAULT_5XX"])
      && alltrue([
        for response in aws_api_gateway_gateway_response.this :
        response.response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'https://app.example.com'"
      ])
    )
    error_message = "A page cannot read the answers that API Gateway gives by itself."
  }

  assert {
    condition = (
      one(aws_api_gateway_method_settings.all.settings).throttling_rate_limit == 5
      && one(aws_api_gateway_method_settings.all.settings).throttling_burst_limit == 7
    )
    error_message = "The limits are others than those given."
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.access.retention_in_days == 7
      && aws_cloudwatch_log_group.access.kms_key_id == var.kms_key_arn
      && aws_api_gateway_stage.this.stage_name == "v1"
      && aws_api_gateway_stage.this.xray_tracing_enabled
    )
    error_message = "An input has no effect."
  }

  assert {
    condition = (
      aws_api_gateway_rest_api.this.tags == tomap(var.tags)
      && aws_api_gateway_stage.this.tags == tomap(var.tags)
      && aws_cloudwatch_log_group.access.tags == tomap(var.tags)
      && aws_iam_role.logs[0].tags == tomap(var.tags)
    )
    error_message = "Something has no tags."
  }
}

run "several_origins" {
  command = plan

  variables {
    cors_origins = ["https://app.example.com", "http://localhost:3000"]
  }

  assert {
    condition = (
      aws_api_gateway_gateway_response.this["DEFAULT_4XX"].response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"]
      == "method.request.header.Origin"
    )
    error_message = "Pages of the second origin cannot read the answers that API Gateway gives by itself."
  }
}
