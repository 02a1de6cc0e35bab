resource "aws_dynamodb_table" "this" {
  #checkov:skip=CKV_AWS_119:Encrypted with a key that AWS owns unless kms_key_arn names your own; a customer-managed key costs per key and request
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST" # sign-ups come in waves, and an idle table costs nothing
  hash_key                    = "pk"
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  # "<user pool id>#<sub>": one table serves several pools.
  attribute {
    name = "pk"
    type = "S"
  }

  # Tombstones of deleted accounts expire by themselves.
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = var.recovery_days
  }

  # Without the block, DynamoDB uses a key that AWS owns; "enabled" without an ARN would mean the AWS managed key, which costs.
  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]
    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }

  # DynamoDB cannot rename a table: another name would replace it by an empty one.
  lifecycle {
    ignore_changes = [name]
  }
}
