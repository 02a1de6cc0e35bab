variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "shop"
}

variable "sender" {
  description = "Address that mail is sent from. SES sends it a mail with a link to confirm."
  type        = string
}

variable "alarm_email" {
  description = "Address that alarms go to. SNS sends it a mail with a link to confirm."
  type        = string
}

variable "workforce_oidc" {
  description = "Your employees' identity provider: an OIDC issuer, and the client that you registered there."
  type = object({
    issuer        = string
    client_id     = string
    client_secret = string
  })
  sensitive = true
}

variable "live_user_pool_id" {
  description = "The pool's id, once it exists: the output user_pool_id of the first apply."
  type        = string
  default     = null
}
