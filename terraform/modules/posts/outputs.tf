output "name" {
  description = "Name of the table: POSTS_TABLE of the functions."
  value       = aws_dynamodb_table.this.name
}

output "arn" {
  description = "ARN of the table, for the grants posts:read and posts:write."
  value       = aws_dynamodb_table.this.arn
}
