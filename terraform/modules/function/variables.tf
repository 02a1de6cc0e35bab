variable "name_prefix" {
  type        = string
  description = "Prefix of the function's name in the names of all resources"

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]*$", var.name_prefix))
    error_message = "name_prefix \"${var.name_prefix}\": use letters, digits, - and _, with a letter or digit first."
  }
}

variable "name" {
  type        = string
  description = "The function's name, which is the name of its directory"

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]*$", var.name))
    error_message = "name \"${var.name}\": use letters, digits, - and _, with a letter or digit first."
  }

  # The role's name ends in -<Region>; the longest Region has 14 characters.
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
    error_message = "${var.manifest} is not a JSON object."
  }
}

variable "zip" {
  type        = string
  description = "Path of the function's zip from `make build`; null: it is in `s3`"
  default     = null

  validation {
    condition     = var.zip == null ? true : fileexists(var.zip)
    error_message = "${coalesce(var.zip, "null")} does not exist: run `make build` first (`make build ARCH=amd64` for architecture x86_64); in a repository of your own, `go tool poolctl build` (`--arch amd64`). Where there is no Go, take the code from S3: `poolctl build --upload` writes `code`."
  }

  validation {
    condition     = (var.zip == null) != (var.s3 == null)
    error_message = var.s3 == null ? "${var.name} has no code: code has no entry for it, and no folder of zips is set. Set zips_path to the output of `make build`, or code to what `poolctl build --upload` writes for all functions." : "${var.name} has two codes, a zip and an object in S3: leave one out."
  }
}

variable "s3" {
  type = object({
    bucket         = string
    key            = string
    object_version = optional(string)
    sha256         = optional(string)
  })
  description = "The function's zip in S3 instead of `zip`, in a bucket of the function's Region. `object_version`: in a bucket with versioning. `sha256`: checksum of the zip in base64"
  default     = null

  # Otherwise Terraform would not see that the object under the same key has changed.
  validation {
    condition     = var.s3 == null ? true : var.s3.object_version != null || var.s3.sha256 != null
    error_message = "s3 of ${var.name} has neither object_version nor sha256: new code under the same key would never be deployed. Set one of them; `poolctl build --upload` writes both."
  }

  validation {
    condition     = try(var.s3.sha256, null) == null ? true : can(regex("^[A-Za-z0-9+/]{43}=$", var.s3.sha256))
    error_message = "s3.sha256 of ${var.name} is \"${try(coalesce(var.s3.sha256), "")}\": write the checksum in base64, as `openssl dgst -sha256 -binary FILE | base64` prints it."
  }

  validation {
    condition     = var.s3 == null ? true : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.s3.bucket)) && length(var.s3.key) >= 1 && length(var.s3.key) <= 1024 && !startswith(var.s3.key, "/")
    error_message = "s3 of ${var.name}: write the bucket's name alone, without s3://, and a key without a slash at the beginning: bucket \"${try(var.s3.bucket, "")}\", key \"${try(var.s3.key, "")}\"."
  }
}

variable "architecture" {
  type        = string
  description = "Architecture of the zip: `arm64` or `x86_64`"
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture \"${var.architecture}\": use arm64 (make build) or x86_64 (make build ARCH=amd64)."
  }
}

variable "environment" {
  type        = map(string)
  description = "Settings that replace the manifest's defaults. `LOG_LEVEL` and `AWS_ENDPOINT_URL…` are always allowed"
  default     = {}
  nullable    = false
}

variable "profile_table" {
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  description = "The profile table, for the grants `profiles:…`; null grants nothing. `kms_key_arn`: the table's own key"
  default     = null
}

variable "posts_table" {
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  description = "The posts table, for the grants `posts:…`; null grants nothing. `kms_key_arn`: the table's own key"
  default     = null
}

variable "ses" {
  type = object({
    identity_arn      = string
    configuration_set = optional(string)
  })
  description = "The SES identity, for the grant `ses:send`; null grants nothing. `configuration_set`: the identity's default configuration set, if any"
  default     = null
}

variable "tables" {
  type = map(object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
  }))
  description = "The tables that the manifest declares, by their names there; the module `tables` creates them. `kms_key_arn`: the table's own key"
  default     = {}
  nullable    = false
}

variable "memory_mb" {
  type        = number
  description = "Memory in MB; null: the manifest's value"
  default     = null

  validation {
    condition     = var.memory_mb == null ? true : var.memory_mb >= 128 && var.memory_mb <= 10240
    error_message = "memory_mb of ${var.name} must be 128 to 10240."
  }
}

variable "reserved_concurrency" {
  type        = number
  description = "Reserved concurrency, which is also the limit of parallel executions; null: the function shares what the account has left"
  default     = null

  validation {
    condition     = var.reserved_concurrency == null ? true : var.reserved_concurrency >= 1
    error_message = "reserved_concurrency of ${var.name} must be 1 or more: with 0, Lambda refuses every call."
  }
}

variable "async" {
  type        = bool
  description = "Whether the function is called asynchronously; failed events go to a dead-letter queue"
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
  description = "Version of the alias, for a rollback; null: the newest"
  default     = null

  validation {
    condition     = var.alias_version == null ? true : can(regex("^[1-9][0-9]*$", var.alias_version))
    error_message = "alias_version of ${var.name} must be the number of a published version, for example \"12\"."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days to keep log lines"
  default     = 30
  nullable    = false
}

variable "kms_key_arn" {
  type        = string
  description = "KMS key for settings, logs and dead letters; null: AWS's own. Its policy must allow CloudWatch Logs"
  default     = null

  # IAM compares a statement's resource with the key's ARN; the ARN of an alias would never match.
  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "kms_key_arn \"${coalesce(var.kms_key_arn, "null")}\" is not the ARN of a key, arn:aws:kms:…:key/…: an alias does not work, because roles name the key itself."
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
  description = "Tags of all resources"
  default     = {}
  nullable    = false
}
