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
    CLIENT_ID     = var.client_id
    PROFILE_TABLE = var.profile_table == null ? "" : var.profile_table.name
    POSTS_TABLE   = var.posts_table == null ? "" : var.posts_table.name
  }
  # Every function reads this one, with no line in its manifest.
  pages = length(var.cors_origins) == 0 ? {} : { CORS_ORIGINS = join(",", var.cors_origins) }

  environment = { for name, manifest in local.enabled : name => merge(
    var.environment,
    local.pages,
    local.options[name].environment,
    { for setting, value in local.derived : setting => value if contains(keys(manifest.environment), setting) },
  ) }
}

module "options" {
  source = "../function-options"

  options  = var.function_options
  names    = keys(local.found)
  defaults = { log_retention_days = var.log_retention_days, tracing = var.tracing }
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
  kms_key_arn          = var.kms_key_arn
  tags                 = var.tags

  # Variables that are null have the default of the module function.
  ephemeral_storage_mb = module.options.of[each.key].ephemeral_storage_mb
  gradual_deployment   = module.options.of[each.key].gradual_deployment
  layers               = module.options.of[each.key].layers
  log_class            = module.options.of[each.key].log_class
  log_format           = module.options.of[each.key].log_format
  log_kms_key_arn      = module.options.of[each.key].log_kms_key_arn
  log_skip_destroy     = module.options.of[each.key].log_skip_destroy
  log_system_level     = module.options.of[each.key].log_system_level
  path                 = module.options.of[each.key].path
  permissions_boundary = module.options.of[each.key].permissions_boundary
  stopped              = module.options.of[each.key].stopped
  vpc                  = module.options.of[each.key].vpc
  log_retention_days   = module.options.of[each.key].log_retention_days
  tracing              = module.options.of[each.key].tracing
}
