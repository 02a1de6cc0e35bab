# The options of each function, from those for all and its own. They are written down once, as variables of the module
# function, which checks their values; here is what would go unnoticed, a member or a function that does not exist.

locals {
  members = [
    "ephemeral_storage_mb", "gradual_deployment", "layers", "log_class", "log_format", "log_kms_key_arn", "log_retention_days",
    "log_skip_destroy", "log_system_level", "path", "permissions_boundary", "stopped", "tracing", "vpc",
  ]

  unset   = { for member in local.members : member => null }
  for_all = merge(local.unset, var.defaults, try(var.options["*"], {}))
}
