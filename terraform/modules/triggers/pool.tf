# The resources that name the pool: the permissions to invoke the functions, and the grants cognito:…. They are separate from
# the functions: the pool names the functions, so a function that named the pool would be a cycle.
#
# In what order Terraform must change a pool that is in use: what a new function needs, then the pool, then what an old one
# needed. Permissions that take the ARN from the pool can only follow it. So there are two of each: "first" takes the pool's
# id from live_user_pool_id, and the pool waits for it; the other takes it from the pool, and is all there is at first.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id
  live_pool = coalesce(var.live_user_pool_id, "unknown")
  live_arn  = "arn:${local.partition}:cognito-idp:${local.region}:${local.account}:userpool/${local.live_pool}"
}

resource "aws_lambda_permission" "first" {
  for_each = { for name, function in module.function : name => function if var.live_user_pool_id != null }

  statement_id_prefix = "cognito-first-"
  function_name       = each.value.function_name
  qualifier           = each.value.alias_name
  action              = "lambda:InvokeFunction"
  principal           = "cognito-idp.amazonaws.com"
  source_arn          = local.live_arn
  source_account      = local.account

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_permission" "cognito" {
  for_each = module.function

  # A prefix, because a permission for another ARN is created before the old one is destroyed.
  statement_id_prefix = "cognito-"
  function_name       = each.value.function_name
  qualifier           = each.value.alias_name
  action              = "lambda:InvokeFunction"
  principal           = "cognito-idp.amazonaws.com"
  source_arn          = var.user_pool.arn
  source_account      = split(":", var.user_pool.arn)[4]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = var.live_user_pool_id == null ? true : var.live_user_pool_id == var.user_pool.id
      error_message = <<-EOT
        live_user_pool_id is "${coalesce(var.live_user_pool_id, "null")}", and the pool is ${var.user_pool.id}: another pool
        could invoke the functions. Set it to ${var.user_pool.id}.
      EOT
    }
  }
}

locals {
  # A role has a grant while the settings use it. Manifests and settings show which functions have such a policy, so these
  # settings must be known at plan; its content is known once the pool exists.
  with_pool_grants = { for name, function in module.function : name => function.pool_grants if length(function.pool_grants) > 0 }
  with_pool_statements = {
    for name, function in module.function : name => function.pool_statements if length(function.pool_statements) > 0
  }

  senders = { for name, manifest in local.enabled : name => manifest if contains(local.sender_hooks, coalesce(manifest.hook, "none")) }
}

resource "aws_iam_role_policy" "first" {
  for_each = toset([for name in setunion(keys(local.with_pool_grants), keys(local.with_pool_statements), keys(local.senders)) : name
    if var.live_user_pool_id != null
  ])

  name = "user-pool-first"
  role = module.function[each.key].role_name
  policy = replace(replace(jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      lookup(local.with_pool_grants, each.key, []),
      lookup(local.with_pool_statements, each.key, []),
      [for name in keys(local.senders) : {
        Sid       = "DecryptCodes", Effect = "Allow", Action = ["kms:Decrypt"], Resource = [var.sender_kms_key_arn],
        Condition = { StringEquals = { "kms:EncryptionContext:userpool-id" = var.live_user_pool_id } }
      } if name == each.key],
    )
  }), "{pool_arn}", local.live_arn), "{pool_id}", coalesce(var.live_user_pool_id, "unknown"))

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_role_policy" "pool" {
  for_each = local.with_pool_grants

  name   = "user-pool"
  role   = module.function[each.key].role_name
  policy = replace(jsonencode({ Version = "2012-10-17", Statement = each.value }), "{pool_arn}", var.user_pool.arn)

  lifecycle {
    create_before_destroy = true
  }
}

# A custom sender may only decrypt the codes of its own pool.
resource "aws_iam_role_policy" "sender_key" {
  for_each = local.senders

  name = "sender-key"
  role = module.function[each.key].role_name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DecryptCodes", Effect = "Allow", Action = ["kms:Decrypt"], Resource = [var.sender_kms_key_arn],
      Condition = { StringEquals = { "kms:EncryptionContext:userpool-id" = var.user_pool.id } }
    }]
  })

  lifecycle {
    create_before_destroy = true
  }
}

# Changes whenever a trigger goes or loses a grant. What goes then waits for this, and this waits for the pool: without it,
# nothing would keep a permission until the pool has let go of its function.
resource "terraform_data" "attached" {
  input = {
    functions  = { for name, function in module.function : name => function.alias_arn }
    grants     = { for name, grants in local.with_pool_grants : name => grants[*].Sid }
    statements = keys(local.with_pool_statements)
    senders    = keys(local.senders)
  }

  depends_on = [
    aws_lambda_permission.cognito, aws_iam_role_policy.pool, aws_iam_role_policy.pool_statements, aws_iam_role_policy.sender_key,
  ]
}

# If pre token generation is left out, the provider keeps the old value (5.100 to 6.x): the plan would delete the function
# while the pool still calls it, and no user could sign in. So this reads the pool, and the output functions refuses the
# plan. A postcondition here would be too late: Terraform reads data that has one only after the pending changes to all
# that it depends on.
data "aws_cognito_user_pool" "without_pre_token_generation" {
  count = contains(local.hooks, "pre_token_generation") ? 0 : 1

  user_pool_id = var.user_pool.id
}

locals {
  still_called = one(flatten([for pool in data.aws_cognito_user_pool.without_pre_token_generation : [
    for arn in compact([try(pool.lambda_config[0].pre_token_generation_config[0].lambda_arn, null)]) : arn
    # Also of a directory that is gone. Other teams' names may begin like these, but they have another alias or none.
    if can(regex(":function:${var.name_prefix}-[A-Za-z0-9_-]+:live(-gradual)?$", arn))
  ]]))
}

# A warning, once the pool exists.
check "permissions_before_the_pool" {
  assert {
    condition     = var.live_user_pool_id != null ? true : var.user_pool.id == ""
    error_message = <<-EOT
      Set live_user_pool_id = "${var.user_pool.id}". Without it, a trigger that you add later is called before Cognito may
      invoke it, and sign-ins fail until the apply is through.
    EOT
  }
}
