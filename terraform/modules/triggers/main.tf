# Finds the triggers, creates those that are on and maps hooks to functions. The triggers are known from files alone, not
# from resources, so that the plan of a first apply is complete.

locals {
  # fileset's * does not match directories, so the pattern includes the file.
  found = { for file in fileset(var.triggers_path, "*/function.json") :
    dirname(file) => merge(
      { hook = null, event_version = null, environment = {}, grants = [] },
      try(jsondecode(file("${var.triggers_path}/${file}")), {}),
      { path = "${var.triggers_path}/${file}" },
    ) if !startswith(file, ".")
  }

  unset   = { enabled = null, environment = {}, memory_mb = null, reserved_concurrency = null, version = null }
  options = { for name, manifest in local.found : name => lookup(var.triggers, name, local.unset) }

  # Cognito only accepts mails from a trigger if the pool sends through SES.
  by_default = { for name, manifest in local.found : name =>
    var.only_triggers == null ? manifest.hook != "custom_message" || var.ses != null : contains(coalesce(var.only_triggers, []), name)
  }
  enabled = { for name, manifest in local.found : name => manifest if coalesce(local.options[name].enabled, local.by_default[name]) }

  # Settings derived from other inputs. A function gets those that are in its manifest.
  derived = { for name, manifest in local.enabled : name => merge(
    { EMAIL_SENDING_ACCOUNT = var.ses == null ? "COGNITO_DEFAULT" : "DEVELOPER" },
    { PROFILE_TABLE = var.profile_table == null ? "" : var.profile_table.name },
    { EVENT_VERSION = coalesce(manifest.event_version, "none") },
    # Not a map that depends on the key, which may be unknown in a plan: all settings would be.
    { SENDER_KEY_ARN = var.sender_kms_key_arn == null ? "" : var.sender_kms_key_arn },
    var.mapped_attributes == null ? {} : { MAPPED_ATTRIBUTES = join(",", sort(var.mapped_attributes)) },
  ) }
  environment = { for name, manifest in local.enabled : name => merge(
    var.environment,
    contains(keys(manifest.environment), "WELCOME_EMAIL_FROM") && var.ses != null ? { WELCOME_EMAIL_FROM = var.ses.from } : {},
    contains(keys(manifest.environment), "EMAIL_FROM") && var.ses != null ? { EMAIL_FROM = var.ses.from } : {},
    contains(keys(manifest.environment), "SEND_WITH_SES") && var.ses != null ? { SEND_WITH_SES = "true" } : {},
    local.options[name].environment,
    { for setting, value in local.derived[name] : setting => value if contains(keys(manifest.environment), setting) },
  ) }

  sender_hooks = ["custom_email_sender", "custom_sms_sender"]
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
  ses                  = var.ses
  tables               = module.tables.tables
  memory_mb            = local.options[each.key].memory_mb
  reserved_concurrency = local.options[each.key].reserved_concurrency
  alias_version        = local.options[each.key].version
  async                = each.value.hook == null ? false : contains(local.sender_hooks, each.value.hook)
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
