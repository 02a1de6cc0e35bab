# The role and the statements of its policy: the function's own log group, and the resources of the grants and tables. The
# other grants cognito:… need the pool, which is not known here: the outputs pool_grants and pool_statements are for its owner.
locals {
  region    = data.aws_region.current.id
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  log_group = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group_name}"

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
      {
        Sid      = "PostsWrite"
        Effect   = "Allow"
        Action   = ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [var.posts_table.arn]
      },
    ]
    # SES also requires the permission on the identity's default configuration set.
    "ses:send" = var.ses == null ? [] : [
      { Sid = "SesSend", Effect = "Allow", Action = ["ses:SendEmail"], Resource = concat(
        [var.ses.identity_arn],
        [
          for name in var.ses.configuration_set[*] : "arn:${local.partition}:ses:${local.region}:${local.account}:configuration-set/${name}"
        ],
      ) },
    ]
  }

  # Grants whose resource is the ARN, or several separated by commas, in a setting. Without one, sns:publish is for text
  # messages to phone numbers, which have no ARN: NotResource leaves every topic and subscription out.
  resource_grants = {
    "secrets:read" = {
      Sid    = "SecretsRead"
      Action = ["secretsmanager:GetSecretValue"]
      needed = true
      arn    = "^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^*?]+$"
    }
    "sns:publish" = { Sid = "SnsPublish", Action = ["sns:Publish"], needed = false, arn = "^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[^*?]+$" }
    "events:put" = {
      Sid    = "EventsPut"
      Action = ["events:PutEvents"]
      needed = true
      arn    = "^arn:[a-z-]+:events:[a-z0-9-]+:[0-9]{12}:event-bus/[^*?]+$"
    }
    "kms:decrypt" = {
      Sid    = "KmsDecrypt"
      Action = ["kms:Decrypt"]
      needed = true
      arn    = "^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[^*?]+$"
    }
    # The table or the pool of others that old users come from.
    "dynamodb:read" = {
      Sid    = "DynamodbRead"
      Action = ["dynamodb:GetItem", "dynamodb:Query"]
      needed = true
      arn    = "^arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[^*?]+$"
    }
    "cognito:migrate-from" = {
      Sid    = "MigrateFrom"
      Action = ["cognito-idp:AdminGetUser", "cognito-idp:AdminInitiateAuth"]
      needed = true
      arn    = "^arn:[a-z-]+:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[^*?]+$"
    }
  }
  # The entries that hold, each with its ARNs.
  resource_entries = [for i, entry in local.entries : {
    place   = "grants[${i}].resource"
    grant   = entry.grant
    setting = try(entry.resource, "")
    arns    = [for arn in split(",", try(coalesce(local.environment[entry.resource], ""), "")) : trimspace(arn) if trimspace(arn) != ""]
    } if contains(keys(local.resource_grants), try(tostring(entry.grant), "")) && (
    can(entry.when) ? try(local.on[entry.when], false) : true
  )]
  resource_problems = flatten([for entry in local.resource_entries : concat(
    contains(keys(local.defaults), entry.setting) && length(entry.arns) == 0
    ? [
      join(" ", [
        "${entry.place}: ${entry.grant} holds, and ${entry.setting} is empty: give it the ARN in the function's",
        "environment, or let the grant hold \"when\": \"${entry.setting}\"",
      ]),
    ]
    : [],
    [
      for arn in entry.arns :
      "${entry.place}: the setting ${entry.setting} has \"${arn}\", which is no ARN for ${entry.grant} without wildcards"
      if !can(regex(local.resource_grants[entry.grant].arn, arn))
    ],
  )])
  resource_statements = concat(
    [for grant in sort(keys(local.resource_grants)) : {
      Sid      = local.resource_grants[grant].Sid, Effect = "Allow", Action = local.resource_grants[grant].Action,
      Resource = sort(distinct(flatten([for entry in local.resource_entries : entry.arns if entry.grant == grant])))
    } if anytrue([for entry in local.resource_entries : entry.grant == grant && entry.setting != ""])],
    [for grant in ["sns:publish"] : {
      Sid = "SnsText", Effect = "Allow", Action = ["sns:Publish"], NotResource = ["arn:${local.partition}:sns:*:*:*"]
    } if anytrue([for entry in local.resource_entries : entry.grant == grant && entry.setting == ""])],
  )

  # Grants on the pool. None of its actions has a resource below the pool or a condition on a group: who may add one user to
  # one group of the pool may add any user to any group.
  pool_grant_statements = {
    "cognito:link-provider" = { Sid = "LinkProvider", Effect = "Allow", Resource = ["{pool_arn}"],
      Action = ["cognito-idp:AdminGetUser", "cognito-idp:AdminLinkProviderForUser", "cognito-idp:ListUsers"],
    }
    "cognito:add-to-group" = {
      Sid      = "AddToGroup"
      Effect   = "Allow"
      Resource = ["{pool_arn}"]
      Action   = ["cognito-idp:AdminAddUserToGroup"]
    }
    "cognito:sign-out" = {
      Sid      = "SignOut"
      Effect   = "Allow"
      Resource = ["{pool_arn}"]
      Action   = ["cognito-idp:AdminUserGlobalSignOut"]
    }
    "cognito:get-user" = { Sid = "GetUser", Effect = "Allow", Resource = ["{pool_arn}"], Action = ["cognito-idp:AdminGetUser"] }
    "cognito:list-groups" = {
      Sid      = "ListGroups"
      Effect   = "Allow"
      Resource = ["{pool_arn}"]
      Action   = ["cognito-idp:AdminListGroupsForUser"]
    }
  }
  pool_grants = [for grant in keys(local.pool_grant_statements) : local.pool_grant_statements[grant] if lookup(local.grants, grant, false)]

  # DynamoDB uses a table's KMS key with the caller's permissions.
  table_keys = {
    ProfilesKey = (
      var.profile_table == null
      || !anytrue([for grant in ["profiles:read", "profiles:write"] : lookup(local.grants, grant, false)]) ? null :
      var.profile_table.kms_key_arn
    )
    PostsKey = (
      var.posts_table == null || !anytrue([for grant in ["posts:read", "posts:write"] : lookup(local.grants, grant, false)]) ? null :
      var.posts_table.kms_key_arn
    )
  }

  statements = concat(
    [{ Sid = "Logs", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = ["${local.log_group}:*"] }],
    flatten([for grant in sort(keys(local.grants)) : lookup(local.grant_statements, grant, []) if local.grants[grant]]),
    local.resource_statements,
    local.table_statements,
    [for sid, key in merge(local.table_keys, local.declared_keys) : {
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

  # All inline policies of a role count together; those that name the pool are their owner's.
  policy_length = length(jsonencode(concat(
    local.statements,
    local.own_statements,
    [for one in local.vpc_statements : one if var.vpc != null],
  )))
}

resource "aws_iam_role" "this" {
  name        = "${local.function_name}-${local.region}" # roles are the account's, functions a Region's
  description = "What ${local.function_name} may do"
  path        = var.path
  tags        = var.tags

  permissions_boundary = var.permissions_boundary

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
