variable "name_prefix" {
  type        = string
  description = "Prefix of the names of all resources"
}

variable "api_path" {
  type        = string
  description = "The directory whose subdirectories are the API's functions, each with a function.json"
}

variable "zips_path" {
  type        = string
  description = "The directory with each function's <name>.zip, from `make build`: build/arm64. Null: all code is in `code`"
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

variable "functions" {
  type = map(object({
    enabled              = optional(bool, true)
    environment          = optional(map(string), {})
    memory_mb            = optional(number)
    reserved_concurrency = optional(number)
    version              = optional(string)
  }))
  description = "Settings by function. A function that is found is on unless `enabled` is false here. `version`: the version to roll back to"
  default     = {}
  nullable    = false
}

variable "function_options" {
  type        = any
  description = "Options by function, `*` for all: a permissions boundary, a VPC, layers, logs and others, which the module `function-options` lists"
  default     = {}
  nullable    = false
}

variable "user_pool" {
  type = object({
    id     = string
    arn    = string
    issuer = string
  })
  description = "The pool whose tokens guarded routes accept: its id, which is `USER_POOL_ID` of functions with that setting, its ARN for the grants `cognito:…`, and the issuer of its tokens. The module `user-pool` fits"
  nullable    = false

  # API Gateway reads the keys at this address.
  validation {
    condition     = can(regex("^(https://|http://(localhost|127\\.0\\.0\\.1)[:/])[^ ]*[^/ ]$", var.user_pool.issuer))
    error_message = "user_pool.issuer \"${var.user_pool.issuer}\": write the issuer of the pool's tokens, https:// and without a slash at the end."
  }
}

variable "client_ids" {
  type        = map(string)
  description = "App client ids by name; only tokens of these clients are accepted"
  nullable    = false

  validation {
    condition     = length(var.client_ids) > 0
    error_message = "client_ids is empty: without an audience, tokens of every client of the pool would be accepted."
  }

  validation {
    condition     = length(var.client_ids) <= 50
    error_message = "client_ids has ${length(var.client_ids)} app clients, and API Gateway accepts tokens of 50 at most: name fewer."
  }
}

variable "client" {
  type        = string
  description = "Name in `client_ids` of the app client for sign-ins: `CLIENT_ID` of functions with that setting"

  validation {
    condition     = contains(keys(var.client_ids), var.client)
    error_message = "client is \"${var.client}\", which is not in client_ids: ${join(", ", keys(var.client_ids))}."
  }
}

variable "cors_origins" {
  type        = list(string)
  description = "Origins whose pages may call the API, for example `https://app.example.com`; empty: none"
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^(https://[a-z0-9.-]+(:[0-9]+)?|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?)$", origin))])
    error_message = "cors_origins has ${join(", ", [for origin in var.cors_origins : origin if !can(regex("^(https://[a-z0-9.-]+(:[0-9]+)?|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?)$", origin))])}: write \"https://\" and a host in lower-case letters, without path and without *; http:// for localhost only."
  }
}

variable "throttle" {
  type = object({
    rate  = optional(number, 100)
    burst = optional(number, 200)
  })
  description = "Requests per second (`rate`) that each route accepts of all callers together, and how many at once (`burst`); more get the status 429"
  default     = {}
  nullable    = false

  validation {
    condition     = var.throttle.rate >= 1 && var.throttle.burst >= 1 && floor(var.throttle.burst) == var.throttle.burst
    error_message = "throttle: rate and burst must be 1 or more, burst a whole number; with 0 the API would refuse every request."
  }
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

variable "posts_table" {
  type = object({
    name        = string
    arn         = string
    kms_key_arn = optional(string)
  })
  description = "The posts table: `POSTS_TABLE` of functions with that setting"
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

variable "environment" {
  type        = map(string)
  description = "Settings of every function: `LOG_LEVEL` and `AWS_ENDPOINT_URL…`"
  default     = {}
  nullable    = false
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
  description = "KMS key for settings, logs and the tables that manifests declare; null: AWS's own. Its policy must allow CloudWatch Logs"
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

variable "custom_domain" {
  description = "Domain of the API, and its ACM certificate from the API's Region. The output custom_domain_target is where its DNS record points to. null: the address of API Gateway alone."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null

  validation {
    condition     = can(regex("^([a-z0-9*]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", try(var.custom_domain.name, "example.org")))
    error_message = "custom_domain.name is \"${try(var.custom_domain.name, "")}\": write a domain in lower case, for example api.example.org."
  }
}
