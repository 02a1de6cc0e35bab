output "name" {
  description = "Name of the table: PROFILE_TABLE of the triggers."
  value       = aws_dynamodb_table.this.name
}

output "arn" {
  description = "ARN of the table, for the grants profiles:read and profiles:write."
  value       = aws_dynamodb_table.this.arn
}
