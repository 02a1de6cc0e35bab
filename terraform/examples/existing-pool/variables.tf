variable "user_pool_id" {
  description = "Id of the pool that somebody else owns, for example eu-west-1_AbCdEfGhI."
  type        = string
}

variable "feature_plan" {
  description = "The pool's feature plan: LITE, ESSENTIALS or PLUS."
  type        = string
  default     = "ESSENTIALS"
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "people"
}
