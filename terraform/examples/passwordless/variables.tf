variable "sender" {
  description = "Address that mail is sent from. SES sends it a mail with a link to confirm."
  type        = string
}

variable "link_pages" {
  description = "Addresses of the pages that sign-in links lead to, as in docs/recipes/passwordless.md. Empty: codes alone."
  type        = list(string)
  default     = []
}

variable "live_user_pool_id" {
  description = "The pool's id, once it exists: the output user_pool_id of the first apply."
  type        = string
  default     = null
}
