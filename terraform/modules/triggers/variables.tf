variable "name_prefix" {
  type        = string
  description = "Prefix of the names of all resources"
}

variable "triggers_path" {
  type        = string
  description = "The directory whose subdirectories are the triggers, each with a function.json"

  validation {
    condition     = length(fileset(var.triggers_path, "*/function.json")) > 0
    error_message = "No trigger found: there is no ${var.triggers_path}/*/function.json. Attaching nothing would detach the triggers of a live pool; name the directory that holds them."
  }

  validation {
    condition = length(setsubtract(
      [for file in fileset(var.triggers_path, "*/*") : dirname(file) if !startswith(file, ".")],
      [for file in fileset(var.triggers_path, "*/function.json") : dirname(file)],
    )) == 0
    error_message = "Without function.json: ${join(", ", setsubtract([for file in fileset(var.triggers_path, "*/*") : "${var.triggers_path}/${dirname(file)}" if !startswith(file, ".")], [for file in fileset(var.triggers_path, "*/function.json") : "${var.triggers_path}/${dirname(file)}"]))}. Write the manifest, or delete the directory."
  }
}

variable "zips_path" {
  type        = string
  description = "The directory with each trigger's <name>.zip, from `make build`: build/arm64. Null: all code is in `code`"
  default     = null
}

variable "code" {
  type = map(object({
    zip = optional(string)
    s3 = optional(object({
      bucket         = string
      key            = string
      object_version = optional(string)
      sha256         = optional(string)
    }))
  }))
  description = "By function, instead of `<name>.zip` in `zips_path`: `zip`, the path of another file, or `s3`, an object in a bucket of the Region. `poolctl build --upload` writes it. Names of other functions are ignored"
  default     = {}
  nullable    = false
}

variable "triggers" {
  type = map(object({
    enabled              = optional(bool)
    environment          = optional(map(string), {})
    memory_mb            = optional(number)
    reserved_concurrency = optional(number)
    version              = optional(string)
  }))
  description = "Settings by trigger. A trigger that is found is on unless `enabled` is false here or `only_triggers` leaves it out. `version`: the version to roll back to"
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.triggers) : fileexists("${var.triggers_path}/${name}/function.json")])
    error_message = "triggers names ${join(", ", [for name in keys(var.triggers) : name if !fileexists("${var.triggers_path}/${name}/function.json")])}, and there is no such directory with a function.json in ${var.triggers_path}. There are ${join(", ", [for file in fileset(var.triggers_path, "*/function.json") : dirname(file)])}."
  }
}

variable "only_triggers" {
  type        = set(string)
  description = "The triggers that are on, by directory; all others that are found are off. Null: all are on that `triggers` does not switch off"
  default     = null

  validation {
    condition     = alltrue([for name in coalesce(var.only_triggers, []) : fileexists("${var.triggers_path}/${name}/function.json")])
    error_message = "only_triggers names ${join(", ", [for name in coalesce(var.only_triggers, []) : name if !fileexists("${var.triggers_path}/${name}/function.json")])}, and there is no such directory with a function.json in ${var.triggers_path}. There are ${join(", ", [for file in fileset(var.triggers_path, "*/function.json") : dirname(file)])}."
  }

  validation {
    condition     = var.only_triggers == null || length(setsubtract([for name, own in var.triggers : name if own.enabled == true], coalesce(var.only_triggers, []))) == 0
    error_message = "triggers switches ${join(", ", setsubtract([for name, own in var.triggers : name if own.enabled == true], coalesce(var.only_triggers, [])))} on, and only_triggers leaves it out: add it there, or take enabled = true out of triggers."
  }
}

variable "function_options" {
  type        = any
  description = "Options by function, `*` for all: a permissions boundary, a VPC, layers, logs and others, which the module `function-options` lists"
  default     = {}
  nullable    = false
}

variable "user_pool" {
  type = object({
    id  = string
    arn = string
  })
  description = "The pool, the only one that may invoke the functions and that their roles name. An `aws_cognito_user_pool` fits"
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:cognito-idp:[^:]+:[0-9]{12}:userpool/", var.user_pool.arn))
    error_message = "user_pool.arn \"${var.user_pool.arn}\" is not the ARN of a user pool."
  }

  validation {
    condition     = endswith(var.user_pool.arn, ":userpool/${var.user_pool.id}")
    error_message = "user_pool: id is \"${var.user_pool.id}\", and arn \"${var.user_pool.arn}\" is another pool's."
  }
}

