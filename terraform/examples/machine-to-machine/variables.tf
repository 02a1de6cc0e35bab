variable "live_user_pool_id" {
  description = "The pool's id, once it exists: the output user_pool_id of the first apply."
  type        = string
  default     = null
}

variable "domain_prefix" {
  description = "Prefix of the domain with the token endpoint, which is unique in the Region."
  type        = string
  default     = "fleet-services"
}
