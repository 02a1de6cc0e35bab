variable "name_prefix" {
  description = "Prefix of the tables' names."
  type        = string
}

variable "manifests" {
  description = "Paths of the function.json whose tables are created. Include functions that are off: their tables hold data."
  type        = set(string)
}

variable "existing" {
  description = "Tables that exist already, by the names that manifests have for them: another caller's output `tables`, or your own."
  type = map(object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
    definition  = optional(string)
    declared_by = optional(string, "the caller's table")
  }))
  default  = {}
  nullable = false
}

variable "kms_key_arn" {
  description = "KMS key of the tables; null: a key that AWS owns, without cost."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the tables. Turn it off and apply before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "recovery_days" {
  description = "Days of point-in-time recovery, 1 to 35."
  type        = number
  default     = 35
  nullable    = false
}

variable "tags" {
  description = "Tags of the tables."
  type        = map(string)
  default     = {}
  nullable    = false
}
