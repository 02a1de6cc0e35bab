# A REST API adds no CORS headers to what a function answers: with the setting CORS_ORIGINS, the functions do, and answer the
# preflight requests. What API Gateway answers by itself (no token, too many requests) are gateway responses.
locals {
  # One function of each path answers its preflight requests; any would.
  preflight = length(var.cors_origins) == 0 ? {} : {
    for path, same in { for key, route in local.routes : route.path => route.function... } : path => sort(same)[0]
  }

  # A gateway response cannot choose from a list. It holds no data and allows no credentials, so any origin may read it.
  gateway_origin = length(var.cors_origins) == 1 ? "'${var.cors_origins[0]}'" : "method.request.header.Origin"
  gateway_responses = length(var.cors_origins) == 0 ? {} : { for type in ["DEFAULT_4XX", "DEFAULT_5XX"] : type => {
    "gatewayresponse.header.Access-Control-Allow-Origin"   = local.gateway_origin
    "gatewayresponse.header.Access-Control-Expose-Headers" = "'x-amzn-requestid,x-amzn-errortype'"
    "gatewayresponse.header.Vary"                          = "'Origin'"
  } }
}

resource "aws_api_gateway_method" "preflight" {
  #checkov:skip=CKV_AWS_59:browsers send preflight requests without a token
  #checkov:skip=CKV2_AWS_53:the function checks what it reads
  for_each = local.preflight

  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = local.resources[each.key]
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "preflight" {
  for_each = local.preflight

  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = local.resources[each.key]
  http_method             = aws_api_gateway_method.preflight[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = module.functions.functions[each.value].invoke_arn

  depends_on = [aws_lambda_permission.api]
}

resource "aws_api_gateway_gateway_response" "this" {
  for_each = local.gateway_responses

  rest_api_id         = aws_api_gateway_rest_api.this.id
  response_type       = each.key
  response_templates  = { "application/json" = "{\"message\":$context.error.messageString}" }
  response_parameters = each.value
}
