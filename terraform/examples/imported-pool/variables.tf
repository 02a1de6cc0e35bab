variable "user_pool_id" {
  description = "Id of the pool that is imported, for example eu-west-1_AbCdEfGhI."
  type        = string
}

variable "client_ids" {
  description = "Ids of its app clients, by their names."
  type        = map(string)
}

variable "sms_configuration" {
  description = "The role that the pool sends SMS with, and its external id, as the pool has them."
  type = object({
    sns_caller_arn = string
    external_id    = string
    sns_region     = optional(string)
  })
}

variable "workforce_secret" {
  description = "The client secret that the provider Workforce has."
  type        = string
  sensitive   = true
}
