variable "name_prefix" {
  description = "Prefix of the names of all resources."
  type        = string
}

variable "triggers_path" {
  description = "The directory whose subdirectories are the triggers, each with a function.json."
  type        = string

  validation {
    condition     = length(fileset(var.triggers_path, "*/function.json")) > 0
    error_message = <<-EOT
      No trigger found: there is no ${var.triggers_path}/*/function.json. Attaching nothing would detach the triggers of a live
      pool; name the directory that holds them.
    EOT
  }

  validation {
    condition = length(setsubtract(
      [for file in fileset(var.triggers_path, "*/*") : dirname(file) if !startswith(file, ".")],
      [for file in fileset(var.triggers_path, "*/function.json") : dirname(file)],
    )) == 0
    error_message = join("", [
      "Without function.json: ",
      join(", ", formatlist("${var.triggers_path}/%s", sort(setsubtract(
        [for file in fileset(var.triggers_path, "*/*") : dirname(file) if !startswith(file, ".")],
        [for file in fileset(var.triggers_path, "*/function.json") : dirname(file)],
      )))),
      ". Write the manifest, or delete the directory.",
    ])
  }
}

variable "zips_path" {
  description = "The directory with each trigger's <name>.zip, from `make build`: build/arm64. null: all code is in `code`."
  type        = string
  default     = null
}

variable "code" {
  description = <<-EOT
    By function, instead of `<name>.zip` in `zips_path`: `zip`, the path of another file, or `s3`, an object in a bucket of the
    Region. `poolctl build --upload` writes it. Names of other functions are ignored.
  EOT
  type = map(object({
    zip = optional(string)
    s3 = optional(object({
      bucket         = string
      key            = string
      object_version = optional(string)
      sha256         = optional(string)
    }))
  }))
  default  = {}
  nullable = false
}

variable "triggers" {
  description = <<-EOT
    Settings by trigger. A trigger that is found is on unless `enabled` is false here or `only_triggers` leaves it out.
    `version`: the version to roll back to.
  EOT
  type = map(object({
    enabled              = optional(bool)
    environment          = optional(map(string), {})
    memory_mb            = optional(number)
    reserved_concurrency = optional(number)
    version              = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.triggers) : fileexists("${var.triggers_path}/${name}/function.json")])
    error_message = <<-EOT
      triggers names
      ${join(", ", [for name in keys(var.triggers) : name if !fileexists("${var.triggers_path}/${name}/function.json")])}, and
      there is no such directory with a function.json in ${var.triggers_path}. There are
      ${join(", ", [for file in fileset(var.triggers_path, "*/function.json") : dirname(file)])}.
    EOT
  }
}

variable "only_triggers" {
  description = <<-EOT
    The triggers that are on, by directory; all others that are found are off. Null: all are on that `triggers` does not switch
    off.
  EOT
  type        = set(string)
  default     = null

  validation {
    condition     = alltrue([for name in coalesce(var.only_triggers, []) : fileexists("${var.triggers_path}/${name}/function.json")])
    error_message = <<-EOT
      only_triggers names
      ${join(", ", [for name in coalesce(var.only_triggers, []) : name if !fileexists("${var.triggers_path}/${name}/function.json")])},
      and there is no such directory with a function.json in ${var.triggers_path}. There are
      ${join(", ", [for file in fileset(var.triggers_path, "*/function.json") : dirname(file)])}.
    EOT
  }

  validation {
    condition = (
      var.only_triggers == null
      || length(setsubtract(
        [for name, own in var.triggers : name if own.enabled == true],
        coalesce(var.only_triggers, []),
      )) == 0
    )
    error_message = <<-EOT
      triggers switches
      ${join(", ", setsubtract([for name, own in var.triggers : name if own.enabled == true], coalesce(var.only_triggers, [])))}
      on, and only_triggers leaves it out: add it there, or take enabled = true out of triggers.
    EOT
  }
}

variable "function_options" {
  description = <<-EOT
    Options by function, `*` for all: a permissions boundary, a VPC, layers, logs and others, which the module
    `function-options` lists.
  EOT
  type        = any
  default     = {}
  nullable    = false
}

