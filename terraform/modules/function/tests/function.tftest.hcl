mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix   = "test"
  name          = "welcome"
  manifest      = "./tests/fixtures/trigger.json"
  zip           = "./tests/fixtures/function.zip"
  profile_table = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  ses           = { identity_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org" }
}

run "from_manifest" {
  command = plan

  assert {
    condition = (
      aws_lambda_function.this.function_name == "test-welcome"
      && aws_lambda_function.this.runtime == "provided.al2023"
      && aws_lambda_function.this.handler == "bootstrap"
      && aws_lambda_function.this.architectures == tolist(["arm64"])
      && aws_lambda_function.this.timeout == 5
      && aws_lambda_function.this.memory_size == 128
      && aws_lambda_function.this.publish
    )
    error_message = "The function is not what its manifest says."
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables == tomap({ PROFILE_TABLE = "", DEFAULT_GROUP = "" })
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment)}"
  }

  assert {
    condition     = aws_lambda_function.this.kms_key_arn == null
    error_message = "Lambda shows no key of a function without settings, so each plan would set it again."
  }

  assert {
    condition     = aws_lambda_function.this.source_code_hash == filebase64sha256("./tests/fixtures/function.zip")
    error_message = "Whether the function changes has to follow from the zip's bytes alone."
  }

  assert {
    condition = (
      aws_lambda_function.this.reserved_concurrent_executions == -1
      && aws_lambda_function.this.tracing_config[0].mode == "PassThrough"
    )
    error_message = "Concurrency is reserved, or calls are traced, without being asked for."
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.this.name == "/aws/lambda/test-welcome"
      && aws_cloudwatch_log_group.this.retention_in_days == 30
    )
    error_message = "log group: ${aws_cloudwatch_log_group.this.name}, kept for ${aws_cloudwatch_log_group.this.retention_in_days} days"
  }

  assert {
    condition     = aws_lambda_alias.this[0].name == "live" && aws_lambda_alias.this[0].function_name == "test-welcome"
    error_message = "alias: ${aws_lambda_alias.this[0].name}"
  }

  assert {
    condition     = length(aws_sqs_queue.dead_letters) == 0 && length(aws_lambda_function_event_invoke_config.this) == 0
    error_message = "A synchronous function has no dead letters."
  }

  assert {
    condition     = aws_iam_role.this.name == "test-welcome-eu-west-1"
    error_message = "role: ${aws_iam_role.this.name}"
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Effect    = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole",
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
    error_message = aws_iam_role.this.assume_role_policy
  }

  # Nothing for the grants cognito:…: they name a pool.
  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/test-welcome:*"]
      },
      {
        Sid      = "ProfilesRead"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem"]
        Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/profiles"]
      },
      {
        Sid      = "ProfilesWrite"
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/profiles"]
      },
      {
        Sid      = "SesSend"
        Effect   = "Allow"
        Action   = ["ses:SendEmail"]
        Resource = ["arn:aws:ses:eu-west-1:111122223333:identity/example.org"]
      },
    ]
    error_message = aws_iam_role_policy.this.policy
  }

  assert {
    condition     = output.policy == aws_iam_role_policy.this.policy
    error_message = "The output is another policy than the role's."
  }

  # The hooks and grants that Terraform knows are those of the schema, which the Go code is tested against.
  assert {
    condition = toset(keys(local.hook_versions)) == toset(
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.hook.enum,
    )
    error_message = "hooks: ${join(", ", keys(local.hook_versions))}"
  }

  assert {
    condition = toset(local.grant_names) == toset(
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.grants.items.properties.grant.enum,
    )
    error_message = "grants: ${join(", ", local.grant_names)}"
  }

  assert {
    condition = toset(local.grant_keys) == toset(keys(
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.grants.items.properties
    ))
    error_message = "keys of a grant: ${join(", ", local.grant_keys)}"
  }

  assert {
    condition     = toset(local.manifest_keys) == toset(keys(jsondecode(file("../../../shared/manifest/function.schema.json")).properties))
    error_message = "keys: ${join(", ", local.manifest_keys)}"
  }

  assert {
    condition = local.route_pattern == jsondecode(file(
      "../../../shared/manifest/function.schema.json"
    )).properties.routes.items.properties.route.pattern
    error_message = "routes: ${local.route_pattern}"
  }

  assert {
    condition = toset(local.route_keys) == toset(keys(
      jsondecode(file("../../../shared/manifest/function.schema.json")).properties.routes.items.properties
    ))
    error_message = "keys of a route: ${join(", ", local.route_keys)}"
  }
}

