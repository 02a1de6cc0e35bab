variable "name_prefix" {
  description = "Prefix of the function's name in the names of all resources."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]*$", var.name_prefix))
    error_message = "name_prefix \"${var.name_prefix}\": use letters, digits, - and _, with a letter or digit first."
  }
}

variable "name" {
  description = "The function's name, which is the name of its directory."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]*$", var.name))
    error_message = "name \"${var.name}\": use letters, digits, - and _, with a letter or digit first."
  }

  # The role's name ends in -<Region>; the longest Region has 14 characters.
  validation {
    condition     = length("${var.name_prefix}-${var.name}") <= 49
    error_message = <<-EOT
      "${var.name_prefix}-${var.name}" has more than 49 characters, and the role's name, which adds the Region, more than IAM's
      64: shorten name_prefix.
    EOT
  }
}

variable "manifest" {
  description = "Path of the function's function.json."
  type        = string

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
  description = "Path of the function's zip from `make build`; null: it is in `s3`."
  type        = string
  default     = null

  validation {
    condition     = var.zip == null ? true : fileexists(var.zip)
    error_message = <<-EOT
      ${coalesce(var.zip, "null")} does not exist: run `make build` first (`make build ARCH=amd64` for architecture x86_64); in
      a repository of your own, `go tool poolctl build` (`--arch amd64`). Where there is no Go, take the code from S3: `poolctl
      build --upload` writes `code`.
    EOT
  }

  validation {
    condition = (var.zip == null) != (var.s3 == null)
    error_message = (
      var.s3 == null
      ? join(" ", [
        "${var.name} has no code: code has no entry for it, and no folder of zips is set. Set",
        "zips_path to the output of `make build`, or code to what `poolctl build --upload` writes",
        "for all functions.",
      ])
      : "${var.name} has two codes, a zip and an object in S3: leave one out."
    )
  }
}

variable "s3" {
  description = <<-EOT
    The function's zip in S3 instead of `zip`, in a bucket of the function's Region. `object_version`: in a bucket with
    versioning. `sha256`: checksum of the zip in base64.
  EOT
  type = object({
    bucket         = string
    key            = string
    object_version = optional(string)
    sha256         = optional(string)
  })
  default = null

  # Otherwise Terraform would not see that the object under the same key has changed.
  validation {
    condition     = var.s3 == null ? true : var.s3.object_version != null || var.s3.sha256 != null
    error_message = <<-EOT
      s3 of ${var.name} has neither object_version nor sha256: new code under the same key would never be deployed. Set one of
      them; `poolctl build --upload` writes both.
    EOT
  }

  validation {
    condition     = try(var.s3.sha256, null) == null ? true : can(regex("^[A-Za-z0-9+/]{43}=$", var.s3.sha256))
    error_message = <<-EOT
      s3.sha256 of ${var.name} is "${try(coalesce(var.s3.sha256), "")}": write the checksum in base64, as `openssl dgst -sha256
      -binary FILE | base64` prints it.
    EOT
  }

  validation {
    condition = (
      var.s3 == null ? true :
      can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.s3.bucket))
      && length(var.s3.key) >= 1
      && length(var.s3.key) <= 1024
      && !startswith(var.s3.key, "/")
    )
    error_message = <<-EOT
      s3 of ${var.name}: write the bucket's name alone, without s3://, and a key without a slash at the beginning: bucket
      "${try(var.s3.bucket, "")}", key "${try(var.s3.key, "")}".
    EOT
  }
}

variable "architecture" {
  description = "Architecture of the zip: `arm64` or `x86_64`."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture \"${var.architecture}\": use arm64 (make build) or x86_64 (make build ARCH=amd64)."
  }
}

variable "environment" {
  description = "Settings that replace the manifest's defaults. `LOG_LEVEL` and `AWS_ENDPOINT_URL…` are always allowed."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "profile_table" {
  description = "The profile table, for the grants `profiles:…`; null grants nothing. `kms_key_arn`: the table's own key."
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition = (
      var.profile_table == null ? true :
      can(regex(local.table_arn, var.profile_table.arn))
      && can(regex(local.key_arn, coalesce(var.profile_table.kms_key_arn, local.a_key)))
    )
    error_message = <<-EOT
      profile_table: arn must be that of a DynamoDB table, arn:aws:dynamodb:…:table/…, and kms_key_arn that of a key,
      arn:aws:kms:…:key/….
    EOT
  }
}

