variable "name" {
  description = "Prefix of the names of the dashboard and the alarms."
  type        = string
}

variable "functions" {
  description = "Functions to watch, by a short name: the Lambda function's name, its hook (null for an API function), log group, and the dead-letter queue if it is called asynchronously. counters replaces the hook's own list of counters to alarm on."
  type = map(object({
    function_name          = string
    hook                   = optional(string)
    log_group_name         = optional(string)
    dead_letter_queue_name = optional(string)
    counters               = optional(set(string))
  }))

  validation {
    condition     = alltrue([for f in var.functions : !contains(["custom_email_sender", "custom_sms_sender"], coalesce(f.hook, "none")) || f.dead_letter_queue_name != null])
    error_message = "functions: Cognito calls the custom senders asynchronously, so each needs its dead_letter_queue_name: otherwise their failures go unseen."
  }
}

variable "api" {
  description = "The HTTP API to watch for answers of 500 and more; null: none."
  type        = object({ id = string })
  default     = null
}

variable "topic_arns" {
  description = "SNS topics for alarms and their ends. Empty: alarms only show in CloudWatch."
  type        = list(string)
  default     = []
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
  description = "Address of the runbook, for the alarms' descriptions."
  type        = string
  default     = "docs/runbook.md"
}

variable "tags" {
  description = "Tags of the alarms."
  type        = map(string)
  default     = {}
}
