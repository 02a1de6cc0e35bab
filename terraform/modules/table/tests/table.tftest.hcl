mock_provider "aws" {}

variables {
  name          = "posts-test"
  hash_key      = { name = "pk" }
  range_key     = { name = "sk" }
  ttl_attribute = "expires_at"
}

run "defaults" {
  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "deletion protection is on unless somebody turns it off"
  }
  assert {
    condition = (
      aws_dynamodb_table.this.point_in_time_recovery[0].enabled
      && aws_dynamodb_table.this.point_in_time_recovery[0].recovery_period_in_days == 35
    )
    error_message = "the table can be restored to any second of 35 days"
  }
  assert {
    condition     = length(aws_dynamodb_table.this.server_side_encryption) == 0
    error_message = "AWS's own key by default, and not the managed one that costs"
  }
  assert {
    condition     = aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST"
    error_message = "billing is on demand"
  }
  assert {
    condition = (
      aws_dynamodb_table.this.hash_key == "pk"
      && aws_dynamodb_table.this.range_key == "sk"
      && toset(aws_dynamodb_table.this.attribute) == toset([{ name = "pk", type = "S" }, { name = "sk", type = "S" }])
    )
    error_message = "the keys are strings unless their type says otherwise"
  }
  assert {
    condition     = [for ttl in aws_dynamodb_table.this.ttl : ttl.attribute_name if ttl.enabled] == ["expires_at"]
    error_message = "items expire by expires_at"
  }
}

run "little" {
  command = plan

  variables {
    range_key     = null
    ttl_attribute = null
  }

  assert {
    condition = (
      aws_dynamodb_table.this.range_key == null
      && length(aws_dynamodb_table.this.ttl) == 0
      && length(aws_dynamodb_table.this.global_secondary_index) == 0
      && output.stream_arn == null
    )
    error_message = "the table has what nobody asked for"
  }
}

run "everything" {
  command = plan

  variables {
    deletion_protection = false
    kms_key_arn         = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    tags                = { team = "identity" }
    range_key           = { name = "at", type = "number" }
    stream              = "NEW_IMAGE"
    indexes = [
      { name = "by-email", hash_key = { name = "email" }, range_key = { name = "at", type = "number" } },
      { name = "by-hash", hash_key = { name = "hash", type = "binary" }, attributes = [] },
      { name = "by-sub", hash_key = { name = "sub" }, attributes = ["plan"] },
    ]
  }

  assert {
    condition = toset(aws_dynamodb_table.this.attribute) == toset([
      { name = "pk", type = "S" },
      { name = "at", type = "N" },
      { name = "email", type = "S" },
      { name = "hash", type = "B" },
      { name = "sub", type = "S" },
    ])
    error_message = "attributes: ${jsonencode(aws_dynamodb_table.this.attribute)}"
  }

  assert {
    condition = jsonencode({
      for index in aws_dynamodb_table.this.global_secondary_index :
      index.name => [index.hash_key, index.range_key, index.projection_type, index.non_key_attributes]
      }) == jsonencode({
      by-email = ["email", "at", "ALL", null]
      by-hash  = ["hash", null, "KEYS_ONLY", null]
      by-sub   = ["sub", null, "INCLUDE", ["plan"]]
    })
    error_message = "indexes: ${jsonencode(aws_dynamodb_table.this.global_secondary_index)}"
  }

  assert {
    condition     = aws_dynamodb_table.this.stream_enabled && aws_dynamodb_table.this.stream_view_type == "NEW_IMAGE"
    error_message = "the stream shows ${aws_dynamodb_table.this.stream_view_type}"
  }

  assert {
    condition = (
      try(aws_dynamodb_table.this.server_side_encryption[0].enabled, false)
      && try(aws_dynamodb_table.this.server_side_encryption[0].kms_key_arn, null) == var.kms_key_arn
    )
    error_message = "the table is encrypted with the key that was given"
  }

  assert {
    condition     = !aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "protection can be turned off before a destroy"
  }

  assert {
    condition     = aws_dynamodb_table.this.tags == var.tags
    error_message = "the table has no tags"
  }
}

# Another name would replace the table by an empty one: it changes nothing.
run "another_name" {
  command = plan

  variables { name = "another" }

  assert {
    condition     = aws_dynamodb_table.this.name == "posts-test"
    error_message = "the table is named ${aws_dynamodb_table.this.name}"
  }
}
