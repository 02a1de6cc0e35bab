variable "name_prefix" {
  type        = string
  description = "Stands before the function's name in the names of everything that is made"

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]*$", var.name_prefix))
    error_message = "name_prefix \"${var.name_prefix}\": use letters, digits, - and _, with a letter or digit first."
  }
}

variable "name" {
  type        = string
  description = "The function's name: the name of its directory"

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]*$", var.name))
    error_message = "name \"${var.name}\": use letters, digits, - and _, with a letter or digit first."
  }

  # The role's name ends in -<Region>, and the longest Region has 14 letters.
  validation {
    condition     = length("${var.name_prefix}-${var.name}") <= 49
    error_message = "\"${var.name_prefix}-${var.name}\" has more than 49 characters, and the role's name, which adds the Region, more than IAM's 64: shorten name_prefix."
  }
}

variable "manifest" {
  type        = string
  description = "Path of the function's function.json"

  validation {
    condition     = fileexists(var.manifest)
    error_message = "${var.manifest} does not exist: name the function.json of ${var.name}."
  }

  validation {
    condition     = !fileexists(var.manifest) || can(keys(jsondecode(file(var.manifest))))
    error_message = "${var.manifest} is no JSON object."
  }
}

variable "zip" {
  type        = string
  description = "Path of the function's zip, as `make build` writes it"

  validation {
    condition     = fileexists(var.zip)
    error_message = "${var.zip} does not exist: run `make build` first (`make build ARCH=amd64` for architecture x86_64)."
  }
}

variable "architecture" {
  type        = string
  description = "What the zip was built for: `arm64` or `x86_64`"
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture \"${var.architecture}\": use arm64 (make build) or x86_64 (make build ARCH=amd64)."
  }
}

variable "environment" {
  type        = map(string)
  description = "Settings that replace the manifest's defaults. `LOG_LEVEL` and `AWS_ENDPOINT_URL…` are every function's"
  default     = {}
  nullable    = false
}

variable "profile_table" {
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  description = "The profile table, for the grants `profiles:…`; null: nothing is granted. `kms_key_arn`: the table's own key"
  default     = null
}

variable "posts_table" {
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  description = "The posts table, for the grants `posts:…`; null: nothing is granted. `kms_key_arn`: the table's own key"
  default     = null
}

variable "ses" {
  type = object({
    identity_arn      = string
    configuration_set = optional(string)
  })
  description = "The SES identity, for the grant `ses:send`; null: nothing is granted. `configuration_set`: the identity's default one, if it has one"
  default     = null
}

variable "memory_mb" {
  type        = number
  description = "Memory; null: the manifest's"
  default     = null

  validation {
    condition     = var.memory_mb == null ? true : var.memory_mb >= 128 && var.memory_mb <= 10240
    error_message = "memory_mb of ${var.name} has to be 128 to 10240."
  }
}

variable "reserved_concurrency" {
  type        = number
  description = "Executions that are kept for the function, and at which it is throttled; null: none"
  default     = null
}

variable "async" {
  type        = bool
  description = "True for a function that is called asynchronously: what it fails at ends in a dead-letter queue"
  default     = false
  nullable    = false
}

variable "alias_name" {
  type        = string
  description = "Name of the alias that callers use"
  default     = "live"
  nullable    = false
}

variable "alias_version" {
  type        = string
  description = "Version that the alias names, to roll back; null: the newest"
  default     = null

  validation {
    condition     = var.alias_version == null ? true : can(regex("^[1-9][0-9]*$", var.alias_version))
    error_message = "alias_version of ${var.name} has to be the number of a published version, for example \"12\"."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days until log lines are deleted"
  default     = 30
  nullable    = false
}

variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts settings, logs and dead letters; null: AWS's own. Its policy has to admit CloudWatch Logs"
  default     = null

  # IAM compares a statement's resource with the key's ARN; that of an alias would match nothing.
  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "kms_key_arn \"${coalesce(var.kms_key_arn, "null")}\" is no key's ARN, arn:aws:kms:…:key/…: an alias does not do, because roles name the key itself."
  }
}

variable "tracing" {
  type        = string
  description = "X-Ray: `PassThrough` or `Active`"
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["PassThrough", "Active"], var.tracing)
    error_message = "tracing \"${var.tracing}\": use PassThrough or Active."
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags of everything that is made"
  default     = {}
  nullable    = false
}
