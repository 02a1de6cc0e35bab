# The pool's schema. Every attribute says all that Cognito would fill in, constraints included: an omitted value would be a
# permanent difference, and a difference in an attribute that exists is an error, because Cognito cannot change one.

# With adopted_user_pool_id, the schema is the pool's own, however it was made, and custom_attributes adds what it lacks.
data "aws_cognito_user_pool" "adopted" {
  count = var.adopted_user_pool_id == null ? 0 : 1

  user_pool_id = var.adopted_user_pool_id
}

locals {
  declared_schema = merge(
    { for name, a in var.custom_attributes : "custom:${name}" => {
      type           = a.type
      mutable        = a.mutable
      required       = false # Cognito requires no custom attribute
      developer_only = false # the legacy way; admin_only is done by the clients' write lists
      # Cognito returns an empty block where there are no bounds.
      lengths = a.type == "String" ? {
        min = a.constraints ? tostring(a.min_length) : null
        max = a.constraints ? tostring(a.max_length) : null
      } : null
      values = a.type == "Number" ? {
        min = try(tostring(a.min_value), null)
        max = try(tostring(a.max_value), null)
      } : null
    } },
    { for name in var.required_attributes : name => {
      type           = "String"
      mutable        = true
      required       = true
      developer_only = false
      lengths        = name == "birthdate" ? { min = "10", max = "10" } : { min = "0", max = "2048" }
      values         = null
    } },
  )

  # The provider keeps a standard attribute out of its state while it is as Cognito makes it.
  adopted_attributes = flatten(data.aws_cognito_user_pool.adopted[*].schema_attributes)
  adopted_schema = { for a in local.adopted_attributes : a.name => {
    type           = a.attribute_data_type
    mutable        = a.mutable
    required       = a.required
    developer_only = a.developer_only_attribute
    lengths        = try({ min = a.string_attribute_constraints[0].min_length, max = a.string_attribute_constraints[0].max_length }, null)
    values         = try({ min = a.number_attribute_constraints[0].min_value, max = a.number_attribute_constraints[0].max_value }, null)
  } if local.own_attribute[a.name] }

  usual_lengths = { birthdate = ["10", "10"] }
  own_attribute = { for a in local.adopted_attributes : a.name => strcontains(a.name, "custom:") || (
    contains(local.string_attributes, a.name) && (
      a.required || !a.mutable || try([
        a.string_attribute_constraints[0].min_length, a.string_attribute_constraints[0].max_length,
      ] != lookup(local.usual_lengths, a.name, ["0", "2048"]), false)
    )
  ) }

  # The provider takes one of the two for the other, and plans a change that fails.
  twice = [
    for a in local.adopted_attributes : a.name
    if contains(local.string_attributes, trimprefix(a.name, "custom:")) && startswith(a.name, "custom:")
  ]

  # By the names that Cognito returns.
  schema = merge(local.declared_schema, local.adopted_schema)

  required          = toset([for name, a in local.schema : name if a.required])
  custom_attributes = toset([for name in keys(local.schema) : name if startswith(name, "custom:")])
}