variable "posts_table" {
  description = "The posts table, for the grants `posts:…`; null grants nothing. `kms_key_arn`: the table's own key."
  type = object({
    arn         = string
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition = (
      var.posts_table == null ? true :
      can(regex(local.table_arn, var.posts_table.arn))
      && can(regex(local.key_arn, coalesce(var.posts_table.kms_key_arn, local.a_key)))
    )
    error_message = <<-EOT
      posts_table: arn must be that of a DynamoDB table, arn:aws:dynamodb:…:table/…, and kms_key_arn that of a key,
      arn:aws:kms:…:key/….
    EOT
  }
}

variable "ses" {
  description = <<-EOT
    The SES identity, for the grant `ses:send`; null grants nothing. `configuration_set`: the identity's default configuration
    set, if any.
  EOT
  type = object({
    identity_arn      = string
    configuration_set = optional(string)
  })
  default = null

  validation {
    condition     = var.ses == null ? true : can(regex("^arn:[^:]+:ses:[^:]+:[0-9]{12}:identity/[^*?]+$", var.ses.identity_arn))
    error_message = "ses.identity_arn \"${try(var.ses.identity_arn, "")}\" is not the ARN of an SES identity, arn:aws:ses:…:identity/…."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", try(coalesce(var.ses.configuration_set), "none")))
    error_message = <<-EOT
      ses.configuration_set "${try(coalesce(var.ses.configuration_set), "")}": use the set's name, at most 64 letters, digits, -
      and _.
    EOT
  }
}

variable "tables" {
  description = <<-EOT
    The tables that the manifest declares, by their names there; the module `tables` creates them. `kms_key_arn`: the table's
    own key.
  EOT
  type = map(object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for table in var.tables :
      can(regex(local.table_arn, table.arn)) && can(regex(local.key_arn, coalesce(table.kms_key_arn, local.a_key)))
    ])
    error_message = <<-EOT
      tables: each arn must be that of a DynamoDB table, arn:aws:dynamodb:…:table/…, and each kms_key_arn that of a key,
      arn:aws:kms:…:key/….
    EOT
  }
}

variable "memory_mb" {
  description = "Memory in MB; null: the manifest's value."
  type        = number
  default     = null

  validation {
    condition     = var.memory_mb == null ? true : var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb of ${var.name} must be 128 to 10240, in whole MB."
  }
}

variable "reserved_concurrency" {
  description = "Reserved concurrency, which is also the limit of parallel executions; null: the function shares what the account has left."
  type        = number
  default     = null

  validation {
    condition = (
      var.reserved_concurrency == null ? true :
      var.reserved_concurrency >= 1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    )
    error_message = <<-EOT
      reserved_concurrency of ${var.name} must be 1 or more: with 0, Lambda refuses every call. If you mean that, set stopped =
      true.
    EOT
  }
}

variable "stopped" {
  description = <<-EOT
    Whether Lambda refuses every call, which is a reserved concurrency of 0: sign-ups or sign-ins fail with a trigger that is
    stopped.
  EOT
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.stopped || var.reserved_concurrency == null
    error_message = "stopped is true, which is a reserved concurrency of 0: take reserved_concurrency out."
  }
}

variable "ephemeral_storage_mb" {
  description = "Size of /tmp in MB, 512 to 10240; Lambda includes 512 in its price."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition = (
      var.ephemeral_storage_mb >= 512
      && var.ephemeral_storage_mb <= 10240
      && floor(var.ephemeral_storage_mb) == var.ephemeral_storage_mb
    )
    error_message = "ephemeral_storage_mb of ${var.name} must be 512 to 10240, in whole MB."
  }
}

variable "layers" {
  description = <<-EOT
    ARNs of layers, each with its version, for example an extension of a monitoring product. They start before the function and
    take their time.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = length(var.layers) <= 5 && alltrue([
      for arn in var.layers : can(regex("^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$", arn))
    ])
    error_message = <<-EOT
      layers of ${var.name}: give at most 5 ARNs with a version, arn:aws:lambda:…:layer:<name>:<version>; there are
      ${join(", ", var.layers)}.
    EOT
  }
}

variable "vpc" {
  description = <<-EOT
    The VPC to run in; null: none. Its subnets need a way to each AWS service that the function calls. `ipv6`: also IPv6, in
    subnets with both.
  EOT
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
    ipv6               = optional(bool, false)
  })
  default = null

  validation {
    condition = var.vpc == null ? true : alltrue([
      length(var.vpc.subnet_ids) >= 1, length(var.vpc.subnet_ids) <= 16,
      length(var.vpc.security_group_ids) >= 1, length(var.vpc.security_group_ids) <= 5,
      alltrue([for id in var.vpc.subnet_ids : can(regex("^subnet-[0-9a-z]+$", id))]),
      alltrue([for id in var.vpc.security_group_ids : can(regex("^sg-[0-9a-zA-Z]+$", id))]),
    ])
    error_message = "vpc of ${var.name}: give 1 to 16 subnet_ids (subnet-…) and 1 to 5 security_group_ids (sg-…)."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds what the role may do; null: none."
  type        = string
  default     = null

  validation {
    condition = (
      var.permissions_boundary == null ? true :
      can(regex("^arn:[a-z-]+:iam::(aws|[0-9]{12}):policy/", var.permissions_boundary))
    )
    error_message = <<-EOT
      permissions_boundary "${coalesce(var.permissions_boundary, "null")}" is not the ARN of a policy,
      arn:aws:iam::<account>:policy/<name>.
    EOT
  }
}

