output "name" {
  description = "Name of the table, for the setting of the functions that use it."
  value       = aws_dynamodb_table.this.name
}

output "arn" {
  description = "ARN of the table, for grants and statements."
  value       = aws_dynamodb_table.this.arn
}

output "kms_key_arn" {
  description = "ARN of the table's own KMS key; null for a key that AWS owns."
  value       = var.kms_key_arn
}

output "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the table."
  value       = aws_dynamodb_table.this.deletion_protection_enabled
}

output "stream_arn" {
  description = "ARN of the table's stream; null without one."
  value       = var.stream == null ? null : aws_dynamodb_table.this.stream_arn
}
