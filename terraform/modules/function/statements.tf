# The manifest's own statements: for what no grant covers. They say word for word what shared/manifest refuses.
locals {
  statement_keys = ["actions", "condition", "resources", "reviewed", "sid", "when"]
  sid_pattern    = "^[A-Za-z0-9]+$"
  # A service and an action, and an ARN with placeholders.
  action_pattern   = "^[a-z0-9-]+:[A-Za-z0-9*?]+$"
  resource_pattern = "^(\\*|arn:[^ ]+|\\{pool_arn\\})$"
  key_pattern      = "^[A-Za-z0-9-]+:[^ ]+$"
  placeholders     = "{region}, {account}, {partition}, {pool_id}, {pool_arn}, {prefix}"
  template         = join("{", ["$", ""]) # as a literal, checkov cannot read it
  placeholder      = "/\\{(region|account|partition|pool_id|pool_arn|prefix)\\}/"

  own      = try([for statement in local.content.statements : statement], [])
  reviewed = [for statement in local.own : try(trimspace(statement.reviewed), "") != ""]

  # Texts of statements that may hold placeholders, with their places.
  own_texts = flatten([for i, statement in local.own : concat(
    [
      for j, text in try([for text in statement.resources : tostring(text)], []) :
      { place = "statements[${i}].resources[${j}]", text = text }
    ],
    flatten([for operator, keys in try(statement.condition, {}) : [for key, value in try({ for key, value in keys : key => value }, {}) : [
      for text in try([for text in value : tostring(text)], [tostring(value)], []) :
      { place = "statements[${i}].condition.${operator}.${key}", text = text }
    ]]]),
  )])

  # What stands in braces in each of them and is no placeholder; empty if nothing does.
  own_braces = [for one in local.own_texts : { place = one.place, text = strcontains(one.text, local.template) ? local.template : try(
    regex("\\{[^{}]*\\}", replace(one.text, local.placeholder, "")),
    regex("[{}]", replace(one.text, local.placeholder, "")),
    "",
  ) }]

  statement_problems = compact(concat(
    can(local.content.statements) && !startswith(try(jsonencode(local.content.statements), ""), "[") ? ["statements: must be a list"] : [],
    flatten([for i, statement in local.own : can(keys(statement)) ? concat(
      [
        length(setsubtract(keys(statement), local.statement_keys)) == 0 ? "" :
        join(" ", [
          "statements[${i}]: unknown field \"${join("\", \"", setsubtract(keys(statement), local.statement_keys))}\";",
          "the names are ${join(", ", local.statement_keys)}",
        ]),
        !can(statement.sid) || can(regex(local.sid_pattern, statement.sid)) ? "" :
        "statements[${i}].sid: \"${try(statement.sid, "")}\": use letters and digits",
        try(index([for other in local.own : try(other.sid, null)], statement.sid), i) == i ? "" :
        join(" ", [
          "statements[${i}].sid: \"${try(statement.sid, "")}\" is also that of",
          "statements[${try(index([for other in local.own : try(other.sid, null)], statement.sid), i)}]",
        ]),
        can(statement.actions) && !startswith(try(jsonencode(statement.actions), ""), "[") ? "statements[${i}].actions: must be a list" :
        try(length(statement.actions), 0) > 0 ? "" : "statements[${i}].actions: missing; write [\"service:Action\"]",
        can(statement.resources) && !startswith(try(jsonencode(statement.resources), ""), "[") ?
        "statements[${i}].resources: must be a list"
        : try(length(statement.resources), 0) > 0 ? "" :
        "statements[${i}].resources: missing; write [\"arn:{partition}:service:{region}:{account}:name\"]",
        !can(statement.when) || contains(keys(local.defaults), try(statement.when, "")) ? "" :
        "statements[${i}].when: \"${try(statement.when, "")}\" is not in environment; name a setting of the function",
        can(statement.reviewed) && !can(tostring(statement.reviewed)) ? "statements[${i}].reviewed: must be a string" : "",
        can(statement.condition) && !can(keys(statement.condition)) ? "statements[${i}].condition: must be an object" : "",
      ],
      [for j, action in try([for action in statement.actions : tostring(action)], []) :
        !can(regex(local.action_pattern, action)) ?
        "statements[${i}].actions[${j}]: \"${action}\" is not an action; write service:Action, for example s3:GetObject"
        : can(regex("[*?]", action)) && !local.reviewed[i]
        ? "statements[${i}].actions[${j}]: \"${action}\" has a wildcard; name each action, or say in reviewed why it has to be"
        : ""
      ],
      [for j, resource in try([for resource in statement.resources : tostring(resource)], []) :
        !can(regex(local.resource_pattern, resource)) ?
        "statements[${i}].resources[${j}]: \"${resource}\" is not an ARN; begin with arn:, or write {pool_arn}"
        : can(regex("[*?]", resource)) && !local.reviewed[i]
        ? "statements[${i}].resources[${j}]: \"${resource}\" has a wildcard; name the resource, or say in reviewed why it has to be"
        : ""
      ],
      flatten([for operator, keys in try({ for operator, keys in statement.condition : operator => keys }, {}) : concat(
        try(length(keys(keys)), 0) > 0 ? [] : ["statements[${i}].condition.${operator}: is empty; write { \"service:Key\": \"value\" }"],
        [
          for key, value in try({ for key, value in keys : key => value }, {}) :
          "statements[${i}].condition.${operator}.${key}: write \"service:Key\", and as its value a string or a list of strings"
          if !can(regex(local.key_pattern, key)) || !can(regex("^(\"|\\[\")", jsonencode(value)))
        ],
      )]),
    ) : ["statements[${i}]: must be an object"]]),
    [for one in local.own_braces : "${one.place}: ${one.text} is not a placeholder; use one of ${local.placeholders}" if one.text != ""],
  ))

  # The statements as IAM writes them, but for the pool's placeholders; only those whose setting is on.
  filled = [for statement in local.own : {
    pool = can(regex("\\{pool_(id|arn)\\}", jsonencode(statement)))
    text = replace(replace(replace(replace(
      jsonencode({ for name, value in {
        Sid       = try(statement.sid, null)
        Effect    = "Allow"
        Action    = try(statement.actions, [])
        Resource  = try(statement.resources, [])
        Condition = try(statement.condition, null)
      } : name => value if value != null }),
      "{region}", local.region),
      "{account}", local.account),
      "{partition}", local.partition),
      "{prefix}", var.name_prefix,
    )
  } if can(statement.when) ? try(local.on[statement.when], false) : true]
  own_statements  = [for one in local.filled : jsondecode(one.text) if !one.pool]
  pool_statements = [for one in local.filled : jsondecode(one.text) if one.pool]
}

# A policy of its own, so that the names of its statements are the manifest's business.
resource "aws_iam_role_policy" "statements" {
  count = length(local.own_statements) == 0 ? 0 : 1

  name   = "statements"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.own_statements })
}
