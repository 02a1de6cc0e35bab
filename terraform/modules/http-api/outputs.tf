output "id" {
  description = "The API's id."
  value       = aws_apigatewayv2_api.this.id
}

output "arn" {
  description = "The API's ARN, for tags and a web ACL."
  value       = aws_apigatewayv2_api.this.arn
}

output "execution_arn" {
  description = "The API's ARN for permissions to invoke."
  value       = aws_apigatewayv2_api.this.execution_arn
}

output "endpoint" {
  description = "The API's address."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "routes" {
  description = "By route: its function, whether it requires a token (`JWT` or `NONE`), and the scopes, one of which the token must have."
  value = { for key, route in aws_apigatewayv2_route.this : key => {
    function      = local.routes[key].function
    authorization = route.authorization_type
    scopes        = local.routes[key].scopes
  } }
}

output "issuer" {
  description = "The issuer whose tokens are accepted."
  value       = aws_apigatewayv2_authorizer.user_pool.jwt_configuration[0].issuer
}

output "audience" {
  description = "The ids of the app clients whose tokens are accepted."
  value       = sort(aws_apigatewayv2_authorizer.user_pool.jwt_configuration[0].audience)
}

output "functions" {
  description = "By function: names and ARNs of the function, its alias, role, log group and dead letters, and the versions for a rollback."
  value       = module.functions.functions
}

output "access_log_group_name" {
  description = "Log group of the access log."
  value       = aws_cloudwatch_log_group.access.name
}

output "access_log_group_arn" {
  description = "ARN of the access log's group."
  value       = aws_cloudwatch_log_group.access.arn
}

output "tables" {
  description = <<-EOT
    The tables that manifests declare, by their names there: name, ARN, own key, stream, protection, and how and where each is
    declared.
  EOT
  value       = module.functions.tables
}

output "custom_domain_target" {
  description = "Name and hosted zone that the custom domain's DNS record (an alias) points to; null without one."
  value = one([for d in aws_apigatewayv2_domain_name.this : {
    name    = d.domain_name_configuration[0].target_domain_name
    zone_id = d.domain_name_configuration[0].hosted_zone_id
  }])
}