run "grants_of_settings_that_are_off" {
  command = plan

  variables { manifest = "./tests/fixtures/settings.json" }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["Logs", "ProfilesRead"]
    error_message = aws_iam_role_policy.this.policy
  }

  assert {
    condition = output.grants == {
      "profiles:read" = true, "profiles:write" = false, "ses:send" = false, "cognito:add-to-group" = false, "cognito:link-provider" = false
    }
    error_message = "grants: ${jsonencode(output.grants)}"
  }
}

run "grants_of_settings_that_are_on" {
  command = plan

  variables {
    manifest    = "./tests/fixtures/settings.json"
    environment = { PROFILE_TABLE = "profiles", WELCOME = "hello@example.org", SIGN_OUT = "true", ALSO_LINK = "Google" }
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == [
      "Logs", "ProfilesRead", "ProfilesWrite", "SesSend",
    ]
    error_message = aws_iam_role_policy.this.policy
  }

  assert {
    condition     = alltrue(values(output.grants)) && length(output.grants) == 5
    error_message = "grants: ${jsonencode(output.grants)}"
  }
}

run "own_key_and_configuration_set" {
  command = plan

  variables {
    ses = { identity_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org", configuration_set = "mail" }
    profile_table = {
      arn         = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles"
      kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/table"
    }
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement[4] == {
      Sid       = "ProfilesKey", Effect = "Allow", Action = ["kms:Decrypt"], Resource = ["arn:aws:kms:eu-west-1:111122223333:key/table"],
      Condition = { StringEquals = { "kms:ViaService" = "dynamodb.eu-west-1.amazonaws.com" } }
    }
    error_message = aws_iam_role_policy.this.policy
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource
      if statement.Sid == "SesSend"
      ] == [[
        "arn:aws:ses:eu-west-1:111122223333:identity/example.org",
        "arn:aws:ses:eu-west-1:111122223333:configuration-set/mail",
    ]]
    error_message = aws_iam_role_policy.this.policy
  }
}

run "function_with_routes" {
  command = plan

  variables {
    name     = "sign-up"
    manifest = "./tests/fixtures/routes.json"
    posts_table = {
      arn         = "arn:aws:dynamodb:eu-west-1:111122223333:table/posts"
      kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/table"
    }
  }

  assert {
    condition = (
      output.routes[0] == { route = "POST /auth/sign-up" }
      && output.routes[1].scopes[0] == "aws.cognito.signin.user.admin"
      && output.hook == null
      && aws_lambda_function.this.timeout == 10
    )
    error_message = "routes: ${jsonencode(output.routes)}"
  }

  # Lambda takes 256 characters, and a function may have many routes.
  assert {
    condition     = aws_lambda_function.this.description == "Serves 2 routes of the API"
    error_message = aws_lambda_function.this.description
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/test-sign-up:*"]
      },
      { Sid = "PostsRead", Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:Query"], Resource = [var.posts_table.arn] },
      {
        Sid      = "PostsWrite"
        Effect   = "Allow"
        Action   = ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [var.posts_table.arn]
      },
      {
        Sid       = "PostsKey", Effect = "Allow", Action = ["kms:Decrypt"], Resource = [var.posts_table.kms_key_arn],
        Condition = { StringEquals = { "kms:ViaService" = "dynamodb.eu-west-1.amazonaws.com" } }
      },
    ]
    error_message = aws_iam_role_policy.this.policy
  }
}

