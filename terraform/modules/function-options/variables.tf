variable "options" {
  description = <<-EOT
    By function: those of the members below that are set; `*` is for all functions, and a function's own member goes before it,
    also as null.
  EOT
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can({ for name, own in var.options : name => keys(own) })
    error_message = <<-EOT
      function_options: write an object by function, or by "*" for all, each with an object: { "*" = { tracing = "Active" } }.
    EOT
  }

  validation {
    condition     = length(setsubtract(flatten([for own in try(values(var.options), []) : try(keys(own), [])]), local.members)) == 0
    error_message = <<-EOT
      function_options has
      ${join(", ", setsubtract(flatten([for own in try(values(var.options), []) : try(keys(own), [])]), local.members))}; the
      members are ${join(", ", local.members)}.
    EOT
  }

  validation {
    condition     = length(setsubtract(try(keys(var.options), []), concat(["*"], var.names))) == 0
    error_message = <<-EOT
      function_options is for ${join(", ", setsubtract(try(keys(var.options), []), concat(["*"], var.names)))}, and there is no
      such function. There are ${join(", ", var.names)}, and "*" for all.
    EOT
  }

  validation {
    condition     = length(setintersection(try(keys(var.options["*"]), []), ["stopped"])) == 0
    error_message = "function_options[\"*\"].stopped would refuse every sign-up and sign-in: set it for a function."
  }
}

variable "defaults" {
  description = "Members of the caller's own inputs, behind those of `options`."
  type        = any
  default     = {}
  nullable    = false
}

variable "names" {
  description = "The functions that are found, on or off."
  type        = list(string)
}
