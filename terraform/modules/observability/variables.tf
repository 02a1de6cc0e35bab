variable "name" {
  description = "Prefix of the names of the dashboard and the alarms."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,150}$", var.name))
    error_message = "name is \"${var.name}\": use at most 150 letters, digits, - and _."
  }
}

variable "functions" {
  description = <<-EOT
    Functions to watch, by a short name: the Lambda function's name, its hook (null for an API function), log group, and the
    dead-letter queue if it is called asynchronously. counters replaces the hook's own list of counters to alarm on.
  EOT
  type = map(object({
    function_name          = string
    hook                   = optional(string)
    log_group_name         = optional(string)
    log_class              = optional(string, "STANDARD")
    dead_letter_queue_name = optional(string)
    counters               = optional(set(string))
  }))

  validation {
    condition = alltrue([
      for f in var.functions :
      !contains(["custom_email_sender", "custom_sms_sender"], coalesce(f.hook, "none")) || f.dead_letter_queue_name != null
    ])
    error_message = <<-EOT
      functions: Cognito calls the custom senders asynchronously, so each needs its dead_letter_queue_name: otherwise their
      failures go unseen.
    EOT
  }

  # Triggers count refusals in metrics that CloudWatch makes from their log lines.
  validation {
    condition     = alltrue([for f in var.functions : f.hook == null || f.log_class == "STANDARD"])
    error_message = <<-EOT
      functions: the log class of ${join(", ", [for name, f in var.functions : name if f.hook != null && f.log_class != "STANDARD"])} is
      INFREQUENT_ACCESS, from which CloudWatch makes no metrics: their alarms would ring for each refusal and for no loss. Set
      log_class = "STANDARD" for these triggers.
    EOT
  }
}

variable "api" {
  description = "The API to watch for answers of 500 and more: the id of an HTTP API, or the name and stage of a REST API; null: none."
  type = object({
    id    = optional(string)
    name  = optional(string)
    stage = optional(string)
  })
  default = null
}

variable "topic_arns" {
  description = "SNS topics for alarms and their ends. Empty: alarms only show in CloudWatch."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = length(var.topic_arns) <= 5 && alltrue([
      for arn in var.topic_arns : can(regex("^arn:[^:]+:sns:[^:]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", arn))
    ])
    error_message = <<-EOT
      The topics for alarms are ${join(", ", var.topic_arns)}: give at most 5 ARNs of SNS topics, arn:aws:sns:…:…:<name>. CloudWatch
      cannot publish to a FIFO topic.
    EOT
  }
}

variable "duration_p99_ms" {
  description = "Alarm if the slowest 1% of calls take longer, in ms. Cognito gives up after 5000."
  type        = number
  default     = 4000

  validation {
    condition     = var.duration_p99_ms > 0 && var.duration_p99_ms < 5000
    error_message = "duration_p99_ms is ${var.duration_p99_ms}: set less than the 5000 after which Cognito gives up."
  }
}

variable "runbook_url" {
  description = "Web address of the runbook, which the alarms' descriptions link to. null: they name its section."
  type        = string
  default     = null

  validation {
    condition     = var.runbook_url == null ? true : can(regex("^https?://[^ #]+$", var.runbook_url)) && length(var.runbook_url) <= 500
    error_message = "runbook_url is \"${coalesce(var.runbook_url, "null")}\": write a web address without #, https://…, or null."
  }
}

variable "tags" {
  description = "Tags of the alarms."
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
