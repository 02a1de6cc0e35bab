variable "name" {
  description = "Name of the identity pool, and the prefix of its roles' names."
  type        = string
}

variable "user_pool_endpoint" {
  description = "The user pool as an identity provider: cognito-idp.<region>.amazonaws.com/<pool id>, the user-pool module's endpoint."
  type        = string

  validation {
    condition     = !startswith(var.user_pool_endpoint, "https://")
    error_message = "user_pool_endpoint is written without https://."
  }
}

variable "client_ids" {
  description = "App clients by name whose tokens the pool accepts: some of the user-pool module's client_ids."
  type        = map(string)

  validation {
    condition     = length(var.client_ids) > 0
    error_message = "client_ids is empty: name at least one app client, or nobody can get credentials."
  }
}

variable "guest_access" {
  description = "Whether users who are not signed in get credentials of the guest role."
  type        = bool
  default     = false
}

variable "authenticated_policies" {
  description = "What signed-in users may do, as IAM policy documents (JSON) by name. Empty: nothing."
  type        = map(string)
  default     = {}
}

variable "guest_policies" {
  description = "What guests may do, as IAM policy documents (JSON) by name. Empty: nothing."
  type        = map(string)
  default     = {}

  validation {
    condition     = var.guest_access || length(var.guest_policies) == 0
    error_message = "guest_policies is set while guest_access is off: turn guest_access on, or leave the policies out."
  }
}

variable "role_mapping" {
  description = "Role by group. Token takes the role of the user's groups from the token; Rules gives role_arn to members of a group, first match wins. ambiguous is for users without a match: Deny or AuthenticatedRole. null: everybody has the authenticated role."
  type = object({
    type      = string
    ambiguous = optional(string, "Deny")
    rules     = optional(list(object({ group = string, role_arn = string })), [])
  })
  default = null

  validation {
    condition     = var.role_mapping == null ? true : contains(["Token", "Rules"], var.role_mapping.type)
    error_message = "role_mapping.type is Token or Rules."
  }
  validation {
    condition     = var.role_mapping == null ? true : contains(["Deny", "AuthenticatedRole"], var.role_mapping.ambiguous)
    error_message = "role_mapping.ambiguous is Deny or AuthenticatedRole."
  }
  validation {
    condition     = var.role_mapping == null ? true : (var.role_mapping.type == "Rules") == (length(var.role_mapping.rules) > 0) && length(var.role_mapping.rules) <= 25
    error_message = "role_mapping.rules has 1 to 25 entries if the type is Rules, and none if it is Token."
  }
  # The claim has all groups in one text, and Contains finds "admins" in "not-admins".
  validation {
    condition = var.role_mapping == null ? true : alltrue(flatten([for i, a in var.role_mapping.rules : [
      for j, b in var.role_mapping.rules : i == j || !strcontains(b.group, a.group)
    ]]))
    error_message = "role_mapping.rules: a group's name is part of another's or listed twice, so members of the longer one would match both. Rename a group, or use the type Token."
  }
}

variable "tags" {
  description = "Tags of the pool and its roles."
  type        = map(string)
  default     = {}
}
