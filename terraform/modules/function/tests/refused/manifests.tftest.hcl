# Manifests that Go and Terraform refuse with the same words; shared/manifest reads this file, too.
mock_provider "aws" {
  source = "../../tests/mocks"
}

run "manifests" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: ./tests/fixtures/wrong.json: unknown key timeout; the keys are hook, event_version, routes,
      #   timeout_seconds, memory_mb, environment, grants, statements, tables.
      # message: ./tests/fixtures/wrong.json: hook "pre_signup" is not a hook; use one of create_auth_challenge,
      # message: ./tests/fixtures/wrong.json: unknown grant s3:everything; use profiles:read, profiles:write,
      #   posts:read, posts:write, ses:send, cognito:link-provider, cognito:add-to-group, cognito:sign-out,
      #   cognito:get-user, cognito:list-groups, secrets:read, sns:publish, events:put, kms:decrypt, dynamodb:read,
      #   cognito:migrate-from.
      # message: grants[0] is not an object; write { "grant": "profiles:read" }
      # message: grants[2] has the unknown key When; the keys are grant, when, resource
      # message: grants[3].when is MISSING, which is not in environment; name a setting of the function
      # message: ./tests/fixtures/wrong.json: names in environment have capital letters, digits and underscores.
      # message: ./tests/fixtures/wrong.json: timeout_seconds must be 1 to 900
      # message: ./tests/fixtures/wrong.json: memory_mb must be 128 to 10240.
      wrong = { manifest = "./tests/fixtures/wrong.json" }

      # message: ./tests/fixtures/no-version.json: event_version is missing; use V1_0, V2_0, V3_0.
      no_version = { manifest = "./tests/fixtures/no-version.json" }

      # message: ./tests/fixtures/needless-version.json: event_version "V1_0" does not exist for this function; take the key out.
      needless_version = { manifest = "./tests/fixtures/needless-version.json" }

      # message: ./tests/fixtures/hook-and-routes.json: a function has a hook or routes, not both.
      hook_and_routes = { manifest = "./tests/fixtures/hook-and-routes.json" }

      # message: routes[0] is not an object; write { "route": "POST /path" }
      # message: routes[1].route is not a route; write "POST /path" or "GET /path/{id}"
      # message: routes[2].route is not a route; write "POST /path" or "GET /path/{id}"
      # message: routes[3] has the unknown key authoriser; the keys are route, authorizer, scopes, groups, id_tokens
      # message: routes[4].authorizer is not "jwt"; write "jwt", or leave it out for an open route
      # message: routes[5] is open, so groups, scopes would guard nothing; add "authorizer": "jwt"
      # message: routes[6]: scopes and groups are lists of names without white space
      # message: routes[7].id_tokens must be true or false
      routes = { manifest = "./tests/fixtures/wrong-routes.json" }

      # message: welcome: environment has DEFAULT_GROUPS, which is not a setting of the function.
      #   ./tests/fixtures/trigger.json has DEFAULT_GROUP, PROFILE_TABLE; every function also has LOG_LEVEL.
      unknown_setting = { environment = { DEFAULT_GROUPS = "members" } }

      # message: welcome: its settings take 4539 bytes, and Lambda allows 4096 for all together
      long_settings = { environment = { DEFAULT_GROUP = join("", [for i in range(500) : "é<é<é<"]) } }

      # message: welcome: ./tests/fixtures/permissions.json declares codes, log, and tables has no such table; modules/tables creates them.
      # message: ./tests/fixtures/permissions.json: grants[0].resource: secrets:read holds, and SECRET_ARN is empty:
      #   give it the ARN in the function's environment, or let the grant hold "when": "SECRET_ARN".
      # message: welcome: take CODES_TABLE out of its environment; it follows from tables in function.json.
      no_table = { manifest = "./tests/fixtures/permissions.json", environment = { CODES_TABLE = "codes" } }

      # message: characters, and IAM allows 10240 for all together: declare fewer statements and tables.
      long_policy = { manifest = "./tests/fixtures/many-statements.json" }

      # message: actions: must be a list
      actions_as_text = { manifest = "../../../shared/manifest/testdata/refused/actions-as-text.json" }

      # message: grants[0].resource: missing; secrets:read needs the name of the setting that holds the ARN
      # message: grants[1].resource: "SECRET" is not in environment; name the setting that holds the ARN
      # message: grants[2].resource: ses:send has a resource of its own; leave this out
      grants = { manifest = "../../../shared/manifest/testdata/refused/grants.json" }

      # message: tables[0].indexes[0]: unknown field "projection"; the names are attributes, hash_key, name, range_key
      index_member = { manifest = "../../../shared/manifest/testdata/refused/index-member.json" }

      # message: tables[0].hash_key: unknown field "kind"; the names are name, type
      key_member = { manifest = "../../../shared/manifest/testdata/refused/key-member.json" }

      # message: grants[0].resource: the setting SECRET_ARN has
      #   "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*", which is no ARN for secrets:read without wildcards
      # message: grants[1].resource: the setting KEY_ARN has "alias/ours", which is no ARN for kms:decrypt without wildcards
      resources = { manifest = "../../../shared/manifest/testdata/refused/resources.json" }

      # message: statements[0]: must be an object
      statement_as_text = { manifest = "../../../shared/manifest/testdata/refused/statement-as-text.json" }

      # message: statements[0]: unknown field "Actions"; the names are actions, condition, resources, reviewed, sid, when
      statement_member = { manifest = "../../../shared/manifest/testdata/refused/statement-member.json" }

      # message: statements: must be a list
      statements_as_object = { manifest = "../../../shared/manifest/testdata/refused/statements-as-object.json" }

      # message: statements[0].actions: missing; write ["service:Action"]
      # message: statements[0].resources: missing; write ["arn:{partition}:service:{region}:{account}:name"]
      # message: statements[1].sid: "read-all": use letters and digits
      # message: statements[1].actions[1]: "s3:*" has a wildcard; name each action, or say in reviewed why it has to be
      # message: statements[1].resources[0]: "arn:{partition}:s3:::templates/*" has a wildcard; name the resource, or
      #   say in reviewed why it has to be
      # message: statements[2].actions[0]: "GetObject" is not an action; write service:Action, for example s3:GetObject
      # message: statements[2].resources[0]: "templates" is not an ARN; begin with arn:, or write {pool_arn}
      # message: statements[2].resources[1]: "*" has a wildcard; name the resource, or say in reviewed why it has to be
      # message: statements[2].when: "BUCKETS" is not in environment; name a setting of the function
      # message: statements[3].resources[0]: {bucket} is not a placeholder; use one of {region}, {account}, {partition},
      #   {pool_id}, {pool_arn}, {prefix}
      # message: statements[3].resources[1]: ${ is not a placeholder; use one of {region}, {account}, {partition},
      #   {pool_id}, {pool_arn}, {prefix}
      # message: statements[3].resources[2]: } is not a placeholder; use one of {region}, {account}, {partition},
      #   {pool_id}, {pool_arn}, {prefix}
      # message: statements[4].sid: "Twice" is also that of statements[3]
      # message: statements[5].actions[0]: "s3:Get*" has a wildcard; name each action, or say in reviewed why it has to be
      # message: statements[5].condition.StringEquals: is empty; write { "service:Key": "value" }
      # message: statements[5].condition.StringLike.aws:Account: {acount} is not a placeholder; use one of {region},
      #   {account}, {partition}, {pool_id}, {pool_arn}, {prefix}
      # message: statements[5].condition.StringLike.aws:Tag: write "service:Key", and as its value a string or a list of strings
      # message: statements[5].condition.StringLike.secure: write "service:Key", and as its value a string or a list of strings
      statements = { manifest = "../../../shared/manifest/testdata/refused/statements.json" }

      # message: tables[0].hash_key: must be an object
      table_key_as_text = { manifest = "../../../shared/manifest/testdata/refused/table-key-as-text.json" }

      # message: tables[0]: unknown field "ttl"; the names are access, actions, hash_key, indexes, name, range_key,
      #   setting, stream, ttl_attribute
      table_member = { manifest = "../../../shared/manifest/testdata/refused/table-member.json" }

      # message: tables: must be a list
      tables_as_object = { manifest = "../../../shared/manifest/testdata/refused/tables-as-object.json" }

      # message: tables[0].name: "Codes": use at most 63 lower-case letters, digits, - and _
      # message: tables[0].setting: "CODES" is not in environment; name the setting that gets the table's name
      # message: tables[0].hash_key.name: "" is not the name of an attribute; write { "name": "pk" }
      # message: tables[0].access: write access (read, write, read_write) or actions, and not both
      # message: tables[1].name: "posts" is the table of this toolkit's own store; choose another name
      # message: tables[1].hash_key.type: "S": use one of string, number, binary
      # message: tables[1].stream: "ALL": use one of KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES
      # message: tables[1].access: "all": use one of read, write, read_write
      # message: tables[2].range_key.name: "pk" is the hash key, too
      # message: tables[2].ttl_attribute: "expires at" is not the name of an attribute
      # message: tables[2].indexes[0].name: "x": use 3 to 255 letters, digits, _, - and .
      # message: tables[2].indexes[1].hash_key.type: pk is a number here and a string elsewhere in the table
      # message: tables[2].indexes[1].attributes[0]: "a b" is not the name of an attribute
      # message: tables[2].indexes[2].name: "by-email" appears twice
      # message: tables[2].indexes[2].range_key.type: "date": use one of string, number, binary
      # message: tables[2].access: write access (read, write, read_write) or actions, and not both
      # message: tables[2].actions[1]: "dynamodb:*": use one of dynamodb:BatchGetItem, dynamodb:BatchWriteItem,
      #   dynamodb:ConditionCheckItem, dynamodb:DeleteItem, dynamodb:DescribeTable, dynamodb:GetItem,
      #   dynamodb:PartiQLDelete, dynamodb:PartiQLInsert, dynamodb:PartiQLSelect, dynamodb:PartiQLUpdate,
      #   dynamodb:PutItem, dynamodb:Query, dynamodb:Scan, dynamodb:UpdateItem
      # message: tables[2].setting: "CODES_TABLE" is also that of tables[1]
      # message: tables[3].setting: "OTHER_TABLE" is not in environment; name the setting that gets the table's name
      # message: tables[3].access: write access (read, write, read_write) or actions, and not both
      # message: tables[3].name: "codes" is also that of tables[2]
      tables = { manifest = "../../../shared/manifest/testdata/refused/tables.json" }

      # message: environment.AWS_REGION: Lambda sets this itself; choose another name
      # message: environment.LAMBDA_TASK_ROOT: Lambda sets this itself; choose another name
      reserved_settings = { manifest = "../../../shared/manifest/testdata/refused/reserved-settings.json" }
    }
  }
}
