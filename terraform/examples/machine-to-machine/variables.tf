variable "live_user_pool_id" {
  type        = string
  description = "The pool's id, once it exists: the output user_pool_id of the first apply"
  default     = null
}

variable "domain_prefix" {
  type        = string
  description = "Prefix of the domain with the token endpoint, which is unique in the Region"
  default     = "fleet-services"
}
