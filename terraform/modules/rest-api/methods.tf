# The routes of the manifests. Each is open or requires a token, as its manifest says, and calls its function's alias.
locals {
  routes = { for key, route in module.functions.routes : key => merge(route, {
    method   = split(" ", key)[0]
    path     = trim(split(" ", key)[1], "/")
    segments = compact(split("/", split(" ", key)[1]))

    # Without scopes, a method takes ID tokens instead of access tokens. Users' access tokens have this scope.
    scopes = length(route.scopes) > 0 ? route.scopes : ["aws.cognito.signin.user.admin"]
  }) }
}

resource "aws_api_gateway_method" "this" {
  #checkov:skip=CKV_AWS_59:whoever signs up or in has no token yet, and posts are public: the manifest decides for each route
  #checkov:skip=CKV2_AWS_53:the functions check what they read and say what is wrong
  for_each = local.routes

  rest_api_id          = aws_api_gateway_rest_api.this.id
  resource_id          = local.resources[each.value.path]
  http_method          = each.value.method
  authorization        = each.value.guarded ? "COGNITO_USER_POOLS" : "NONE"
  authorizer_id        = each.value.guarded ? aws_api_gateway_authorizer.user_pool.id : null
  authorization_scopes = each.value.guarded ? each.value.scopes : null
}

resource "aws_api_gateway_integration" "this" {
  for_each = local.routes

  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = local.resources[each.value.path]
  http_method             = aws_api_gateway_method.this[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST" # Lambda's own, whatever the route's method is
  uri                     = module.functions.functions[each.value.function].invoke_arn

  # The function's timeout plus the ten seconds that Lambda allows for its start: the function's own error says more.
  timeout_milliseconds = min(29, module.functions.functions[each.value.function].timeout_seconds + 10) * 1000

  depends_on = [aws_lambda_permission.api]
}

# The API's ARN includes the account.
resource "aws_lambda_permission" "api" {
  for_each = module.functions.functions

  # A prefix, because a permission for another ARN is created before the old one is destroyed.
  statement_id_prefix = "rest-api-"
  function_name       = each.value.function_name
  qualifier           = each.value.alias_name
  action              = "lambda:InvokeFunction"
  principal           = "apigateway.amazonaws.com"
  source_arn          = "${aws_api_gateway_rest_api.this.execution_arn}/*/*"

  lifecycle {
    create_before_destroy = true
  }
}
