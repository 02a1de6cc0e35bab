variable "name" {
  description = "Name of the identity pool, and the prefix of its roles' names."
  type        = string
  nullable    = false

  # The roles' names end in -unauthenticated-<Region>; the longest Region has 14 characters.
  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,33}$", var.name))
    error_message = "name is \"${var.name}\": use 1 to 33 letters, digits and + = , . @ _ -, so that the roles' names fit IAM's 64."
  }
}

variable "path" {
  description = "Path of the roles."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^(/|/[!-~]{1,510}/)$", var.path))
    error_message = <<-EOT
      path "${var.path}": begin and end it with a slash, for example /teams/identity/, and use at most 512 characters without
      spaces.
    EOT
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds what the roles may do. null: none."
  type        = string
  default     = null

  validation {
    condition = (
      var.permissions_boundary == null ? true :
      can(regex("^arn:[a-z-]+:iam::(aws|[0-9]{12}):policy/", var.permissions_boundary))
    )
    error_message = <<-EOT
      permissions_boundary "${coalesce(var.permissions_boundary, "null")}" is not the ARN of a policy,
      arn:aws:iam::<account>:policy/<name>.
    EOT
  }
}

variable "user_pool_endpoint" {
  description = "The user pool as an identity provider: cognito-idp.<region>.amazonaws.com/<pool id>, the user-pool module's endpoint."
  type        = string

  validation {
    condition = can(regex(
      "^(cognito-idp[.][a-z0-9.-]+|localhost:[0-9]+|127[.]0[.]0[.]1:[0-9]+)/[a-z0-9-]+_[A-Za-z0-9]+$",
      var.user_pool_endpoint,
    ))
    error_message = <<-EOT
      user_pool_endpoint is "${var.user_pool_endpoint}": write cognito-idp.<region>.amazonaws.com/<pool id>, without https://, as the
      user-pool module's output endpoint has it.
    EOT
  }
}

variable "client_ids" {
  description = "App clients by name whose tokens the pool accepts: some of the user-pool module's client_ids."
  type        = map(string)

  validation {
    condition     = length(var.client_ids) > 0
    error_message = "client_ids is empty: name at least one app client, or nobody can get credentials."
  }

  validation {
    condition     = alltrue([for id in values(var.client_ids) : can(regex("^[A-Za-z0-9_+]{1,128}$", id))])
    error_message = "client_ids: ${join(", ", values(var.client_ids))}: write the ids of app clients by their names."
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
  nullable    = false

  validation {
    condition = alltrue([for name, document in var.authenticated_policies : alltrue([
      can(regex("^[A-Za-z0-9+=,.@_-]{1,128}$", name)), can(jsondecode(document).Statement), length(document) <= 10240,
    ])])
    error_message = <<-EOT
      authenticated_policies: write IAM documents in JSON, with Statement and at most 10240 characters, by names of at most 128
      letters, digits and + = , . @ _ -.
    EOT
  }
}

variable "guest_policies" {
  description = "What guests may do, as IAM policy documents (JSON) by name. Empty: nothing."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([for name, document in var.guest_policies : alltrue([
      can(regex("^[A-Za-z0-9+=,.@_-]{1,128}$", name)), can(jsondecode(document).Statement), length(document) <= 10240,
    ])])
    error_message = <<-EOT
      guest_policies: write IAM documents in JSON, with Statement and at most 10240 characters, by names of at most 128 letters,
      digits and + = , . @ _ -.
    EOT
  }

  validation {
    condition     = var.guest_access || length(var.guest_policies) == 0
    error_message = "guest_policies is set while guest_access is off: turn guest_access on, or leave the policies out."
  }
}

variable "role_mapping" {
  description = <<-EOT
    Role by group. Token takes the role of the user's groups from the token; Rules gives role_arn to members of a group, first
    match wins. ambiguous is for users without a match: Deny or AuthenticatedRole. null: everybody has the authenticated role.
  EOT
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
    condition = (
      var.role_mapping == null ? true :
      (var.role_mapping.type == "Rules") == (length(var.role_mapping.rules) > 0) && length(var.role_mapping.rules) <= 25
    )
    error_message = "role_mapping.rules has 1 to 25 entries if the type is Rules, and none if it is Token."
  }
  validation {
    condition = var.role_mapping == null ? true : alltrue([
      for rule in var.role_mapping.rules :
      can(regex("^arn:[^:]+:iam::[0-9]{12}:role/", rule.role_arn)) && can(regex("^.{1,128}$", rule.group))
    ])
    error_message = <<-EOT
      role_mapping.rules: each needs a group of 1 to 128 characters and the ARN of a role, arn:aws:iam::<account>:role/<name>.
    EOT
  }

  # The claim has all groups in one text, and Contains finds "admins" in "not-admins".
  validation {
    condition = var.role_mapping == null ? true : alltrue(flatten([for i, a in var.role_mapping.rules : [
      for j, b in var.role_mapping.rules : i == j || !strcontains(b.group, a.group)
    ]]))
    error_message = <<-EOT
      role_mapping.rules: a group's name is part of another's or listed twice, so members of the longer one would match both.
      Rename a group, or use the type Token.
    EOT
  }
}

variable "tags" {
  description = "Tags of the pool and its roles."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = length(var.tags) <= 50 && alltrue([for key, value in var.tags : alltrue([
      can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}$", key)), !startswith(lower(key), "aws:"), length(value) <= 256,
    ])])
    error_message = <<-EOT
      tags: AWS takes 50 tags, with keys of at most 128 letters, digits, spaces and _ . : / = + - @ that do not begin with aws:,
      and values of at most 256 characters.
    EOT
  }
}