variable "user_pool" {
  description = "The pool, the only one that may invoke the functions and that their roles name. An `aws_cognito_user_pool` fits."
  type = object({
    id  = string
    arn = string
  })
  nullable = false

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
  description = <<-EOT
    The pool's id as a string, once it exists: what a new trigger needs is then made before the pool calls it. null: the pool is
    new.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.live_user_pool_id == null ? true : can(regex("^[a-z0-9-]+_[A-Za-z0-9]+$", var.live_user_pool_id))
    error_message = <<-EOT
      live_user_pool_id "${coalesce(var.live_user_pool_id, "null")}" is not the id of a user pool, <Region>_<letters and
      digits>.
    EOT
  }
}

variable "feature_plan" {
  description = "The pool's feature plan: `LITE`, `ESSENTIALS` or `PLUS`."
  type        = string

  validation {
    condition     = contains(["LITE", "ESSENTIALS", "PLUS"], var.feature_plan)
    error_message = "feature_plan \"${var.feature_plan}\": use LITE, ESSENTIALS or PLUS."
  }
}

variable "app_client_write_attributes" {
  description = <<-EOT
    By app client of the pool: the attributes that it can write; null if it has no list. Required if claims trust attributes
    that only administrators write.
  EOT
  type        = map(list(string))
  default     = null
}

variable "mapped_attributes" {
  description = <<-EOT
    Attributes that the pool's identity providers map: `MAPPED_ATTRIBUTES` of functions with that setting. null: it is set in
    `triggers`.
  EOT
  type        = set(string)
  default     = null
}

variable "profile_table" {
  description = "The profile table: `PROFILE_TABLE` of functions with that setting."
  type = object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
  })
  default = null
}

variable "tables" {
  description = "Tables that exist already, by their names in the manifests; the module creates all others that manifests declare."
  type = map(object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
    definition  = optional(string)
    declared_by = optional(string)
  }))
  default  = {}
  nullable = false
}

variable "tables_deletion_protection" {
  description = "Whether DynamoDB refuses to delete the tables that the module creates. Turn it off and apply before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "ses" {
  description = <<-EOT
    The SES identity that the pool sends mail with, and the sender of the welcome mail. null: no welcome mail, and
    custom-message is not attached. `configuration_set`: the identity's default configuration set, if any.
  EOT
  type = object({
    identity_arn      = string
    from              = string
    configuration_set = optional(string)
  })
  default = null

  validation {
    condition     = var.ses == null ? true : can(regex("^[^@]+@[^@ ]+[^@]*$", var.ses.from))
    error_message = "ses.from \"${try(var.ses.from, "")}\": write an address, or a name and an address, Example <hello@example.org>."
  }
}

variable "sender_kms_key_arn" {
  description = "The KMS key that Cognito encrypts codes with for a custom sender."
  type        = string
  default     = null

  # IAM compares a statement's resource with the key's ARN; the ARN of an alias would never match.
  validation {
    condition     = var.sender_kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.sender_kms_key_arn))
    error_message = <<-EOT
      sender_kms_key_arn "${coalesce(var.sender_kms_key_arn, "null")}" is not the ARN of a key, arn:aws:kms:…:key/…: an alias
      does not work, because the sender's role names the key itself.
    EOT
  }
}

variable "environment" {
  description = "Settings of every function: `LOG_LEVEL` and `AWS_ENDPOINT_URL…`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : name == "LOG_LEVEL" || startswith(name, "AWS_ENDPOINT_URL")])
    error_message = <<-EOT
      environment is for LOG_LEVEL and AWS_ENDPOINT_URL…; set
      ${join(", ", [for name in keys(var.environment) : name if name != "LOG_LEVEL" && !startswith(name, "AWS_ENDPOINT_URL")])}
      in triggers, for the function that reads it.
    EOT
  }
}

variable "architecture" {
  description = "Architecture of the zips: `arm64` or `x86_64`."
  type        = string
  default     = "arm64"
}

variable "log_retention_days" {
  description = "Days to keep log lines."
  type        = number
  default     = 30
  nullable    = false
}

variable "kms_key_arn" {
  description = <<-EOT
    KMS key for settings, logs, dead letters and the tables that manifests declare; null: AWS's own. Its policy must allow
    CloudWatch Logs.
  EOT
  type        = string
  default     = null
}

variable "tracing" {
  description = "X-Ray: `PassThrough` or `Active`."
  type        = string
  default     = "PassThrough"
  nullable    = false
}

variable "tags" {
  description = "Tags of all resources."
  type        = map(string)
  default     = {}
  nullable    = false
}
