# What holds for the API as a whole: its stage, its access log, its limits and who may call it from a page.
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
  client_ids    = { app = "1client" }
  client        = "app"
  profile_table = { name = "profiles", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  posts_table   = { name = "posts", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/posts" }
}

run "defaults" {
  assert {
    condition     = aws_apigatewayv2_stage.default.name == "$default" && aws_apigatewayv2_stage.default.auto_deploy
    error_message = "The API is not at the root of its address, or changes are not deployed."
  }

  assert {
    condition = (
      aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 100
      && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_burst_limit == 200
    )
    error_message = "requests are throttled"
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.access_log_settings[0].destination_arn == aws_cloudwatch_log_group.access.arn
    error_message = "requests are logged"
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.access.retention_in_days == 30
      && aws_cloudwatch_log_group.access.name == "/aws/vendedlogs/apis/test"
      && aws_cloudwatch_log_group.access.kms_key_id == null
    )
    error_message = "log group: ${aws_cloudwatch_log_group.access.name}, kept for ${aws_cloudwatch_log_group.access.retention_in_days} days"
  }

  # Claims, headers, addresses, paths and queries hold tokens, or say who it was.
  assert {
    condition = toset(values(jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format))) == toset([
      "$context.requestId",
      "$context.requestTimeEpoch",
      "$context.httpMethod",
      "$context.routeKey",
      "$context.status",
      "$context.responseLength",
      "$context.responseLatency", "$context.integrationStatus", "$context.integrationLatency", "$context.integrationErrorMessage",
      "$context.authorizer.error", "$context.error.responseType",
    ])
    error_message = "the access log tells what happened and not to whom"
  }

  assert {
    condition     = length(aws_apigatewayv2_api.this.cors_configuration) == 0
    error_message = "no page of another origin may call the API unless it is named"
  }

  assert {
    condition     = aws_apigatewayv2_api.this.protocol_type == "HTTP" && aws_apigatewayv2_api.this.name == "test"
    error_message = "api: ${aws_apigatewayv2_api.this.name}, ${aws_apigatewayv2_api.this.protocol_type}"
  }
}

run "given" {
  command = plan

  variables {
    cors_origins       = ["https://app.example.com", "http://localhost:3000"]
    throttle           = { rate = 5, burst = 7 }
    log_retention_days = 7
    kms_key_arn        = "arn:aws:kms:eu-west-1:111122223333:key/own"
    tags               = { team = "people" }
    function_options = {
      "*"   = { log_skip_destroy = true, log_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/logs", gradual_deployment = true }
      notes = { gradual_deployment = false }
    }
  }

  assert {
    condition     = output.functions.people.alias_name == "live-gradual" && output.functions.notes.alias_name == "live"
    error_message = "options do not reach the functions: ${output.functions.people.alias_name}, ${output.functions.notes.alias_name}"
  }

  assert {
    condition = (
      aws_apigatewayv2_api.this.cors_configuration[0].allow_origins == toset(var.cors_origins)
      && !aws_apigatewayv2_api.this.cors_configuration[0].allow_credentials
    )
    error_message = "pages of the named origins may call the API, without cookies"
  }

  assert {
    condition     = aws_apigatewayv2_api.this.cors_configuration[0].allow_methods == toset(["GET", "PATCH", "POST"])
    error_message = "methods: ${join(", ", aws_apigatewayv2_api.this.cors_configuration[0].allow_methods)}"
  }

  assert {
    condition = aws_apigatewayv2_api.this.cors_configuration[0].allow_headers == toset([
      "authorization", "content-type", "idempotency-key", "if-match",
    ])
    error_message = "headers: ${join(", ", aws_apigatewayv2_api.this.cors_configuration[0].allow_headers)}"
  }

  # The local HTTP API answers the same.
  assert {
    condition = (
      aws_apigatewayv2_api.this.cors_configuration[0].expose_headers
      == toset(["apigw-requestid", "etag", "location", "retry-after"])
      && aws_apigatewayv2_api.this.cors_configuration[0].max_age == 600
    )
    error_message = <<-EOT
      exposed: ${join(", ", aws_apigatewayv2_api.this.cors_configuration[0].expose_headers)}, for
      ${aws_apigatewayv2_api.this.cors_configuration[0].max_age} s
    EOT
  }

  assert {
    condition = (
      aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 5
      && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_burst_limit == 7
    )
    error_message = "The limits are others than those given."
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.access.retention_in_days == 7
      && aws_cloudwatch_log_group.access.kms_key_id == var.function_options["*"].log_kms_key_arn
      && aws_cloudwatch_log_group.access.skip_destroy
    )
    error_message = "The key does not encrypt the access log, or it is kept for another time."
  }

  assert {
    condition = (
      aws_apigatewayv2_api.this.tags == tomap(var.tags)
      && aws_apigatewayv2_stage.default.tags == tomap(var.tags)
      && aws_cloudwatch_log_group.access.tags == tomap(var.tags)
    )
    error_message = "Something has no tags."
  }
}
