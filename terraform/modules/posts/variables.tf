variable "name" {
  description = "Name of the table."
  type        = string
}

variable "kms_key_arn" {
  description = "ARN of your own KMS key for the table. null: a key that AWS owns, without cost. With your own, readers and writers of the table need kms:Decrypt on it."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the table. Turn it off and apply before a destroy."
  type        = bool
  default     = true
}

variable "recovery_days" {
  description = "Days of point-in-time recovery, 1 to 35."
  type        = number
  default     = 35

  validation {
    condition     = var.recovery_days >= 1 && var.recovery_days <= 35
    error_message = "recovery_days is ${var.recovery_days}: set 1 to 35."
  }
}

variable "tags" {
  description = "Tags of the table."
  type        = map(string)
  default     = {}
}