variable "live_user_pool_id" {
  type        = string
  description = "The pool's id as a string, once it exists: what a new trigger needs is then made before the pool calls it. Null: the pool is new"
  default     = null

  validation {
    condition     = var.live_user_pool_id == null ? true : can(regex("^[a-z0-9-]+_[A-Za-z0-9]+$", var.live_user_pool_id))
    error_message = "live_user_pool_id \"${coalesce(var.live_user_pool_id, "null")}\" is not the id of a user pool, <Region>_<letters and digits>."
  }
}

variable "feature_plan" {
  type        = string
  description = "The pool's feature plan: `LITE`, `ESSENTIALS` or `PLUS`"

  validation {
    condition     = contains(["LITE", "ESSENTIALS", "PLUS"], var.feature_plan)
    error_message = "feature_plan \"${var.feature_plan}\": use LITE, ESSENTIALS or PLUS."
  }
}

variable "app_client_write_attributes" {
  type        = map(list(string))
  description = "By app client of the pool: the attributes that it can write; null if it has no list. Required if claims trust attributes that only administrators write"
  default     = null
}

variable "mapped_attributes" {
  type        = set(string)
  description = "Attributes that the pool's identity providers map: `MAPPED_ATTRIBUTES` of functions with that setting. Null: it is set in `triggers`"
  default     = null
}

variable "profile_table" {
  type = object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
  })
  description = "The profile table: `PROFILE_TABLE` of functions with that setting"
  default     = null
}

variable "tables" {
  type = map(object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
    definition  = optional(string)
    declared_by = optional(string)
  }))
  description = "Tables that exist already, by their names in the manifests; the module creates all others that manifests declare"
  default     = {}
  nullable    = false
}

variable "tables_deletion_protection" {
  type        = bool
  description = "Whether DynamoDB refuses to delete the tables that the module creates. Turn it off and apply before a destroy"
  default     = true
  nullable    = false
}

variable "ses" {
  type = object({
    identity_arn      = string
    from              = string
    configuration_set = optional(string)
  })
  description = "The SES identity that the pool sends mail with, and the sender of the welcome mail. Null: no welcome mail, and custom-message is not attached. `configuration_set`: the identity's default configuration set, if any"
  default     = null

  validation {
    condition     = var.ses == null ? true : can(regex("^[^@]+@[^@ ]+[^@]*$", var.ses.from))
    error_message = "ses.from \"${try(var.ses.from, "")}\": write an address, or a name and an address, Example <hello@example.org>."
  }
}

variable "sender_kms_key_arn" {
  type        = string
  description = "The KMS key that Cognito encrypts codes with for a custom sender"
  default     = null

  # IAM compares a statement's resource with the key's ARN; the ARN of an alias would never match.
  validation {
    condition     = var.sender_kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.sender_kms_key_arn))
    error_message = "sender_kms_key_arn \"${coalesce(var.sender_kms_key_arn, "null")}\" is not the ARN of a key, arn:aws:kms:…:key/…: an alias does not work, because the sender's role names the key itself."
  }
}

variable "environment" {
  type        = map(string)
  description = "Settings of every function: `LOG_LEVEL` and `AWS_ENDPOINT_URL…`"
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : name == "LOG_LEVEL" || startswith(name, "AWS_ENDPOINT_URL")])
    error_message = "environment is for LOG_LEVEL and AWS_ENDPOINT_URL…; set ${join(", ", [for name in keys(var.environment) : name if name != "LOG_LEVEL" && !startswith(name, "AWS_ENDPOINT_URL")])} in triggers, for the function that reads it."
  }
}

variable "architecture" {
  type        = string
  description = "Architecture of the zips: `arm64` or `x86_64`"
  default     = "arm64"
}

variable "log_retention_days" {
  type        = number
  description = "Days to keep log lines"
  default     = 30
  nullable    = false
}

variable "kms_key_arn" {
  type        = string
  description = "KMS key for settings, logs, dead letters and the tables that manifests declare; null: AWS's own. Its policy must allow CloudWatch Logs"
  default     = null
}

variable "tracing" {
  type        = string
  description = "X-Ray: `PassThrough` or `Active`"
  default     = "PassThrough"
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Tags of all resources"
  default     = {}
  nullable    = false
}
