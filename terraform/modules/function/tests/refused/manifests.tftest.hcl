# Manifests that Go and Terraform refuse with the same words; shared/manifest reads this file, too.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  name        = "welcome"
  zip         = "./tests/fixtures/function.zip"
}

run "actions_as_text" {
  # message: actions: must be a list
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/actions-as-text.json" }
}

run "grants" {
  # message: grants[0].resource: missing; secrets:read needs the name of the setting that holds the ARN
  # message: grants[1].resource: "SECRET" is not in environment; name the setting that holds the ARN
  # message: grants[2].resource: ses:send has a resource of its own; leave this out
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/grants.json" }
}

run "index_member" {
  # message: tables[0].indexes[0]: unknown field "projection"; the names are attributes, hash_key, name, range_key
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/index-member.json" }
}

run "key_member" {
  # message: tables[0].hash_key: unknown field "kind"; the names are name, type
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/key-member.json" }
}

run "resources" {
  # message: grants[0].resource: the setting SECRET_ARN has "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*", which is no ARN for secrets:read without wildcards
  # message: grants[1].resource: the setting KEY_ARN has "alias/ours", which is no ARN for kms:decrypt without wildcards
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/resources.json" }
}

run "statement_as_text" {
  # message: statements[0]: must be an object
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/statement-as-text.json" }
}

run "statement_member" {
  # message: statements[0]: unknown field "Actions"; the names are actions, condition, resources, reviewed, sid, when
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/statement-member.json" }
}

run "statements_as_object" {
  # message: statements: must be a list
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/statements-as-object.json" }
}

run "statements" {
  # message: statements[0].actions: missing; write ["service:Action"]
  # message: statements[0].resources: missing; write ["arn:{partition}:service:{region}:{account}:name"]
  # message: statements[1].sid: "read-all": use letters and digits
  # message: statements[1].actions[1]: "s3:*" has a wildcard; name each action, or say in reviewed why it has to be
  # message: statements[1].resources[0]: "arn:{partition}:s3:::templates/*" has a wildcard; name the resource, or say in reviewed why it has to be
  # message: statements[2].actions[0]: "GetObject" is not an action; write service:Action, for example s3:GetObject
  # message: statements[2].resources[0]: "templates" is not an ARN; begin with arn:, or write {pool_arn}
  # message: statements[2].resources[1]: "*" has a wildcard; name the resource, or say in reviewed why it has to be
  # message: statements[2].when: "BUCKETS" is not in environment; name a setting of the function
  # message: statements[3].resources[0]: {bucket} is not a placeholder; use one of {region}, {account}, {partition}, {pool_id}, {pool_arn}, {prefix}
  # message: statements[3].resources[1]: ${ is not a placeholder; use one of {region}, {account}, {partition}, {pool_id}, {pool_arn}, {prefix}
  # message: statements[3].resources[2]: } is not a placeholder; use one of {region}, {account}, {partition}, {pool_id}, {pool_arn}, {prefix}
  # message: statements[4].sid: "Twice" is also that of statements[3]
  # message: statements[5].actions[0]: "s3:Get*" has a wildcard; name each action, or say in reviewed why it has to be
  # message: statements[5].condition.StringEquals: is empty; write { "service:Key": "value" }
  # message: statements[5].condition.StringLike.aws:Account: {acount} is not a placeholder; use one of {region}, {account}, {partition}, {pool_id}, {pool_arn}, {prefix}
  # message: statements[5].condition.StringLike.aws:Tag: write "service:Key", and as its value a string or a list of strings
  # message: statements[5].condition.StringLike.secure: write "service:Key", and as its value a string or a list of strings
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/statements.json" }
}

run "table_key_as_text" {
  # message: tables[0].hash_key: must be an object
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/table-key-as-text.json" }
}

run "table_member" {
  # message: tables[0]: unknown field "ttl"; the names are access, actions, hash_key, indexes, name, range_key, setting, stream, ttl_attribute
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/table-member.json" }
}

run "tables_as_object" {
  # message: tables: must be a list
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/tables-as-object.json" }
}

run "tables" {
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
  # message: tables[2].actions[1]: "dynamodb:*": use one of dynamodb:BatchGetItem, dynamodb:BatchWriteItem, dynamodb:ConditionCheckItem, dynamodb:DeleteItem, dynamodb:DescribeTable, dynamodb:GetItem, dynamodb:PartiQLDelete, dynamodb:PartiQLInsert, dynamodb:PartiQLSelect, dynamodb:PartiQLUpdate, dynamodb:PutItem, dynamodb:Query, dynamodb:Scan, dynamodb:UpdateItem
  # message: tables[2].setting: "CODES_TABLE" is also that of tables[1]
  # message: tables[3].setting: "OTHER_TABLE" is not in environment; name the setting that gets the table's name
  # message: tables[3].access: write access (read, write, read_write) or actions, and not both
  # message: tables[3].name: "codes" is also that of tables[2]
  command = plan
  variables { manifest = "../../../shared/manifest/testdata/refused/tables.json" }
}
