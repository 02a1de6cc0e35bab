variable "live_user_pool_id" {
  description = "The pool's id, once it exists: the output user_pool_id of the first apply."
  type        = string
  default     = null
}
