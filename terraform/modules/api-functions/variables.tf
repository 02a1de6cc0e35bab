variable "name_prefix" {
  description = "Prefix of the names of all resources."
  type        = string
}

variable "api_path" {
  description = "The directory whose subdirectories are the API's functions, each with a function.json."
  type        = string

  validation {
    condition     = length(fileset(var.api_path, "*/function.json")) > 0
    error_message = "No function found: there is no ${var.api_path}/*/function.json. Name the directory that holds them."
  }

  validation {
    condition = length(setsubtract(
      [for file in fileset(var.api_path, "*/*") : dirname(file) if !startswith(file, ".")],
      [for file in fileset(var.api_path, "*/function.json") : dirname(file)],
    )) == 0
    error_message = join("", [
      "Without function.json: ",
      join(", ", formatlist("${var.api_path}/%s", sort(setsubtract(
        [for file in fileset(var.api_path, "*/*") : dirname(file) if !startswith(file, ".")],
        [for file in fileset(var.api_path, "*/function.json") : dirname(file)],
      )))),
      ". Write the manifest, or delete the directory.",
    ])
  }
}

variable "zips_path" {
  description = "The directory with each function's <name>.zip, from `make build`: build/arm64. null: all code is in `code`."
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

variable "functions" {
  description = <<-EOT
    Settings by function. A function that is found is on unless `enabled` is false here. `version`: the version to roll back to.
  EOT
  type = map(object({
    enabled              = optional(bool, true)
    environment          = optional(map(string), {})
    memory_mb            = optional(number)
    reserved_concurrency = optional(number)
    version              = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.functions) : fileexists("${var.api_path}/${name}/function.json")])
    error_message = <<-EOT
      functions names
      ${join(", ", [for name in keys(var.functions) : name if !fileexists("${var.api_path}/${name}/function.json")])}, and there
      is no such directory with a function.json in ${var.api_path}. There are
      ${join(", ", [for file in fileset(var.api_path, "*/function.json") : dirname(file)])}.
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
  description = "The pool: its id, which is `USER_POOL_ID` of functions with that setting, and its ARN for the grants `cognito:…`."
  type = object({
    id  = string
    arn = string
  })
  nullable = false

  validation {
    condition     = can(regex("^arn:[^:]+:cognito-idp:[^:]+:[0-9]{12}:userpool/", var.user_pool.arn))
    error_message = "user_pool.arn \"${var.user_pool.arn}\" is not the ARN of a user pool."
  }
}

variable "client_id" {
  description = "The app client for sign-ins: `CLIENT_ID` of functions with that setting."
  type        = string
  nullable    = false
}

variable "cors_origins" {
  description = "Origins for whose pages the functions add CORS headers, as `CORS_ORIGINS`; empty: an HTTP API does it, or nobody."
  type        = list(string)
  default     = []
  nullable    = false
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

variable "posts_table" {
  description = "The posts table: `POSTS_TABLE` of functions with that setting."
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
      in functions, for the function that reads it.
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
  description = "KMS key for settings, logs and the tables that manifests declare; null: AWS's own. Its policy must allow CloudWatch Logs."
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
