locals {
  types = { string = "S", number = "N", binary = "B" }
  # Every key of the table and its indexes, once: DynamoDB knows the types of keys alone.
  keys = concat([var.hash_key], var.range_key[*], flatten([for index in var.indexes : concat([index.hash_key], index.range_key[*])]))
}

resource "aws_dynamodb_table" "this" {
  #checkov:skip=CKV_AWS_119:AWS's own key encrypts it unless kms_key_arn names yours; a customer-managed key costs per key and request
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST" # sign-ups come in waves, and an idle table costs nothing
  hash_key                    = var.hash_key.name
  range_key                   = one(var.range_key[*].name)
  stream_enabled              = var.stream == null ? null : true
  stream_view_type            = var.stream
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  dynamic "attribute" {
    for_each = { for key in local.keys : key.name => local.types[key.type]... }
    content {
      name = attribute.key
      type = attribute.value[0]
    }
  }

  dynamic "global_secondary_index" {
    for_each = { for index in var.indexes : index.name => index }
    content {
      name      = global_secondary_index.key
      hash_key  = global_secondary_index.value.hash_key.name
      range_key = one(global_secondary_index.value.range_key[*].name)
      projection_type = (
        global_secondary_index.value.attributes == null ? "ALL" :
        length(global_secondary_index.value.attributes) == 0 ? "KEYS_ONLY" : "INCLUDE"
      )
      non_key_attributes = try(length(global_secondary_index.value.attributes), 0) == 0 ? null : global_secondary_index.value.attributes
    }
  }

  dynamic "ttl" {
    for_each = var.ttl_attribute[*]
    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = var.recovery_days
  }

  # Without the block, DynamoDB uses a key that AWS owns; "enabled" without an ARN would mean the AWS managed key, which costs.
  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn[*]
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
