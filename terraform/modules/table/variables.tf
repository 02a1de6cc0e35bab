variable "name" {
  description = "Name of the table."
  type        = string
}

variable "hash_key" {
  description = "The partition key: name and type, which is string, number or binary."
  type = object({
    name = string
    type = optional(string, "string")
  })
  nullable = false

  validation {
    condition     = contains(["string", "number", "binary"], var.hash_key.type)
    error_message = "hash_key.type is \"${var.hash_key.type}\": set string, number or binary."
  }
}

variable "range_key" {
  description = "The sort key. null: none."
  type = object({
    name = string
    type = optional(string, "string")
  })
  default = null

  validation {
    condition     = var.range_key == null ? true : contains(["string", "number", "binary"], var.range_key.type)
    error_message = "range_key.type is \"${try(var.range_key.type, "")}\": set string, number or binary."
  }
}

variable "ttl_attribute" {
  description = "Attribute with the time at which an item expires, in seconds since 1970. null: items stay."
  type        = string
  default     = null
}

variable "stream" {
  description = "What the table's stream shows: KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES. null: no stream."
  type        = string
  default     = null

  validation {
    condition     = var.stream == null ? true : contains(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"], var.stream)
    error_message = "stream is \"${coalesce(var.stream, "null")}\": set KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES."
  }
}

variable "indexes" {
  description = "Global secondary indexes. attributes: what an index holds besides keys; null for everything, [] for nothing."
  type = list(object({
    name = string
    hash_key = object({
      name = string
      type = optional(string, "string")
    })
    range_key = optional(object({
      name = string
      type = optional(string, "string")
    }))
    attributes = optional(set(string))
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for key in flatten([for index in var.indexes : concat([index.hash_key], index.range_key[*])]) : contains(["string", "number", "binary"], key.type)])
    error_message = "indexes: the types of keys are string, number and binary."
  }

  validation {
    condition     = length(distinct(var.indexes[*].name)) == length(var.indexes)
    error_message = "indexes: ${join(", ", var.indexes[*].name)}: each needs a name of its own."
  }
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
