# The tables and statements of the triggers' own.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix   = "test"
  triggers_path = "./tests/fixtures/tables"
  zips_path     = "./tests/fixtures/zips"
  user_pool     = { id = "eu-west-1_Pool00001", arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001" }
  feature_plan  = "ESSENTIALS"

  live_user_pool_id = "eu-west-1_Pool00001"
}

# Two triggers declare the same table: it is made once, and each has its own rights to it.
run "tables_of_triggers" {
  assert {
    condition     = keys(output.tables) == ["codes"] && output.tables.codes.name == "test-codes"
    error_message = "tables: ${jsonencode(output.tables)}"
  }

  assert {
    condition = (
      module.function["send-code"].environment.CODES_TABLE == "test-codes"
      && module.function["check-code"].environment.CODES == "test-codes"
    )
    error_message = "settings: ${jsonencode({ for name, function in module.function : name => function.environment })}"
  }

  assert {
    condition = {
      for name, function in module.function :
      name => [for statement in jsondecode(function.policy).Statement : statement.Action if statement.Sid == "Table0"]
      } == {
      check-code = [["dynamodb:GetItem"]]
      send-code = [[
        "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
        "dynamodb:PutItem", "dynamodb:UpdateItem",
      ]]
    }
    error_message = jsonencode({ for name, function in module.function : name => jsondecode(function.policy).Statement })
  }

  assert {
    condition = { for name, resource in aws_iam_role_policy.pool_statements : name => jsondecode(resource.policy).Statement } == {
      send-code = [{
        Sid       = "Clients", Effect = "Allow", Action = ["cognito-idp:DescribeUserPoolClient"], Resource = [var.user_pool.arn],
        Condition = { StringEquals = { "aws:Pool" = "eu-west-1_Pool00001" } }
      }]
    }
    error_message = <<-EOT
      own statements:
      ${jsonencode({ for name, resource in aws_iam_role_policy.pool_statements : name => jsondecode(resource.policy) })}
    EOT
  }

  assert {
    condition = { for name, resource in aws_iam_role_policy.first : name => resource.policy } == {
      send-code = aws_iam_role_policy.pool_statements["send-code"].policy
    }
    error_message = <<-EOT
      before the pool: ${jsonencode({ for name, resource in aws_iam_role_policy.first : name => jsondecode(resource.policy) })}
    EOT
  }

  assert {
    condition     = output.tables.codes.deletion_protection
    error_message = "deletion protection is on unless somebody turns it off"
  }
}

# What is stored outlives a trigger that is off.
run "tables_of_a_trigger_that_is_off" {
  command = plan

  variables { triggers = { send-code = { enabled = false }, check-code = { enabled = false } } }

  assert {
    condition     = keys(output.tables) == ["codes"]
    error_message = "tables: ${jsonencode(output.tables)}"
  }
}

run "a_table_that_exists" {
  command = plan

  variables { tables = { codes = { name = "their-codes", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/their-codes" } } }

  assert {
    condition = (
      output.tables.codes.arn == "arn:aws:dynamodb:eu-west-1:111122223333:table/their-codes"
      && module.function["check-code"].environment.CODES == "their-codes"
    )
    error_message = "tables: ${jsonencode(output.tables)}"
  }
}
