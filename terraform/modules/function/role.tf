# The role and the statements of its only policy: the function's own log group, and the resources of the grants. The grants
# cognito:… need the pool, which is not known here.
locals {
  region    = data.aws_region.current.id
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  log_group = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${local.function_name}"

  # Statements by grant; none if the caller gives no resource for them. shared/manifest names the same actions.
  grant_statements = {
    "profiles:read" = var.profile_table == null ? [] : [
      { Sid = "ProfilesRead", Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = [var.profile_table.arn] },
    ]
    "profiles:write" = var.profile_table == null ? [] : [
      { Sid = "ProfilesWrite", Effect = "Allow", Action = ["dynamodb:PutItem", "dynamodb:UpdateItem"], Resource = [var.profile_table.arn] },
    ]
    # The parts of a transaction need the same permissions as single writes.
    "posts:read" = var.posts_table == null ? [] : [
      { Sid = "PostsRead", Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:Query"], Resource = [var.posts_table.arn] },
    ]
    "posts:write" = var.posts_table == null ? [] : [
      { Sid = "PostsWrite", Effect = "Allow", Action = ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], Resource = [var.posts_table.arn] },
    ]
    # SES also requires the permission on the identity's default configuration set.
    "ses:send" = var.ses == null ? [] : [
      { Sid = "SesSend", Effect = "Allow", Action = ["ses:SendEmail"], Resource = concat(
        [var.ses.identity_arn],
        [for name in var.ses.configuration_set[*] : "arn:${local.partition}:ses:${local.region}:${local.account}:configuration-set/${name}"],
      ) },
    ]
  }

  # DynamoDB uses a table's KMS key with the caller's permissions.
  table_keys = {
    ProfilesKey = var.profile_table == null || !anytrue([for grant in ["profiles:read", "profiles:write"] : lookup(local.grants, grant, false)]) ? null : var.profile_table.kms_key_arn
    PostsKey    = var.posts_table == null || !anytrue([for grant in ["posts:read", "posts:write"] : lookup(local.grants, grant, false)]) ? null : var.posts_table.kms_key_arn
  }

  statements = concat(
    [{ Sid = "Logs", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = ["${local.log_group}:*"] }],
    flatten([for grant in sort(keys(local.grants)) : lookup(local.grant_statements, grant, []) if local.grants[grant]]),
    [for sid, key in local.table_keys : {
      Sid       = sid, Effect = "Allow", Action = ["kms:Decrypt"], Resource = [key],
      Condition = { StringEquals = { "kms:ViaService" = "dynamodb.${local.region}.amazonaws.com" } }
    } if key != null],
    # X-Ray has no resource ARNs.
    [for mode in [var.tracing] : {
      Sid = "Tracing", Effect = "Allow", Action = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], Resource = ["*"]
    } if mode == "Active"],
    [for queue in aws_sqs_queue.dead_letters : {
      Sid = "DeadLetters", Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [queue.arn]
    }],
    [for key in var.kms_key_arn[*] : {
      Sid       = "DeadLettersKey", Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = [key],
      Condition = { StringEquals = { "kms:ViaService" = "sqs.${local.region}.amazonaws.com" } }
    } if var.async],
  )
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "aws_iam_role" "this" {
  name        = "${local.function_name}-${local.region}" # roles are the account's, functions a Region's
  description = "What ${local.function_name} may do"
  tags        = var.tags

  # Lambda assumes the role for functions of this account alone. Not for this function alone (aws:SourceArn): Lambda checks
  # the role before the function exists. See https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole",
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  #checkov:skip=CKV_AWS_355:the one statement without a resource is X-Ray's, which knows none
  name   = "grants"
  role   = aws_iam_role.this.id
  policy = local.policy
}
