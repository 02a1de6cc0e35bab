# The tables and statements of the functions' own.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  api_path    = "./tests/fixtures/tables"
  zips_path   = "./tests/fixtures/zips"
  user_pool = {
    id     = "eu-west-1_Pool00001"
    arn    = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001"
  }
  client_ids = { app = "1client" }
  client     = "app"
}

# A table of the triggers is shared, another one made.
run "tables_of_functions" {
  variables {
    tables                     = { codes = { name = "test-codes", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/test-codes" } }
    tables_deletion_protection = false
  }

  assert {
    condition = (
      output.tables.codes.arn == "arn:aws:dynamodb:eu-west-1:111122223333:table/test-codes"
      && output.tables.log.name == "test-log"
      && !output.tables.log.deletion_protection
    )
    error_message = "tables: ${jsonencode(output.tables)}"
  }

  assert {
    condition = (
      module.functions.environments["people"].CODES_TABLE == "test-codes"
      && module.functions.environments["people"].LOG_TABLE == "test-log"
    )
    error_message = "settings: ${jsonencode(module.functions.environments["people"])}"
  }

  assert {
    condition = (
      [
        for policy in [module.functions.pool_policies["people"], module.functions.pool_statements["people"]] :
        jsondecode(policy).Statement
      ]
      == [
        [{
          Sid      = "ListGroups"
          Effect   = "Allow"
          Action   = ["cognito-idp:AdminListGroupsForUser"]
          Resource = [var.user_pool.arn]
        }],
        [{ Effect = "Allow", Action = ["cognito-idp:ListUsersInGroup"], Resource = [var.user_pool.arn] }],
      ]
    )
    error_message = "statements: ${module.functions.pool_policies["people"]} ${module.functions.pool_statements["people"]}"
  }
}
