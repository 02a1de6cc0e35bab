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
  client_id                  = lookup(var.client_ids, var.client, "")
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

# Their addresses in a state of a version before the module api-functions.
moved {
  from = module.function
  to   = module.functions.module.function
}

moved {
  from = module.tables
  to   = module.functions.module.tables
}

moved {
  from = aws_iam_role_policy.pool
  to   = module.functions.aws_iam_role_policy.pool
}

moved {
  from = aws_iam_role_policy.pool_statements
  to   = module.functions.aws_iam_role_policy.pool_statements
}
