# Finds the functions of the API and creates those that are on. Functions and routes are known from files alone, not from
# resources, so that the plan of a first apply is complete.

locals {
  # fileset's * does not match directories, so the pattern includes the file.
  found = { for file in fileset(var.api_path, "*/function.json") :
    dirname(file) => merge(
      { hook = null, routes = [], timeout_seconds = 1, environment = {}, grants = [] },
      try(jsondecode(file("${var.api_path}/${file}")), {}),
      { path = "${var.api_path}/${file}" },
    ) if !startswith(file, ".")
  }

  unset   = { enabled = true, environment = {}, memory_mb = null, reserved_concurrency = null, version = null }
  options = { for name, manifest in local.found : name => lookup(var.functions, name, local.unset) }
  enabled = { for name, manifest in local.found : name => manifest if local.options[name].enabled }

  # Settings derived from other inputs. A function gets those that are in its manifest.
  derived = {
    USER_POOL_ID  = var.user_pool.id
    CLIENT_ID     = lookup(var.client_ids, var.client, "")
    PROFILE_TABLE = var.profile_table == null ? "" : var.profile_table.name
    POSTS_TABLE   = var.posts_table == null ? "" : var.posts_table.name
  }
  environment = { for name, manifest in local.enabled : name => merge(
    var.environment,
    local.options[name].environment,
    { for setting, value in local.derived : setting => value if contains(keys(manifest.environment), setting) },
  ) }
}

module "function" {
  source   = "../function"
  for_each = local.enabled

  name_prefix          = var.name_prefix
  name                 = each.key
  manifest             = each.value.path
  zip                  = local.zips[each.key]
  s3                   = local.objects[each.key]
  architecture         = var.architecture
  environment          = local.environment[each.key]
  profile_table        = var.profile_table
  posts_table          = var.posts_table
  tables               = module.tables.tables
  memory_mb            = local.options[each.key].memory_mb
  reserved_concurrency = local.options[each.key].reserved_concurrency
  alias_version        = local.options[each.key].version
  log_retention_days   = var.log_retention_days
  kms_key_arn          = var.kms_key_arn
  tracing              = var.tracing
  tags                 = var.tags
}
