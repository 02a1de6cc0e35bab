output "tables" {
  description = <<-EOT
    By the name in the manifests: the table's name and ARN, its own key, its stream, whether it is protected, and how and where
    it is declared.
  EOT
  value = merge(
    { for name, table in var.existing : name => {
      name                = table.name
      arn                 = table.arn
      kms_key_arn         = table.kms_key_arn
      stream_arn          = null
      deletion_protection = null
      definition          = table.definition
      declared_by         = table.declared_by
    } },
    { for name, table in module.table : name => {
      name                = table.name
      arn                 = table.arn
      kms_key_arn         = table.kms_key_arn
      stream_arn          = table.stream_arn
      deletion_protection = table.deletion_protection
      definition          = jsonencode(local.created[name].definition), declared_by = local.created[name].path
    } },
  )

  precondition {
    condition     = length(local.differing) == 0
    error_message = join("\n", local.differing)
  }
}
