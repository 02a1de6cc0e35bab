# Inputs of the module that are refused at plan, and the message of each. What depends on a refused variable is not checked
# for any case of a run, so there are several runs.
mock_provider "aws" {
  source = "../../tests/mocks"
}

run "inputs" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: architecture "amd64": use arm64 (make build) or x86_64 (make build ARCH=amd64).
      architecture = { architecture = "amd64" }

      # message: profile_table: arn must be that of a DynamoDB table
      profile_table = { profile_table = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles/index/by-email" } }

      # message: posts_table: arn must be that of a DynamoDB table
      posts_table = { posts_table = { arn = "posts" } }

      # message: tables: each arn must be that of a DynamoDB table, arn:aws:dynamodb:…:table/…, and each kms_key_arn that of a key
      tables = {
        tables = {
          codes = {
            name        = "codes"
            arn         = "arn:aws:dynamodb:eu-west-1:111122223333:table/codes"
            kms_key_arn = "alias/ours"
          }
        }
      }

      # message: ses.identity_arn "arn:aws:ses:eu-west-1:111122223333:identity/*" is not the ARN of an SES identity
      # message: ses.configuration_set "our mail": use the set's name
      ses = { ses = { identity_arn = "arn:aws:ses:eu-west-1:111122223333:identity/*", configuration_set = "our mail" } }

      # message: stopped is true, which is a reserved concurrency of 0: take reserved_concurrency out.
      stopped = { stopped = true, reserved_concurrency = 5 }

      # message: permissions_boundary "workloads" is not the ARN of a policy
      boundary = { permissions_boundary = "workloads" }

      # message: path "teams/identity": begin and end it with a slash
      path = { path = "teams/identity" }

      # message: alias_name "12": use at most 100 letters, digits, - and _, and not digits alone
      alias_name = { alias_name = "12" }

      # message: log_retention_days is 31, and CloudWatch keeps lines for 0 (for ever), 1, 3, 5, 7, 14, 30, 60,
      retention = { log_retention_days = 31 }

      # message: log_class "DELIVERY": use STANDARD or INFREQUENT_ACCESS.
      log_class = { log_class = "DELIVERY" }

      # message: log_format "text": use Text or JSON.
      log_format = { log_format = "text" }

      # message: log_system_level "info": use DEBUG, INFO or WARN.
      log_level = { log_system_level = "info" }

      # message: kms_key_arn "arn:aws:kms:eu-west-1:111122223333:alias/ours" is not the ARN of a key
      alias_for_a_key = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/ours" }

      # message: log_kms_key_arn "alias/logs" is not the ARN of a key
      alias_for_the_logs_key = { log_kms_key_arn = "alias/logs" }

      # message: tracing "active": use PassThrough or Active.
      tracing = { tracing = "active" }

      # message: tags: AWS takes 50 tags, with keys of at most 128 letters
      tags = { tags = { "aws:team" = "identity" } }
    }
  }
}

run "inputs_with_the_name" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: ./function.json does not exist: name the function.json of welcome.
      no_manifest = { manifest = "./function.json" }

      # message: ./tests/fixtures/broken.json is not a JSON object.
      no_json = { manifest = "./tests/fixtures/broken.json" }

      # message: ./build/arm64/welcome.zip does not exist: run `make build` first
      no_zip = { zip = "./build/arm64/welcome.zip" }

      # message: memory_mb of welcome must be 128 to 10240, in whole MB.
      memory = { memory_mb = 128.5 }

      # message: reserved_concurrency of welcome must be 1 or more: with 0, Lambda refuses every call. If you mean that, set stopped = true.
      no_concurrency = { reserved_concurrency = 0 }

      # message: ephemeral_storage_mb of welcome must be 512 to 10240, in whole MB.
      storage = { ephemeral_storage_mb = 256 }

      # message: layers of welcome: give at most 5 ARNs with a version, arn:aws:lambda:…:layer:<name>:<version>; there
      #   are arn:aws:lambda:eu-west-1:111122223333:layer:watch.
      layers = { layers = ["arn:aws:lambda:eu-west-1:111122223333:layer:watch"] }

      # message: vpc of welcome: give 1 to 16 subnet_ids (subnet-…) and 1 to 5 security_group_ids (sg-…).
      vpc = { vpc = { subnet_ids = [], security_group_ids = ["default"] } }

      # message: alias_version of welcome must be the number of a published version
      alias_version = { alias_version = "$LATEST" }

      # message: alias_version of welcome is set, and with gradual_deployment Terraform does not move the alias
      rollback_of_a_deployment = { alias_version = "3", gradual_deployment = true }
    }
  }
}
