variable "name_prefix" {
  type        = string
  description = "Prefix of the names of all resources"
}

variable "functions" {
  type = object({
    functions = map(object({
      function_name   = string
      alias_name      = string
      invoke_arn      = string
      timeout_seconds = number
    }))
    routes = map(object({
      function = string
      guarded  = bool
      scopes   = list(string)
    }))
  })
  description = "The functions by name, and the routes that they serve: the module `api-functions`"
  nullable    = false

  validation {
    condition     = length(var.functions.routes) > 0
    error_message = "functions has no routes: switch on at least one function of the API."
  }
}

variable "user_pool" {
  type = object({
    arn = string
  })
  description = "The pool whose tokens guarded routes accept. Tokens of all its app clients are accepted. The module `user-pool` fits"
  nullable    = false
}

variable "stage_name" {
  type        = string
  description = "Name of the stage, which is the first segment of the API's address"
  default     = "live"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.stage_name))
    error_message = "stage_name is \"${var.stage_name}\": use 1 to 128 letters, digits, underscores and dashes."
  }
}

variable "endpoint_type" {
  type        = string
  description = "`REGIONAL`, or `EDGE` for a CloudFront distribution of AWS's in front"
  default     = "REGIONAL"
  nullable    = false

  validation {
    condition     = contains(["REGIONAL", "EDGE"], var.endpoint_type)
    error_message = "endpoint_type is \"${var.endpoint_type}\": use REGIONAL or EDGE. Tokens are checked for both."
  }
}

variable "cors_origins" {
  type        = list(string)
  description = "Origins whose pages may call the API; empty: none. The functions need the same list in `CORS_ORIGINS`, which the module `api-functions` sets from its own `cors_origins`"
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^(https://[a-z0-9.-]+(:[0-9]+)?|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?)$", origin))])
    error_message = "cors_origins: write \"https://\" and a host in lower-case letters, without path and without *; http:// for localhost only."
  }
}

variable "throttle" {
  type = object({
    rate  = optional(number, 100)
    burst = optional(number, 200)
  })
  description = "Requests per second and burst that each method accepts, of all callers together; further requests get 429"
  default     = {}
  nullable    = false

  validation {
    condition     = var.throttle.rate >= 1 && var.throttle.burst >= 1
    error_message = "throttle: rate and burst must be 1 or more; with 0 the API would refuse every request."
  }
}

variable "account_role" {
  type        = bool
  description = "Whether the module sets the role with which API Gateway writes logs. It is a setting of the account and the Region: leave it to one place"
  default     = false
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days to keep log lines"
  default     = 30
  nullable    = false
}

variable "kms_key_arn" {
  type        = string
  description = "KMS key for the access log; null: AWS's own. Its policy must allow CloudWatch Logs"
  default     = null
}

variable "tracing" {
  type        = string
  description = "X-Ray: `PassThrough` or `Active`"
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["PassThrough", "Active"], var.tracing)
    error_message = "tracing is \"${var.tracing}\": use PassThrough or Active."
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags of all resources"
  default     = {}
  nullable    = false
}
