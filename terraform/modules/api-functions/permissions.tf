# What the manifests declare besides routes: their tables, and what they may do with the pool.

# Of every function that is found, on or off: a table holds data.
module "tables" {
  source = "../tables"

  name_prefix         = var.name_prefix
  manifests           = [for manifest in values(local.found) : manifest.path]
  existing            = var.tables
  kms_key_arn         = var.kms_key_arn
  deletion_protection = var.tables_deletion_protection
  tags                = var.tags
}

# The module function has no input for the user pool; see modules/triggers/pool.tf.
resource "aws_iam_role_policy" "pool" {
  for_each = { for name, function in module.function : name => function.pool_grants if length(function.pool_grants) > 0 }

  name   = "user-pool"
  role   = module.function[each.key].role_name
  policy = replace(jsonencode({ Version = "2012-10-17", Statement = each.value }), "{pool_arn}", var.user_pool.arn)

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_role_policy" "pool_statements" {
  for_each = { for name, function in module.function : name => function.pool_statements if length(function.pool_statements) > 0 }

  name = "pool-statements"
  role = module.function[each.key].role_name
  policy = replace(replace(
    jsonencode({ Version = "2012-10-17", Statement = each.value }),
    "{pool_arn}", var.user_pool.arn), "{pool_id}", var.user_pool.id,
  )

  lifecycle {
    create_before_destroy = true
  }
}
