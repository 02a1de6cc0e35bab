variable "live_user_pool_id" {
  type        = string
  description = "The pool's id, once it exists: the output user_pool_id of the first apply"
  default     = null
}

variable "sender" {
  type        = string
  description = "Address that mail is sent from. SES sends it a mail with a link to confirm"
}
