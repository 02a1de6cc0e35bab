mock_provider "aws" {}

variables {
  name = "profiles-test"
}

run "defaults" {
  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "deletion protection is on unless somebody turns it off"
  }
  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].enabled && aws_dynamodb_table.this.point_in_time_recovery[0].recovery_period_in_days == 35
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
    condition     = aws_dynamodb_table.this.hash_key == "pk" && one(aws_dynamodb_table.this.attribute) == { name = "pk", type = "S" } && aws_dynamodb_table.this.range_key == null
    error_message = "the key is the string pk, as the profile store expects"
  }
  assert {
    condition     = aws_dynamodb_table.this.ttl[0].enabled && aws_dynamodb_table.this.ttl[0].attribute_name == "expires_at"
    error_message = "tombstones expire by expires_at"
  }
}

run "own_key" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  }
  assert {
    condition     = try(aws_dynamodb_table.this.server_side_encryption[0].enabled, false) && try(aws_dynamodb_table.this.server_side_encryption[0].kms_key_arn, null) == var.kms_key_arn
    error_message = "the table is encrypted with the key that was given"
  }
}

run "protection_off" {
  variables {
    deletion_protection = false
  }
  assert {
    condition     = !aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "protection can be turned off before a destroy"
  }
}

run "recovery_beyond_what_dynamodb_offers" {
  command = plan
  variables {
    recovery_days = 36
  }
  expect_failures = [var.recovery_days]
}

# Another name would replace the table by an empty one: it changes nothing.
run "another_name" {
  command = plan

  variables { name = "another" }

  assert {
    condition     = aws_dynamodb_table.this.name == "profiles-test"
    error_message = "the table is named ${aws_dynamodb_table.this.name}"
  }
}
