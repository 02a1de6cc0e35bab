resource "aws_api_gateway_rest_api" "this" {
  name        = var.name_prefix
  description = "Serves ${length(module.functions.routes)} routes"
  tags        = var.tags

  endpoint_configuration {
    types = [var.endpoint_type]
  }

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(local.problems) == 0
      error_message = join("\n", local.problems)
    }
  }
}

# API Gateway checks the signature, the issuer and the expiry, and on methods with scopes that the token has one of them. It
# does not check the app client: tokens of every client of the pool are accepted.
resource "aws_api_gateway_authorizer" "user_pool" {
  rest_api_id     = aws_api_gateway_rest_api.this.id
  name            = "user-pool"
  type            = "COGNITO_USER_POOLS"
  provider_arns   = [var.user_pool.arn]
  identity_source = "method.request.header.Authorization"
}

# A deployment is a copy of everything above. The stage moves to a new one when anything in it changes. The resources
# themselves are no part of the checksum: what the provider reads back of them differs from what it wrote.
resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  description = "Routes, integrations and gateway responses"

  triggers = {
    content = sha256(jsonencode([
      local.routes, local.preflight, local.gateway_responses, var.user_pool.arn,
      { for name, function in module.functions.functions : name => [function.invoke_arn, function.timeout_seconds] },
    ]))
  }

  depends_on = [
    aws_api_gateway_method.this, aws_api_gateway_integration.this, aws_api_gateway_method.preflight,
    aws_api_gateway_integration.preflight, aws_api_gateway_gateway_response.this,
  ]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "this" {
  #checkov:skip=CKV_AWS_120:a cache would serve one caller's answer to another
  #checkov:skip=CKV2_AWS_51:callers are users with tokens, who have no client certificates
  #checkov:skip=CKV_AWS_73:X-Ray sees every caller's requests and costs by trace: tracing switches it on
  #checkov:skip=CKV2_AWS_4:execution logs hold headers and bodies, so tokens and passwords; the access log says what happened
  #checkov:skip=CKV2_AWS_29:a web ACL is the caller's decision; the output stage_arn is what one is associated with
  rest_api_id          = aws_api_gateway_rest_api.this.id
  deployment_id        = aws_api_gateway_deployment.this.id
  stage_name           = var.stage_name
  xray_tracing_enabled = var.tracing == "Active"
  tags                 = var.tags

  depends_on = [aws_api_gateway_account.this]

  # As in the module http-api: no path, query, claim, header or address, so no line identifies the caller.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      requestId          = "$context.requestId"
      requestTimeEpoch   = "$context.requestTimeEpoch"
      httpMethod         = "$context.httpMethod"
      routeKey           = "$context.httpMethod $context.resourcePath"
      status             = "$context.status"
      responseLength     = "$context.responseLength"
      responseLatency    = "$context.responseLatency"
      integrationStatus  = "$context.integration.status"
      integrationLatency = "$context.integration.latency"
      integrationError   = "$context.integration.error"
      authorizerError    = "$context.authorizer.error"
      errorType          = "$context.error.responseType"
    })
  }
}

# For each method, and all callers together. Without a limit, API Gateway accepts as many requests as the account's quota.
resource "aws_api_gateway_method_settings" "all" {
  #checkov:skip=CKV_AWS_225:a cache would serve one caller's answer to another
  #checkov:skip=CKV_AWS_308:there is no cache to encrypt
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "*/*"

  # Execution logs hold headers and bodies: tokens and passwords.
  settings {
    throttling_rate_limit  = var.throttle.rate
    throttling_burst_limit = var.throttle.burst
    logging_level          = "OFF"
    data_trace_enabled     = false
    metrics_enabled        = true
  }
}

# API Gateway may write to every group below /aws/vendedlogs, with the account's role: see the input account_role.
resource "aws_cloudwatch_log_group" "access" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts by itself; kms_key_arn sets a key of one's own
  #checkov:skip=CKV_AWS_338:how long lines are kept is the caller's decision, and a year is long for what tells who called when
  name              = "/aws/vendedlogs/apis/${var.name_prefix}-rest"
  retention_in_days = module.functions.access_log.retention_days
  kms_key_id        = module.functions.access_log.kms_key_arn
  skip_destroy      = module.functions.access_log.skip_destroy
  tags              = var.tags
}
