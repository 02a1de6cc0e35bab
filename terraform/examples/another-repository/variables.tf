variable "live_user_pool_id" {
  description = "The pool's id, once it exists: the output user_pool_id of the first apply."
  type        = string
  default     = null
}

variable "code" {
  description = "Where each function's code is, as `go tool poolctl build --upload` writes it to build/arm64/code.tfvars.json."
  type = map(object({
    zip = optional(string)
    s3 = optional(object({
      bucket         = string
      key            = string
      object_version = optional(string)
      sha256         = optional(string)
    }))
  }))
}
