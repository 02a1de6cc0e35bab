resource "aws_apigatewayv2_api" "this" {
  name          = var.name_prefix
  description   = "Serves ${length(local.routes)} routes"
  protocol_type = "HTTP"
  tags          = var.tags

  # Tokens are in a header that pages set themselves, so there are no cookies for other pages to abuse.
  dynamic "cors_configuration" {
    for_each = length(var.cors_origins) == 0 ? [] : [var.cors_origins]
    content {
      allow_origins     = cors_configuration.value
      allow_methods     = distinct([for key in keys(local.routes) : split(" ", key)[0]])
      allow_headers     = ["authorization", "content-type", "idempotency-key", "if-match"]
      expose_headers    = ["apigw-requestid", "etag", "location", "retry-after"]
      allow_credentials = false
      max_age           = 600
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.problems) == 0
      error_message = join("\n", local.problems)
    }
  }
}

# API Gateway may write to every group below /aws/vendedlogs. For others it extends an account-wide policy, which is full
# after a few APIs.
resource "aws_cloudwatch_log_group" "access" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts by itself; kms_key_arn sets a key of one's own
  #checkov:skip=CKV_AWS_338:how long lines are kept is the caller's decision, and a year is long for what tells who called when
  name              = "/aws/vendedlogs/apis/${var.name_prefix}"
  retention_in_days = module.functions.access_log.retention_days
  kms_key_id        = module.functions.access_log.kms_key_arn
  skip_destroy      = module.functions.access_log.skip_destroy
  tags              = var.tags
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default" # the API is at the root of its address
  auto_deploy = true
  tags        = var.tags

  # For each route, and all callers together. Without a limit, API Gateway accepts as many requests as the account's quota.
  default_route_settings {
    throttling_burst_limit = var.throttle.burst
    throttling_rate_limit  = var.throttle.rate
  }

  # Only the route: no path, query, claim, header or address, so no line identifies the caller. requestId is also in the
  # function's log lines.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      requestId          = "$context.requestId"
      requestTimeEpoch   = "$context.requestTimeEpoch"
      httpMethod         = "$context.httpMethod"
      routeKey           = "$context.routeKey"
      status             = "$context.status"
      responseLength     = "$context.responseLength"
      responseLatency    = "$context.responseLatency"
      integrationStatus  = "$context.integrationStatus"
      integrationLatency = "$context.integrationLatency"
      integrationError   = "$context.integrationErrorMessage"
      authorizerError    = "$context.authorizer.error"
      errorType          = "$context.error.responseType"
    })
  }
}
