output "id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.this.id
}

output "arn" {
  description = "ARN of the user pool: the SourceArn of the triggers' invoke permissions."
  value       = aws_cognito_user_pool.this.arn
}

output "name" {
  description = "Name of the user pool."
  value       = aws_cognito_user_pool.this.name
}

output "endpoint" {
  description = "Name of the pool as an identity provider: cognito-idp.<region>.amazonaws.com/<id>."
  value       = aws_cognito_user_pool.this.endpoint
}

output "issuer" {
  description = "Issuer in the pool's tokens."
  value       = "https://${var.issuer_type == "UPDATED" ? "issuer-" : ""}${aws_cognito_user_pool.this.endpoint}"
}

output "client_ids" {
  description = "App client ids by name."
  value       = { for name, c in aws_cognito_user_pool_client.this : name => c.id }
}

output "client_secrets" {
  description = "Secrets of the app clients that have one, by name."
  value       = { for name, c in aws_cognito_user_pool_client.this : name => c.client_secret if var.app_clients[name].generate_secret }
  sensitive   = true
}

output "group_names" {
  description = "Names of the groups."
  value       = sort([for g in aws_cognito_user_group.this : g.name])
}

output "domain" {
  description = "Domain of managed login: the prefix, or the custom domain; null without one."
  value       = one(aws_cognito_user_pool_domain.this[*].domain)
}

output "domain_target" {
  description = "CloudFront distribution that the DNS record of a custom domain points to."
  value       = one(aws_cognito_user_pool_domain.this[*].cloudfront_distribution)
}

output "scopes" {
  description = "Scopes of the resource servers, as clients request them."
  value       = sort(flatten([for s in aws_cognito_resource_server.this : s.scope_identifiers]))
}

output "admin_only_attributes" {
  description = "Attributes that no app client can write, and claims can trust: for ADMIN_ONLY_ATTRIBUTES."
  value       = sort(local.admin_only_attributes)
}

output "mapped_attributes" {
  description = "Attributes that identity providers map, which app clients can therefore write: for MAPPED_ATTRIBUTES."
  value       = sort(local.mapped_attributes)
}

output "email_sending_account" {
  description = "DEVELOPER if the pool sends mail through SES, else COGNITO_DEFAULT: for the custom message trigger."
  value       = var.ses_identity == null ? "COGNITO_DEFAULT" : "DEVELOPER"
}