variable "path" {
  description = "Path of the role."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^(/|/[!-~]{1,510}/)$", var.path))
    error_message = <<-EOT
      path "${var.path}": begin and end it with a slash, for example /teams/identity/, and use at most 512 characters without
      spaces.
    EOT
  }
}

variable "async" {
  description = "Whether the function is called asynchronously; failed events go to a dead-letter queue."
  type        = bool
  default     = false
  nullable    = false
}

variable "alias_name" {
  description = "Name of the alias that callers use."
  type        = string
  default     = "live"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.alias_name)) && !can(regex("^[0-9]+$", var.alias_name))
    error_message = <<-EOT
      alias_name "${var.alias_name}": use at most 100 letters, digits, - and _, and not digits alone, which would be a version.
    EOT
  }
}

variable "gradual_deployment" {
  description = <<-EOT
    Whether CodeDeploy or a person moves the alias from version to version, and Terraform leaves it alone. Callers change to the
    alias `<alias_name>-gradual`.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "alias_version" {
  description = "Version of the alias, for a rollback; null: the newest."
  type        = string
  default     = null

  validation {
    condition     = var.alias_version == null ? true : can(regex("^[1-9][0-9]*$", var.alias_version))
    error_message = "alias_version of ${var.name} must be the number of a published version, for example \"12\"."
  }

  validation {
    condition     = var.alias_version == null || !var.gradual_deployment
    error_message = <<-EOT
      alias_version of ${var.name} is set, and with gradual_deployment Terraform does not move the alias: move it as your
      deployments do, or take one of the two out.
    EOT
  }
}

variable "log_retention_days" {
  description = "Days to keep log lines; 0: for ever."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains(local.retentions, var.log_retention_days)
    error_message = <<-EOT
      log_retention_days is ${var.log_retention_days}, and CloudWatch keeps lines for 0 (for ever),
      ${join(", ", slice(local.retentions, 1, length(local.retentions)))} days: use one of these.
    EOT
  }
}

variable "log_class" {
  description = <<-EOT
    Class of the log group: `STANDARD`, or `INFREQUENT_ACCESS`, which costs half. CloudWatch makes no metrics from the latter,
    so alarms and dashboard of a trigger need the former.
  EOT
  type        = string
  default     = "STANDARD"
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "INFREQUENT_ACCESS"], var.log_class)
    error_message = "log_class \"${var.log_class}\": use STANDARD or INFREQUENT_ACCESS."
  }
}

variable "log_format" {
  description = "Form of the lines that Lambda itself writes: `Text` or `JSON`. The function's own are JSON in any case."
  type        = string
  default     = "Text"
  nullable    = false

  validation {
    condition     = contains(["Text", "JSON"], var.log_format)
    error_message = "log_format \"${var.log_format}\": use Text or JSON."
  }
}

variable "log_system_level" {
  description = <<-EOT
    The least level of the lines that Lambda itself writes, with `log_format` JSON: `DEBUG`, `INFO` or `WARN`; for the
    function's own, set `LOG_LEVEL`.
  EOT
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN"], var.log_system_level)
    error_message = "log_system_level \"${var.log_system_level}\": use DEBUG, INFO or WARN."
  }
}

variable "log_kms_key_arn" {
  description = "KMS key for logs, if it is another one than `kms_key_arn`. Its policy must allow CloudWatch Logs."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null ? true : can(regex(local.key_arn, var.log_kms_key_arn))
    error_message = <<-EOT
      log_kms_key_arn "${coalesce(var.log_kms_key_arn, "null")}" is not the ARN of a key, arn:aws:kms:…:key/…: an alias does not
      work.
    EOT
  }
}

variable "log_skip_destroy" {
  description = "Whether the log group stays when the function goes. A later function of this name needs an import of it."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = "KMS key for settings, logs and dead letters; null: AWS's own. Its policy must allow CloudWatch Logs."
  type        = string
  default     = null

  # IAM compares a statement's resource with the key's ARN; the ARN of an alias would never match.
  validation {
    condition     = var.kms_key_arn == null ? true : can(regex(local.key_arn, var.kms_key_arn))
    error_message = <<-EOT
      kms_key_arn "${coalesce(var.kms_key_arn, "null")}" is not the ARN of a key, arn:aws:kms:…:key/…: an alias does not work,
      because roles name the key itself.
    EOT
  }
}

variable "tracing" {
  description = "X-Ray: `PassThrough` or `Active`."
  type        = string
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["PassThrough", "Active"], var.tracing)
    error_message = "tracing \"${var.tracing}\": use PassThrough or Active."
  }
}

variable "tags" {
  description = "Tags of all resources."
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

# For the validations above: a validation may use locals that depend on no variable.
locals {
  a_key      = "arn:aws:kms:eu-west-1:111122223333:key/of-nobody" # what an absent key is checked as
  key_arn    = "^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/"
  table_arn  = "^arn:[^:]+:dynamodb:[^:]+:[0-9]{12}:table/[A-Za-z0-9_.-]+$"
  retentions = [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
}
