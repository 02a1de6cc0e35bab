variable "sender" {
  type        = string
  description = "Address that mail is sent from. SES sends it a mail with a link to confirm"
}

variable "link_pages" {
  type        = list(string)
  description = "Addresses of the pages that sign-in links lead to, as in docs/recipes/passwordless.md. Empty: codes alone"
  default     = []
}

variable "live_user_pool_id" {
  type        = string
  description = "The pool's id, once it exists: the output user_pool_id of the first apply"
  default     = null
}