run "function_without_settings" {
  command = plan

  variables {
    name        = "health"
    manifest    = "./tests/fixtures/health.json"
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/own"
  }

  # Lambda refuses an empty environment, and shows none.
  assert {
    condition     = length(aws_lambda_function.this.environment) == 0
    error_message = "environment: ${jsonencode(aws_lambda_function.this.environment)}"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["Logs"]
    error_message = aws_iam_role_policy.this.policy
  }
}

run "overrides" {
  command = plan

  variables {
    zip                  = "./tests/fixtures/changed.zip"
    environment          = { DEFAULT_GROUP = "members", LOG_LEVEL = "debug", AWS_ENDPOINT_URL_DYNAMODB = "http://localhost:8000" }
    architecture         = "x86_64"
    memory_mb            = 512
    reserved_concurrency = 20
    tracing              = "Active"
    log_retention_days   = 7
    kms_key_arn          = "arn:aws:kms:eu-west-1:111122223333:key/own"
    alias_version        = "3"
    ephemeral_storage_mb = 1024
    layers               = ["arn:aws:lambda:eu-west-1:111122223333:layer:watch:4"]
    vpc                  = { subnet_ids = ["subnet-1", "subnet-2"], security_group_ids = ["sg-1"] }
    permissions_boundary = "arn:aws:iam::111122223333:policy/workloads"
    path                 = "/teams/identity/"
    log_format           = "JSON"
    log_system_level     = "WARN"
    log_kms_key_arn      = "arn:aws:kms:eu-west-1:111122223333:key/logs"
    log_skip_destroy     = true
    tags                 = { team = "identity" }
  }

  assert {
    condition = (
      aws_lambda_function.this.environment[0].variables == tomap({
        PROFILE_TABLE             = ""
        DEFAULT_GROUP             = "members"
        LOG_LEVEL                 = "debug"
        AWS_ENDPOINT_URL_DYNAMODB = "http://localhost:8000"
      })
      && aws_lambda_function.this.architectures == tolist(["x86_64"])
      && aws_lambda_function.this.memory_size == 512
      && aws_lambda_function.this.reserved_concurrent_executions == 20
    )
    error_message = "An override does not reach the function."
  }

  assert {
    condition = (
      aws_lambda_function.this.kms_key_arn == var.kms_key_arn
      && aws_cloudwatch_log_group.this.kms_key_id == var.log_kms_key_arn
      && aws_cloudwatch_log_group.this.retention_in_days == 7
    )
    error_message = "The key does not encrypt settings and logs."
  }

  assert {
    condition = aws_lambda_function.this.tracing_config[0].mode == "Active" && jsondecode(aws_iam_role_policy.this.policy).Statement[4] == {
      Sid = "Tracing", Effect = "Allow", Action = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], Resource = ["*"]
    }
    error_message = aws_iam_role_policy.this.policy
  }

  assert {
    condition     = aws_lambda_alias.this[0].function_version == "3"
    error_message = "The alias names version ${aws_lambda_alias.this[0].function_version}."
  }

  assert {
    condition     = aws_lambda_function.this.source_code_hash != filebase64sha256("./tests/fixtures/function.zip")
    error_message = "A zip with other bytes changes nothing."
  }

  assert {
    condition = (
      aws_lambda_function.this.ephemeral_storage[0].size == 1024
      && aws_lambda_function.this.layers == var.layers
      && aws_lambda_function.this.vpc_config[0].subnet_ids == toset(var.vpc.subnet_ids)
      && aws_lambda_function.this.vpc_config[0].security_group_ids == toset(var.vpc.security_group_ids)
    )
    error_message = "Storage, layers or VPC do not reach the function."
  }

  # The role may manage interfaces for Lambda, and the code must not.
  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.vpc[0].policy).Statement : statement.Sid
      if contains(statement.Action, "ec2:DeleteNetworkInterface")
      ] == ["NetworkInterfaces", "NotByTheFunction"] && jsondecode(aws_iam_role_policy.vpc[0].policy).Statement[1].Effect == "Deny" && (
      jsondecode(aws_iam_role_policy.vpc[0].policy).Statement[1].Condition.ArnEquals["lambda:SourceFunctionArn"]
      == "arn:aws:lambda:eu-west-1:111122223333:function:test-welcome"
    )
    error_message = aws_iam_role_policy.vpc[0].policy
  }

  assert {
    condition     = aws_iam_role.this.permissions_boundary == var.permissions_boundary && aws_iam_role.this.path == "/teams/identity/"
    error_message = "The role has no boundary, or another path."
  }

  assert {
    condition = (
      aws_lambda_function.this.logging_config[0].log_format == "JSON"
      && aws_lambda_function.this.logging_config[0].system_log_level == "WARN"
      && aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/test-welcome"
      && aws_cloudwatch_log_group.this.skip_destroy == true
    )
    error_message = "logs: ${jsonencode(aws_lambda_function.this.logging_config)}"
  }

  assert {
    condition = alltrue([
      for tags in [aws_lambda_function.this.tags, aws_iam_role.this.tags, aws_cloudwatch_log_group.this.tags] :
      tags == var.tags
    ])
    error_message = "A resource has no tags."
  }
}

