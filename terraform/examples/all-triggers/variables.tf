variable "live_user_pool_id" {
  description = "The pool's id, once it exists: the output user_pool_id of the first apply."
  type        = string
  default     = null
}

variable "sender" {
  description = "Address that mail is sent from. SES sends it a mail with a link to confirm."
  type        = string
}
