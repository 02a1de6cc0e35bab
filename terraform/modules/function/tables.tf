# The tables that the manifest declares, which the caller creates. They say word for word what shared/manifest refuses.
locals {
  table_keys_known = ["access", "actions", "hash_key", "indexes", "name", "range_key", "setting", "stream", "ttl_attribute"]
  index_keys_known = ["attributes", "hash_key", "name", "range_key"]
  key_types        = ["string", "number", "binary"]
  stream_views     = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]
  accesses         = ["read", "write", "read_write"]
  table_reads      = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
  table_writes = [
    "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
    "dynamodb:PutItem", "dynamodb:UpdateItem",
  ]
  table_actions = sort(concat(local.table_reads, local.table_writes, [
    "dynamodb:DescribeTable",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLSelect",
    "dynamodb:PartiQLUpdate",
    "dynamodb:Scan",
  ]))

  declared = try([for table in local.content.tables : table], [])

  # The tables' and their indexes' keys, with their places.
  own_keys = flatten([for i, table in local.declared : [for holder in concat(
    [{ place = "tables[${i}].", of = table }],
    [for j, index in try([for index in table.indexes : index], []) : { place = "tables[${i}].indexes[${j}].", of = index }],
    ) : [for member in ["hash_key", "range_key"] : {
      table  = i
      place  = "${holder.place}${member}"
      name   = try(tostring(holder.of[member].name), "")
      type   = try(tostring(coalesce(holder.of[member].type, "string")), "string")
      extra  = try(setsubtract(keys(holder.of[member]), ["name", "type"]), [])
      object = !can(holder.of[member]) || can(keys(holder.of[member]))
      twice  = member == "range_key" && try(holder.of.range_key.name == holder.of.hash_key.name, false)
    } if member == "hash_key" || can(holder.of[member])]
  ]])

  # The types that the keys before each one have for the same attribute, the last first: an attribute has one type.
  types_before = [for n, key in local.own_keys : [
    for before in reverse(slice(local.own_keys, 0, n)) : before.type
    if before.table == key.table && before.name == key.name
  ]]

  table_problems = compact(concat(
    can(local.content.tables) && !startswith(try(jsonencode(local.content.tables), ""), "[") ? ["tables: must be a list"] : [],
    flatten([for i, table in local.declared : can(keys(table)) ? concat(
      [
        length(setsubtract(keys(table), local.table_keys_known)) == 0 ? "" :
        join(" ", [
          "tables[${i}]: unknown field \"${join("\", \"", setsubtract(keys(table), local.table_keys_known))}\"; the",
          "names are ${join(", ", local.table_keys_known)}",
        ]),
        !can(regex("^[a-z0-9][a-z0-9_-]{0,62}$", table.name)) ?
        "tables[${i}].name: \"${try(table.name, "")}\": use at most 63 lower-case letters, digits, - and _"
        : contains(["posts", "profiles"], table.name)
        ? "tables[${i}].name: \"${table.name}\" is the table of this toolkit's own store; choose another name"
        : "",
        contains(keys(local.defaults), try(tostring(table.setting), "")) ? "" :
        "tables[${i}].setting: \"${try(table.setting, "")}\" is not in environment; name the setting that gets the table's name",
        can(table.ttl_attribute) && !can(regex("^[^ ]{1,255}$", table.ttl_attribute)) ?
        "tables[${i}].ttl_attribute: \"${try(table.ttl_attribute, "")}\" is not the name of an attribute"
        : "",
        !can(table.stream) || contains(local.stream_views, try(tostring(table.stream), "")) ? "" :
        "tables[${i}].stream: \"${try(table.stream, "")}\": use one of ${join(", ", local.stream_views)}",
        try(length(table.actions) > 0, false) == can(table.access)
        ? "tables[${i}].access: write access (${join(", ", local.accesses)}) or actions, and not both"
        : !can(table.access) || contains(local.accesses, try(tostring(table.access), "")) ? "" :
        "tables[${i}].access: \"${try(table.access, "")}\": use one of ${join(", ", local.accesses)}",
        can(table.indexes) && !startswith(try(jsonencode(table.indexes), ""), "[") ? "tables[${i}].indexes: must be a list" : "",
      ],
      [
        for member in ["name", "setting"] :
        join(" ", [
          "tables[${i}].${member}: \"${table[member]}\" is also that of",
          "tables[${index([for other in local.declared : try(other[member], null)], table[member])}]",
        ])
        if try(index([for other in local.declared : try(other[member], null)], table[member]), i) != i
      ],
      [
        for j, action in try([for action in table.actions : tostring(action)], []) :
        "tables[${i}].actions[${j}]: \"${action}\": use one of ${join(", ", local.table_actions)}"
        if !contains(local.table_actions, action)
      ],
      flatten([for j, index in try([for index in table.indexes : index], []) : concat(
        [
          length(setsubtract(try(keys(index), ["none"]), local.index_keys_known)) == 0 ? "" :
          join(" ", [
            "tables[${i}].indexes[${j}]: unknown field",
            "\"${join("\", \"", setsubtract(try(keys(index), ["none"]), local.index_keys_known))}\"; the names are",
            join(", ", local.index_keys_known),
          ]),
          can(regex("^[A-Za-z0-9_.-]{3,255}$", index.name)) ? "" :
          "tables[${i}].indexes[${j}].name: \"${try(index.name, "")}\": use 3 to 255 letters, digits, _, - and .",
          contains([for other in slice([for other in table.indexes : other], 0, j) : try(other.name, null)], try(index.name, ""))
          ? "tables[${i}].indexes[${j}].name: \"${try(index.name, "")}\" appears twice"
          : "",
          can(index.attributes) && !startswith(try(jsonencode(index.attributes), ""), "[") ?
          "tables[${i}].indexes[${j}].attributes: must be a list"
          : "",
        ],
        [
          for k, attribute in try([for attribute in index.attributes : attribute], []) :
          "tables[${i}].indexes[${j}].attributes[${k}]: \"${try(attribute, "")}\" is not the name of an attribute"
          if !can(regex("^[^ ]{1,255}$", attribute))
        ],
      )]),
    ) : ["tables[${i}]: must be an object"]]),
    flatten([for n, key in local.own_keys : [
      length(key.extra) == 0 ? "" : "${key.place}: unknown field \"${join("\", \"", key.extra)}\"; the names are name, type",
      !key.object ? "${key.place}: must be an object" :
      can(regex("^[^ ]{1,255}$", key.name)) ? "" :
      "${key.place}.name: \"${key.name}\" is not the name of an attribute; write { \"name\": \"pk\" }",
      contains(local.key_types, key.type) ? "" : "${key.place}.type: \"${key.type}\": use one of ${join(", ", local.key_types)}",
      try(local.types_before[n][0], key.type) == key.type ? "" :
      "${key.place}.type: ${key.name} is a ${key.type} here and a ${local.types_before[n][0]} elsewhere in the table",
      key.twice ? "${key.place}.name: \"${key.name}\" is the hash key, too" : "",
    ]]),
  ))

  # The setting of each table; a table that the caller does not give is refused by the function's precondition.
  table_settings = {
    for table in local.declared : table.setting => var.tables[table.name].name
    if can(var.tables[table.name].name) && can(tostring(table.setting))
  }
  missing_tables = [
    for table in local.declared : table.name
    if can(tostring(table.name)) && !contains(keys(var.tables), try(table.name, ""))
  ]
  given_settings = [for table in local.declared : table.setting if contains(keys(var.environment), try(tostring(table.setting), ""))]

  table_statements = [for i, table in local.declared : {
    Sid    = "Table${i}"
    Effect = "Allow"
    Action = sort(concat(
      contains(["read", "read_write"], try(table.access, "")) ? local.table_reads : [],
      contains(["write", "read_write"], try(table.access, "")) ? local.table_writes : [],
      try([for action in table.actions : tostring(action)], []),
    ))
    # Each index by its name, and not at all for who cannot query.
    Resource = concat([var.tables[table.name].arn], [
      for index in try([for index in table.indexes : index], []) : "${var.tables[table.name].arn}/index/${try(index.name, "")}"
      if contains(["read", "read_write"], try(table.access, ""))
      || length(setintersection(
        ["dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect"],
        try([for action in table.actions : tostring(action)], []),
      )) > 0
    ])
  } if can(var.tables[table.name].name)]
  declared_keys = {
    for i, table in local.declared : "Table${i}Key" => var.tables[table.name].kms_key_arn
    if can(var.tables[table.name].name)
  }
}
