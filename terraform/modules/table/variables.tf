variable "name" {
  description = "Name of the table."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.name))
    error_message = "name is \"${var.name}\": use 3 to 255 letters, digits, _, - and ."
  }
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

  validation {
    condition     = length(var.hash_key.name) >= 1 && length(var.hash_key.name) <= 255
    error_message = "hash_key.name is \"${var.hash_key.name}\": use 1 to 255 characters."
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

  validation {
    condition = var.range_key == null ? true : alltrue([
      length(var.range_key.name) >= 1, length(var.range_key.name) <= 255, var.range_key.name != var.hash_key.name,
    ])
    error_message = <<-EOT
      range_key.name is "${try(var.range_key.name, "")}": use 1 to 255 characters, and another attribute than hash_key.
    EOT
  }
}

variable "ttl_attribute" {
  description = "Attribute with the time at which an item expires, in seconds since 1970. null: items stay."
  type        = string
  default     = null

  validation {
    condition     = var.ttl_attribute == null ? true : can(regex("^.{1,255}$", var.ttl_attribute))
    error_message = "ttl_attribute is \"${coalesce(var.ttl_attribute, "null")}\": use 1 to 255 characters, or null."
  }
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
    condition = alltrue([
      for key in flatten([for index in var.indexes : concat([index.hash_key], index.range_key[*])]) :
      contains(["string", "number", "binary"], key.type)
    ])
    error_message = "indexes: the types of keys are string, number and binary."
  }

  validation {
    condition     = length(distinct(var.indexes[*].name)) == length(var.indexes)
    error_message = "indexes: ${join(", ", var.indexes[*].name)}: each needs a name of its own."
  }

  validation {
    condition     = length(var.indexes) <= 20 && alltrue([for index in var.indexes : can(regex("^[A-Za-z0-9_.-]{3,255}$", index.name))])
    error_message = <<-EOT
      indexes: a table has at most 20, with names of 3 to 255 letters, digits, _, - and .; there are ${length(var.indexes)}:
      ${join(", ", var.indexes[*].name)}.
    EOT
  }

  validation {
    condition = alltrue([for types in values({ for key in concat([var.hash_key], var.range_key[*], flatten([
      for index in var.indexes : concat([index.hash_key], index.range_key[*])
    ])) : key.name => key.type... }) : length(distinct(types)) == 1])
    error_message = "indexes: an attribute has one type in the table and all its indexes; give each key the same type everywhere."
  }
}

variable "kms_key_arn" {
  description = <<-EOT
    ARN of your own KMS key for the table. null: a key that AWS owns, without cost. With your own, readers and writers of the
    table need kms:Decrypt on it.
  EOT
  type        = string
  default     = null

  # Readers and writers need a statement on the key, and IAM does not know an alias.
  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = <<-EOT
      kms_key_arn "${coalesce(var.kms_key_arn, "null")}" is not the ARN of a key, arn:aws:kms:…:key/…: an alias does not work.
    EOT
  }
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
    condition     = var.recovery_days >= 1 && var.recovery_days <= 35 && floor(var.recovery_days) == var.recovery_days
    error_message = "recovery_days is ${var.recovery_days}: set 1 to 35, in whole days."
  }
}

variable "tags" {
  description = "Tags of the table."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = length(var.tags) <= 50 && alltrue([for key, value in var.tags : alltrue([
      can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}$", key)), !startswith(lower(key), "aws:"), length(value) <= 256,
    ])])
    error_message = <<-EOT
      tags: AWS takes 50 tags, with keys of at most 128 letters, digits, spaces and _ . : / = + - @ that do not begin with aws:,
      and values of at most 256 characters.
    EOT
  }
}