run "called_asynchronously" {
  variables {
    tags          = { team = "identity" }
    async         = true
    ses           = null
    profile_table = null
  }

  assert {
    condition = alltrue([for config in aws_lambda_function_event_invoke_config.this : (
      config.qualifier == "live"
      && config.destination_config[0].on_failure[0].destination == aws_sqs_queue.dead_letters[0].arn
    )])
    error_message = "What fails through the alias does not end in the queue."
  }

  assert {
    condition = (
      aws_sqs_queue.dead_letters[0].sqs_managed_sse_enabled
      && aws_sqs_queue.dead_letters[0].message_retention_seconds == 1209600
    )
    error_message = "Dead letters are not encrypted, or are not kept for 14 days."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement[1] == {
      Sid = "DeadLetters", Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [aws_sqs_queue.dead_letters[0].arn]
    } && length(jsondecode(aws_iam_role_policy.this.policy).Statement) == 2
    error_message = aws_iam_role_policy.this.policy
  }

  assert {
    condition     = output.version == "7" && output.alias_version == "7"
    error_message = "The alias names ${output.alias_version}, and the newest version is ${output.version}."
  }

  assert {
    condition     = aws_sqs_queue.dead_letters[0].tags == var.tags && output.dead_letter_queue_arn == aws_sqs_queue.dead_letters[0].arn
    error_message = "The dead letters have no tags, or the output is another queue."
  }
}

run "dead_letters_under_own_key" {
  variables {
    async         = true
    ses           = null
    profile_table = null
    kms_key_arn   = "arn:aws:kms:eu-west-1:111122223333:key/own"
  }

  assert {
    condition     = aws_sqs_queue.dead_letters[0].kms_master_key_id == var.kms_key_arn
    error_message = "The key does not encrypt the dead letters."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement[2] == {
      Sid       = "DeadLettersKey", Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = [var.kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = "sqs.eu-west-1.amazonaws.com" } }
    }
    error_message = aws_iam_role_policy.this.policy
  }
}

# What moves the alias is no difference, and a name of its own lets callers change over.
run "moved_by_deployments" {
  variables {
    gradual_deployment = true
    stopped            = true
    log_class          = "INFREQUENT_ACCESS"
  }

  assert {
    condition = (
      length(aws_lambda_alias.this) == 0
      && aws_lambda_alias.gradual[0].name == "live-gradual"
      && output.alias_name == "live-gradual"
    )
    error_message = "alias: ${output.alias_name}"
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 0
    error_message = "The function is not stopped."
  }

  # A group cannot change its class, so another class has another name, and the role and Lambda have it, too.
  assert {
    condition = (
      aws_cloudwatch_log_group.this.log_group_class == "INFREQUENT_ACCESS"
      && aws_cloudwatch_log_group.this.name == "/aws/lambda/test-welcome-infrequent-access"
      && aws_lambda_function.this.logging_config[0].log_group == aws_cloudwatch_log_group.this.name
      && strcontains(aws_iam_role_policy.this.policy, ":log-group:/aws/lambda/test-welcome-infrequent-access:*")
    )
    error_message = "log group: ${aws_cloudwatch_log_group.this.name}"
  }
}
