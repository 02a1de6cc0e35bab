variable "protected" {
  description = "Whether a destruction is refused. To destroy, apply with false first."
  type        = bool
  nullable    = false
}

variable "identity" {
  description = "What must not be replaced, for example the id of a user pool: a replacement is refused like a destruction."
  type        = string
  default     = null
}
