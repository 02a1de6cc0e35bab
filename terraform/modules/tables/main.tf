# The tables that manifests declare, each once: functions that declare the same table share it. They are known from files
# alone, so that the plan of a first apply is complete. What a declaration looks like is checked by the module function,
# whose messages name the place; here a wrong one is left out.

locals {
  key_type = "^(?:string|number|binary)$"

  declared = flatten([for path in sort(var.manifests) : [
    for table in try([for table in jsondecode(file(path)).tables : table], []) : {
      name = tostring(table.name)
      path = path
      definition = {
        hash_key      = { name = tostring(table.hash_key.name), type = try(table.hash_key.type, "string") }
        range_key     = can(table.range_key) ? { name = tostring(table.range_key.name), type = try(table.range_key.type, "string") } : null
        ttl_attribute = try(table.ttl_attribute, null)
        stream        = try(table.stream, null)
        indexes = { for index in try([for index in table.indexes : index], []) : index.name => {
          hash_key   = { name = tostring(index.hash_key.name), type = try(index.hash_key.type, "string") }
          range_key  = can(index.range_key) ? { name = tostring(index.range_key.name), type = try(index.range_key.type, "string") } : null
          attributes = try([for attribute in index.attributes : tostring(attribute)], null)
        } }
      }
      } if can({
        name   = regex("^[a-z0-9][a-z0-9_-]{0,62}$", table.name)
        hash   = regex(local.key_type, try(table.hash_key.type, "string"))
        range  = can(table.range_key) ? "${table.range_key.name}${regex(local.key_type, try(table.range_key.type, "string"))}" : ""
        stream = can(table.stream) ? regex("^(?:KEYS_ONLY|NEW_IMAGE|OLD_IMAGE|NEW_AND_OLD_IMAGES)$", table.stream) : ""
        indexes = { for index in try([for index in table.indexes : index], []) : tostring(index.name) => {
          hash      = tostring(index.hash_key.name)
          hash_type = regex(local.key_type, try(index.hash_key.type, "string"))
          range     = can(index.range_key) ? "${index.range_key.name}${regex(local.key_type, try(index.range_key.type, "string"))}" : ""
        } }
        key = table.hash_key.name
    })
  ]])

  first = { for name, same in { for one in local.declared : one.name => one... } : name => same[0] }
  # A declaration that differs from the first one of its name, or from the caller's table.
  differing = concat(
    [
      for one in local.declared :
      join(" ", [
        "${one.path} and ${local.first[one.name].path} declare the table ${one.name} with other keys, indexes, TTL or",
        "stream: declare it in the same way to share it, or rename it.",
      ])
      if jsonencode(one.definition) != jsonencode(local.first[one.name].definition)
    ],
    [
      for name, one in local.first :
      join(" ", [
        "${one.path} declares the table ${name} with other keys, indexes, TTL or stream than",
        "${var.existing[name].declared_by}: declare it in the same way to share it, or rename it.",
      ])
      if coalesce(try(var.existing[name].definition, null), jsonencode(one.definition)) != jsonencode(one.definition)
    ],
  )
  created = { for name, one in local.first : name => one if !contains(keys(var.existing), name) }
}

module "table" {
  source   = "../table"
  for_each = local.created

  name                = "${var.name_prefix}-${each.key}"
  hash_key            = each.value.definition.hash_key
  range_key           = each.value.definition.range_key
  ttl_attribute       = each.value.definition.ttl_attribute
  stream              = each.value.definition.stream
  indexes             = [for name, index in each.value.definition.indexes : merge(index, { name = name })]
  kms_key_arn         = var.kms_key_arn
  deletion_protection = var.deletion_protection
  recovery_days       = var.recovery_days
  tags                = var.tags
}
