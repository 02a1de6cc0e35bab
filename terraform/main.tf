# The whole system: a user pool, its triggers, the tables and their alarms, and with `api` an HTTP or REST API. The pool's settings are in
# pool.auto.tfvars.json, which the local user pool reads, too.

module "profiles" {
  source = "./modules/table"

  name                = "${var.name}-profiles"
  hash_key            = { name = "pk" } # "<user pool id>#<sub>": one table serves several pools
  ttl_attribute       = "expires_at"    # tombstones of deleted accounts expire by themselves
  kms_key_arn         = var.kms_key_arn
  deletion_protection = var.deletion_protection
  tags                = var.tags
}

# Each module gets the options of its own functions; those of no function go to both, which refuse them.
locals {
  triggers_path = coalesce(var.triggers_path, "${path.module}/../triggers")
  api_path      = coalesce(var.api_path, "${path.module}/../api")
  only_trigger  = { for name in keys(var.function_options) : name => fileexists("${local.triggers_path}/${name}/function.json") }
  only_api = { for name in keys(var.function_options) : name =>
    !local.only_trigger[name] && fileexists("${local.api_path}/${name}/function.json")
  }

  trigger_options = { for name, own in var.function_options : name => own if !local.only_api[name] }
  api_options     = { for name, own in var.function_options : name => own if !local.only_trigger[name] }
}

# The pool names the functions, and the functions' permissions name the pool. There is no cycle, because no function refers
# to the pool. Neither module may use count, for_each or depends_on, which would make one.
module "triggers" {
  source = "./modules/triggers"

  name_prefix   = var.name
  triggers_path = local.triggers_path
  zips_path     = local.zips_path
  code          = var.code
  triggers      = var.triggers
  only_triggers = var.only_triggers
  architecture  = var.architecture
  environment   = var.function_environment
  tracing       = var.tracing

  user_pool = {
    id  = module.user_pool.id
    arn = module.user_pool.arn
  }
  live_user_pool_id           = var.live_user_pool_id
  feature_plan                = var.feature_plan
  app_client_write_attributes = { for name, client in var.app_clients : name => client.write_attributes }
  # From the variable: the pool's output would make the functions wait for the pool.
  mapped_attributes = setsubtract(
    flatten([for provider in values(var.identity_providers) : keys(provider.attribute_mapping)]),
    ["username"],
  )

  profile_table = module.profiles
  ses = var.ses_identity == null ? null : {
    identity_arn      = var.ses_identity.arn
    from              = var.ses_identity.from
    configuration_set = var.ses_identity.configuration_set
  }
  tables_deletion_protection = var.deletion_protection
  sender_kms_key_arn         = var.sender_kms_key_arn
  function_options           = local.trigger_options
  log_retention_days         = var.log_retention_days
  kms_key_arn                = var.kms_key_arn
  tags                       = var.tags
}

module "user_pool" {
  source = "./modules/user-pool"

  name                 = coalesce(var.user_pool_name, var.name)
  adopted_user_pool_id = var.adopted_user_pool_id
  feature_plan         = var.feature_plan
  deletion_protection  = var.deletion_protection
  issuer_type          = var.issuer_type

  sign_in                                       = var.sign_in
  invite_only                                   = var.invite_only
  auto_verified_attributes                      = var.auto_verified_attributes
  attributes_require_verification_before_update = var.attributes_require_verification_before_update
  verification                                  = var.verification
  account_recovery                              = var.account_recovery
  password_policy                               = var.password_policy
  mfa                                           = var.mfa
  mfa_factors                                   = var.mfa_factors
  allowed_first_auth_factors                    = var.allowed_first_auth_factors
  passkeys                                      = var.passkeys
  device_configuration                          = var.device_configuration
  threat_protection                             = var.threat_protection
  custom_auth_threat_protection                 = var.custom_auth_threat_protection
  risk_configuration                            = var.risk_configuration

  custom_attributes         = var.custom_attributes
  required_attributes       = var.required_attributes
  app_clients               = var.app_clients
  groups                    = var.groups
  domain                    = var.domain
  ui_customization          = var.ui_customization
  resource_servers          = var.resource_servers
  identity_providers        = var.identity_providers
  identity_provider_secrets = var.identity_provider_secrets

  ses_identity       = var.ses_identity
  sms_configuration  = var.sms_configuration
  messages           = var.messages
  lambda_config      = module.triggers.lambda_config
  guard_user_pool_id = var.guard_user_pool_id
  tags               = var.tags

