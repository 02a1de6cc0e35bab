# The routes of the manifests. Each is open or requires a token, as its manifest says, and calls its function's alias.

# API Gateway checks the signature, the issuer, the expiry, and that aud or client_id is one of the app clients. It accepts
# ID tokens, too; the function checks for an access token, and so do scopes, which ID tokens do not have.
resource "aws_apigatewayv2_authorizer" "user_pool" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "user-pool"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.user_pool.issuer
    audience = values(var.client_ids)
  }
}

resource "aws_apigatewayv2_integration" "function" {
  for_each = module.functions.functions

  api_id                 = aws_apigatewayv2_api.this.id
  description            = each.value.function_name
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = each.value.invoke_arn
  payload_format_version = "2.0"

  # The function's timeout plus the ten seconds that Lambda allows for its start: the function's own error says more.
  timeout_milliseconds = min(30, each.value.timeout_seconds + 10) * 1000

  # A route moves to another function only once API Gateway may invoke it and it has its grants, and leaves the old one before
  # that goes.
  depends_on = [aws_lambda_permission.api, module.functions]
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_route" "this" {
  # Whoever signs up or in has no token yet, and posts are public.
  #checkov:skip=CKV_AWS_309:the manifest decides for each route, and the tests hold the list of the open ones
  for_each = local.routes

  api_id               = aws_apigatewayv2_api.this.id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.function[each.value.function].id}"
  authorization_type   = each.value.guarded ? "JWT" : "NONE"
  authorizer_id        = each.value.guarded ? aws_apigatewayv2_authorizer.user_pool.id : null
  authorization_scopes = each.value.guarded ? each.value.scopes : null
}

# The API's ARN includes the account.
resource "aws_lambda_permission" "api" {
  for_each = module.functions.functions

  # A prefix, because a permission for another ARN is created before the old one is destroyed.
  statement_id_prefix = "http-api-"
  function_name       = each.value.function_name
  qualifier           = each.value.alias_name
  action              = "lambda:InvokeFunction"
  principal           = "apigateway.amazonaws.com"
  source_arn          = "${aws_apigatewayv2_api.this.execution_arn}/*/*"

  lifecycle {
    create_before_destroy = true
  }
}
