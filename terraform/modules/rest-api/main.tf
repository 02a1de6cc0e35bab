# The functions, with their tables and what they may do.
module "functions" {
  source = "../api-functions"

  name_prefix                = var.name_prefix
  api_path                   = var.api_path
  zips_path                  = var.zips_path
  code                       = var.code
  functions                  = var.functions
  function_options           = var.function_options
  user_pool                  = var.user_pool
  client_id                  = var.client_id
  cors_origins               = var.cors_origins
  profile_table              = var.profile_table
  posts_table                = var.posts_table
  tables                     = var.tables
  tables_deletion_protection = var.tables_deletion_protection
  environment                = var.environment
  architecture               = var.architecture
  log_retention_days         = var.log_retention_days
  kms_key_arn                = var.kms_key_arn
  tracing                    = var.tracing
  tags                       = var.tags
}