  attaches_inbound_federation = module.triggers.inbound_federation.on
  inbound_federation_arn      = module.triggers.inbound_federation.arn
}

# The API refers to the pool, and the pool does not refer to the API, so there is no cycle.
locals {
  api_kind = var.api == null ? "none" : var.api.kind

  # Without the clients of services: their tokens have no user who could own anything.
  api_clients = var.api == null ? [] : coalesce(var.api.app_clients, [
    for name, client in var.app_clients : name if try(client.oauth.flow, null) != "client_credentials"
  ])
}

module "posts" {
  source = "./modules/table"
  count  = var.api == null ? 0 : 1

  name                = "${var.name}-posts"
  hash_key            = { name = "pk" } # the month, "month#2026-11"
  range_key           = { name = "sk" } # the post's id, so a list is a query and never a scan
  ttl_attribute       = "expires_at"    # idempotency keys expire by themselves
  kms_key_arn         = var.kms_key_arn
  deletion_protection = var.deletion_protection
  tags                = var.tags
}

module "http_api" {
  source = "./modules/http-api"
  count  = local.api_kind == "HTTP" ? 1 : 0

  name_prefix  = var.name
  api_path     = local.api_path
  zips_path    = local.zips_path
  code         = var.code
  functions    = var.api.functions
  cors_origins = var.api.cors_origins
  throttle     = var.api.throttle
  client       = var.api.app_client

  custom_domain = var.api.custom_domain
  client_ids    = { for name, id in module.user_pool.client_ids : name => id if contains(local.api_clients, name) }
  architecture  = var.architecture
  environment   = var.function_environment
  tracing       = var.tracing

  user_pool = {
    id     = module.user_pool.id
    arn    = module.user_pool.arn
    issuer = var.token_issuer_base == null ? module.user_pool.issuer : "${var.token_issuer_base}/${module.user_pool.id}"
  }
  profile_table              = module.profiles
  posts_table                = module.posts[0]
  tables                     = module.triggers.tables
  tables_deletion_protection = var.deletion_protection
  function_options           = local.api_options
  log_retention_days         = var.log_retention_days
  kms_key_arn                = var.kms_key_arn
  tags                       = var.tags
}

# The same functions behind a REST API, which has no list of app clients and no custom domain here.
module "rest_api" {
  source = "./modules/rest-api"
  count  = local.api_kind == "REST" ? 1 : 0

  name_prefix  = var.name
  api_path     = local.api_path
  zips_path    = local.zips_path
  code         = var.code
  functions    = var.api.functions
  cors_origins = var.api.cors_origins
  throttle     = var.api.throttle
  client_id    = module.user_pool.client_ids[var.api.app_client]
  account_role = var.api.account_role
  architecture = var.architecture
  environment  = var.function_environment
  tracing      = var.tracing

  user_pool = {
    id  = module.user_pool.id
    arn = module.user_pool.arn
  }
  profile_table              = module.profiles
  posts_table                = module.posts[0]
  tables                     = module.triggers.tables
  tables_deletion_protection = var.deletion_protection
  function_options           = local.api_options
  log_retention_days         = var.log_retention_days
  kms_key_arn                = var.kms_key_arn
  tags                       = var.tags
}

locals {
  watched_api = (
    local.api_kind == "HTTP" ? { id = module.http_api[0].id, name = null, stage = null } :
    local.api_kind == "REST" ? { id = null, name = module.rest_api[0].name, stage = module.rest_api[0].stage_name } : null
  )
}

module "observability" {
  source = "./modules/observability"

  name       = var.name
  functions  = merge(module.triggers.functions, one(module.http_api[*].functions), one(module.rest_api[*].functions))
  api        = local.watched_api
  topic_arns = var.alarm_topics

  runbook_url = var.runbook_url
  tags        = var.tags
}

module "protection" {
  source = "./modules/protection"

  protected = var.deletion_protection

  depends_on = [module.user_pool, module.triggers, module.profiles, module.posts, module.http_api, module.rest_api, module.observability]
}

# The name that a protected system has. The pool and the tables keep theirs anyway, but all else would be replaced.
resource "terraform_data" "name" {
  count = var.deletion_protection ? 1 : 0

  input = var.name

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = self.output == var.name
      error_message = <<-EOT
        The system is named ${self.output}, and another name would replace every function, role and alarm. Set name to that. If
        you mean it, set deletion_protection to false and apply first; the pool and the tables keep their names, with all that
        they hold.
      EOT
    }
  }
}
