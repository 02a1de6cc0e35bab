output "id" {
  description = "Id of the identity pool."
  value       = aws_cognito_identity_pool.this.id
}

output "arn" {
  description = "ARN of the identity pool."
  value       = aws_cognito_identity_pool.this.arn
}

output "role_names" {
  description = "Names of the roles of signed-in users (`authenticated`) and guests (`unauthenticated`), for further policies."
  value       = { for kind, role in aws_iam_role.this : kind => role.name }
}

output "authenticated_role_arn" {
  description = "ARN of the role of signed-in users."
  value       = aws_iam_role.this["authenticated"].arn
}

output "guest_role_arn" {
  description = "ARN of the role of guests; null without guest access."
  value       = try(aws_iam_role.this["unauthenticated"].arn, null)
}

output "group_role_trust_policy" {
  description = "Trust policy (JSON) for the roles of your groups: this identity pool, signed-in users only."
  value       = local.trust["authenticated"]
}
