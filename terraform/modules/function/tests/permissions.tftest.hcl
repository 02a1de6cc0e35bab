# The manifest's tables and statements of its own, and the grants whose resource is in a setting.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  name        = "send-code"
  manifest    = "./tests/fixtures/permissions.json"
  zip         = "./tests/fixtures/function.zip"
  tables = {
    codes = {
      name        = "test-codes"
      arn         = "arn:aws:dynamodb:eu-west-1:111122223333:table/test-codes"
      kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/table"
    }
    log = { name = "test-log", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/test-log" }
  }
  environment = { SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:sms-AbCdEf" }
}

run "tables_of_its_own" {
  command = plan

  assert {
    condition     = output.environment.CODES_TABLE == "test-codes" && output.environment.LOG_TABLE == "test-log"
    error_message = "environment: ${jsonencode(output.environment)}"
  }

  # An index by its name for who may query, and none for who may put alone.
  assert {
    condition = [for statement in jsondecode(output.policy).Statement : statement if startswith(statement.Sid, "Table")] == [
      {
        Sid = "Table0", Effect = "Allow",
        Action = [
          "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem",
          "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem",
        ],
        Resource = [
          "arn:aws:dynamodb:eu-west-1:111122223333:table/test-codes",
          "arn:aws:dynamodb:eu-west-1:111122223333:table/test-codes/index/by-email",
        ],
      },
      {
        Sid      = "Table1"
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem"]
        Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/test-log"]
      },
      {
        Sid       = "Table0Key", Effect = "Allow", Action = ["kms:Decrypt"], Resource = ["arn:aws:kms:eu-west-1:111122223333:key/table"],
        Condition = { StringEquals = { "kms:ViaService" = "dynamodb.eu-west-1.amazonaws.com" } }
      },
    ]
    error_message = output.policy
  }
}

run "statements_of_its_own" {
  command = plan

  variables { environment = { SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:sms-AbCdEf", BUCKET = "on" } }

  assert {
    condition = jsondecode(aws_iam_role_policy.statements[0].policy).Statement == [
      {
        Sid       = "ReadTemplate"
        Effect    = "Allow"
        Action    = ["s3:GetObject"]
        Resource  = ["arn:aws:s3:::test-templates-111122223333-eu-west-1/welcome.html"]
        Condition = { StringEquals = { "aws:ResourceAccount" = "111122223333" } }
      },
      { Effect = "Allow", Action = ["ses:SendTemplatedEmail"], Resource = ["*"] },
    ]
    error_message = aws_iam_role_policy.statements[0].policy
  }

  assert {
    condition = output.pool_statements == [{
      Sid       = "Users", Effect = "Allow", Action = ["cognito-idp:AdminGetUser"], Resource = ["{pool_arn}"],
      Condition = { StringEquals = { "aws:Pool" = ["{pool_id}"] } }
    }]
    error_message = jsonencode(output.pool_statements)
  }
}

run "statements_of_settings_that_are_off" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.statements[0].policy).Statement : try(statement.Sid, "")] == [""]
    error_message = aws_iam_role_policy.statements[0].policy
  }

  assert {
    condition = [for statement in jsondecode(output.policy).Statement : statement.Sid] == [
      "Logs", "SecretsRead", "Table0", "Table1", "Table0Key",
    ]
    error_message = output.policy
  }

  assert {
    condition = output.pool_grants == [{
      Sid      = "GetUser"
      Effect   = "Allow"
      Resource = ["{pool_arn}"]
      Action   = ["cognito-idp:AdminGetUser"]
    }]
    error_message = jsonencode(output.pool_grants)
  }
}

run "resources_in_settings" {
  command = plan

  variables {
    environment = {
      SECRET_ARN = join(" ", [
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:sms-AbCdEf,",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:b-AbCdEf",
      ])
      TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:alerts"
      BUS_ARN   = "arn:aws:events:eu-west-1:111122223333:event-bus/users"
      KEY_ARN   = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
      USERS_ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/users/index/by-email"
      POOL_ARN  = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_AbCdEfGhI"
      SMS       = "true"
    }
  }

  assert {
    condition = [
      for statement in jsondecode(output.policy).Statement : statement
      if !contains(["Logs", "Table0", "Table1", "Table0Key"], statement.Sid)
      ] == [
      {
        Sid      = "MigrateFrom", Effect = "Allow", Action = ["cognito-idp:AdminGetUser", "cognito-idp:AdminInitiateAuth"],
        Resource = ["arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_AbCdEfGhI"]
      },
      {
        Sid      = "DynamodbRead"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:Query"]
        Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/users/index/by-email"]
      },
      {
        Sid      = "EventsPut"
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = ["arn:aws:events:eu-west-1:111122223333:event-bus/users"]
      },
      {
        Sid      = "KmsDecrypt"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = ["arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"]
      },
      { Sid = "SecretsRead", Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = [
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:b-AbCdEf", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:sms-AbCdEf",
      ] },
      { Sid = "SnsPublish", Effect = "Allow", Action = ["sns:Publish"], Resource = ["arn:aws:sns:eu-west-1:111122223333:alerts"] },
      # Text messages, and no topic.
      { Sid = "SnsText", Effect = "Allow", Action = ["sns:Publish"], NotResource = ["arn:aws:sns:*:*:*"] },
    ]
    error_message = output.policy
  }

  assert {
    condition     = [for statement in output.pool_grants : statement.Sid] == ["GetUser", "ListGroups"]
    error_message = jsonencode(output.pool_grants)
  }
}

# The names and forms that Terraform knows are those of the schema, which the Go code is tested against.
run "same_forms_as_the_schema" {
  command = plan

  assert {
    condition = toset(local.statement_keys) == toset(keys(
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.statements.items.properties
    ))
    error_message = "keys of a statement: ${join(", ", local.statement_keys)}"
  }

  assert {
    condition = [local.sid_pattern, local.action_pattern, local.resource_pattern] == [
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.statements.items.properties.sid.pattern,
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.statements.items.properties.actions.items.pattern,
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.statements.items.properties.resources.items.pattern,
    ]
    error_message = "forms: ${local.sid_pattern} ${local.action_pattern} ${local.resource_pattern}"
  }

  assert {
    condition = toset(local.table_keys_known) == toset(keys(
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.tables.items.properties
    ))
    error_message = "keys of a table: ${join(", ", local.table_keys_known)}"
  }

  assert {
    condition = toset(local.index_keys_known) == toset(keys(
      jsondecode(file(
        "../../../shared/manifest/function.schema.json"
      )).properties.tables.items.properties.indexes.items.properties
    ))
    error_message = "keys of an index: ${join(", ", local.index_keys_known)}"
  }

  assert {
    condition = local.table_actions == tolist(
      jsondecode(file(
        "../../../shared/manifest/function.schema.json"
      )).properties.tables.items.properties.actions.items.enum,
    )
    error_message = "actions: ${join(", ", local.table_actions)}"
  }
}
