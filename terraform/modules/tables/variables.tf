variable "name_prefix" {
  type        = string
  description = "Prefix of the tables' names"
}

variable "manifests" {
  type        = set(string)
  description = "Paths of the function.json whose tables are created. Include functions that are off: their tables hold data"
}

variable "existing" {
  type = map(object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
    definition  = optional(string)
    declared_by = optional(string, "the caller's table")
  }))
  description = "Tables that exist already, by the names that manifests have for them: another caller's output `tables`, or your own"
  default     = {}
  nullable    = false
}

variable "kms_key_arn" {
  type        = string
  description = "KMS key of the tables; null: a key that AWS owns, without cost"
  default     = null
}

variable "deletion_protection" {
  type        = bool
  description = "Whether DynamoDB refuses to delete the tables. Turn it off and apply before a destroy"
  default     = true
  nullable    = false
}

variable "recovery_days" {
  type        = number
  description = "Days of point-in-time recovery, 1 to 35"
  default     = 35
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Tags of the tables"
  default     = {}
  nullable    = false
}
