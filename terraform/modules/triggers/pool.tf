# The resources that name the pool: the permissions to invoke the functions, and the grants cognito:…. They are separate from
# the functions: the pool names the functions, so a function that named the pool would be a cycle.

resource "aws_lambda_permission" "cognito" {
  for_each = module.function

  statement_id   = "cognito"
  function_name  = each.value.function_name
  qualifier      = each.value.alias_name
  action         = "lambda:InvokeFunction"
  principal      = "cognito-idp.amazonaws.com"
  source_arn     = var.user_pool.arn
  source_account = split(":", var.user_pool.arn)[4]
}

locals {
  # A role has a grant while the settings use it. Manifests and settings show which functions have such a policy, so these
  # settings must be known at plan; its content is known once the pool exists.
  with_pool_grants = { for name, function in module.function : name => function.pool_grants if length(function.pool_grants) > 0 }

  senders = { for name, manifest in local.enabled : name => manifest if contains(local.sender_hooks, coalesce(manifest.hook, "none")) }
}

resource "aws_iam_role_policy" "pool" {
  for_each = local.with_pool_grants

  name   = "user-pool"
  role   = module.function[each.key].role_name
  policy = replace(jsonencode({ Version = "2012-10-17", Statement = each.value }), "{pool_arn}", var.user_pool.arn)
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
}

# If pre token generation is left out, the provider keeps the old value (5.100 to 6.x): the plan would delete the function
# while the pool still calls it, and no user could sign in. So this reads the pool and refuses the plan.
data "aws_cognito_user_pool" "without_pre_token_generation" {
  count = contains(local.hooks, "pre_token_generation") ? 0 : 1

  user_pool_id = var.user_pool.id

  lifecycle {
    postcondition {
      condition     = !strcontains(try(self.lambda_config[0].pre_token_generation_config[0].lambda_arn, ""), ":function:${var.name_prefix}-")
      error_message = "The pool ${self.user_pool_id} still calls a pre token generation function of these triggers, and the AWS provider cannot detach it. Detach it first: poolctl detach --user-pool-id ${self.user_pool_id} --trigger with the name of its directory. Then plan again."
    }
  }
}
