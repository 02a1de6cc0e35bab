# What the manifests declare besides hooks: their tables, and the statements of their own that name the pool.

# Of every trigger that is found, on or off: a table holds data.
module "tables" {
  source = "../tables"

  name_prefix         = var.name_prefix
  manifests           = [for manifest in values(local.found) : manifest.path]
  existing            = var.tables
  kms_key_arn         = var.kms_key_arn
  deletion_protection = var.tables_deletion_protection
  tags                = var.tags
}

resource "aws_iam_role_policy" "pool_statements" {
  for_each = local.with_pool_statements

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
