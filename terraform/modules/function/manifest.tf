# Reads function.json. The function's preconditions refuse a manifest that breaks the rules of shared/manifest; validations
# of the variable could not use these locals, which depend on it.
locals {
  manifest_keys = ["hook", "event_version", "routes", "timeout_seconds", "memory_mb", "environment", "grants", "statements", "tables"]
  route_keys    = ["route", "authorizer", "scopes", "groups", "id_tokens"]
  route_pattern = "^(GET|POST|PUT|PATCH|DELETE) /(([A-Za-z0-9._~-]+|\\{[A-Za-z0-9_]+\\})(/([A-Za-z0-9._~-]+|\\{[A-Za-z0-9_]+\\}))*)?$"
  grant_keys    = ["grant", "when", "resource"]
  grant_names = [
    "profiles:read", "profiles:write", "posts:read", "posts:write", "ses:send", "cognito:link-provider",
    "cognito:add-to-group", "cognito:sign-out", "cognito:get-user", "cognito:list-groups",
    "secrets:read", "sns:publish", "events:put", "kms:decrypt", "dynamodb:read", "cognito:migrate-from",
  ]

  # What Lambda refuses as a setting.
  reserved_settings = [
    "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
  ]

  # The event versions that each hook has.
  hook_versions = {
    pre_sign_up                    = []
    post_confirmation              = []
    pre_authentication             = []
    post_authentication            = []
    define_auth_challenge          = []
    create_auth_challenge          = []
    verify_auth_challenge_response = []
    user_migration                 = []
    pre_token_generation           = ["V1_0", "V2_0", "V3_0"]
    custom_message                 = []
    custom_email_sender            = ["V1_0"]
    custom_sms_sender              = ["V1_0"]
    inbound_federation             = ["V1_0"]
  }

  content       = try(jsondecode(file(var.manifest)), {})
  hook          = try(local.content.hook, null)
  routes        = try([for route in local.content.routes : route], [])
  event_version = try(local.content.event_version, null)
  defaults      = try(local.content.environment, {})
  entries       = try([for entry in local.content.grants : entry], [])
  versions      = local.hook == null ? [] : try(local.hook_versions[local.hook], [])

  unknown_keys = setsubtract(try(keys(local.content), []), local.manifest_keys)
  # By grant: whether it holds, which is to say whether one of its entries has no setting or one that is on. Only what
  # depends on a setting is unknown while the setting is.
  grants = { for name in distinct([for entry in local.entries : entry.grant if can(entry.grant)]) : name => anytrue([
    for entry in local.entries : can(entry.when) ? try(local.on[entry.when], false) : true if try(entry.grant == name, false)
  ]) }

  unknown_grants = setsubtract(keys(local.grants), local.grant_names)
  grant_problems = compact(flatten([for i, entry in local.entries : can(keys(entry)) ? [
    length(setsubtract(keys(entry), local.grant_keys)) == 0 ? "" :
    join(" ", [
      "grants[${i}] has the unknown key ${join(", ", setsubtract(keys(entry), local.grant_keys))}; the keys are",
      join(", ", local.grant_keys),
    ]),
    can(entry.grant) ? "" : "grants[${i}] names no grant; write { \"grant\": \"profiles:read\" }",
    length(regexall(".", try(entry.resource, ""))) == 0 && try(local.resource_grants[entry.grant].needed, false)
    ? "grants[${i}].resource: missing; ${entry.grant} needs the name of the setting that holds the ARN"
    : "",
    can(entry.resource)
    && can(tostring(entry.grant))
    && contains(local.grant_names, try(entry.grant, ""))
    && !contains(keys(local.resource_grants), try(entry.grant, "")) ?
    "grants[${i}].resource: ${try(entry.grant, "")} has a resource of its own; leave this out"
    : "",
    can(entry.resource)
    && contains(keys(local.resource_grants), try(entry.grant, ""))
    && !contains(keys(local.defaults), try(tostring(entry.resource), "")) ?
    "grants[${i}].resource: \"${try(entry.resource, "")}\" is not in environment; name the setting that holds the ARN"
    : "",
    contains(keys(local.defaults), try(entry.when, "none")) || !can(entry.when) ? "" :
    "grants[${i}].when is ${try(entry.when, "none")}, which is not in environment; name a setting of the function",
  ] : ["grants[${i}] is not an object; write { \"grant\": \"profiles:read\" }"]]))
  # Settings that every function has, or every function of an API, are not in the manifest.
  everybodys = length(local.routes) > 0 ? ["LOG_LEVEL", "CORS_ORIGINS"] : ["LOG_LEVEL"]
  unknown_settings = [
    for name in keys(var.environment) : name
    if !contains(concat(keys(local.defaults), local.everybodys), name) && !startswith(name, "AWS_ENDPOINT_URL")
  ]

  # A route with a misspelt key could be open by mistake.
  route_problems = compact(flatten([for i, route in local.routes : can(keys(route)) ? [
    can(regex(local.route_pattern, route.route)) ? "" : "routes[${i}].route is not a route; write \"POST /path\" or \"GET /path/{id}\"",
    length(setsubtract(keys(route), local.route_keys)) == 0 ? "" :
    join(" ", [
      "routes[${i}] has the unknown key ${join(", ", setsubtract(keys(route), local.route_keys))}; the keys are",
      join(", ", local.route_keys),
    ]),
    try(route.authorizer, "jwt") == "jwt" ? "" : "routes[${i}].authorizer is not \"jwt\"; write \"jwt\", or leave it out for an open route",
    can(route.authorizer) || length(setintersection(keys(route), ["scopes", "groups", "id_tokens"])) == 0 ? "" :
    join(" ", [
      "routes[${i}] is open, so ${join(", ", setintersection(keys(route), ["scopes", "groups", "id_tokens"]))} would",
      "guard nothing; add \"authorizer\": \"jwt\"",
    ]),
    alltrue([for name in concat(try(route.scopes, []), try(route.groups, [])) : can(regex("^\\S+$", name))]) ? "" :
    "routes[${i}]: scopes and groups are lists of names without white space",
    try(route.id_tokens, true) == true || try(route.id_tokens, true) == false ? "" : "routes[${i}].id_tokens must be true or false",
  ] : ["routes[${i}] is not an object; write { \"route\": \"POST /path\" }"]]))

  problems = compact([
    length(local.unknown_keys) == 0 ? "" : "unknown key ${join(", ", local.unknown_keys)}; the keys are ${join(", ", local.manifest_keys)}",
    (local.hook == null) != (length(local.routes) == 0) ? "" : "a function has a hook or routes, not both",
    local.hook == null || contains(keys(local.hook_versions), coalesce(local.hook, "none")) ? "" :
    "hook \"${coalesce(local.hook, "none")}\" is not a hook; use one of ${join(", ", keys(local.hook_versions))}",
    join("; ", local.route_problems),
    local.event_version == null || contains(local.versions, coalesce(local.event_version, "none")) ? "" :
    join(" ", [
      "event_version \"${coalesce(local.event_version, "none")}\" does not exist for this function;",
      length(local.versions) == 0 ? "take the key out" : "use ${join(", ", local.versions)}",
    ]),
    local.event_version != null || length(local.versions) == 0 ? "" : "event_version is missing; use ${join(", ", local.versions)}",
    join("; ", local.grant_problems),
    join("; ", local.statement_problems),
    join("; ", local.table_problems),
    length(local.unknown_grants) == 0 ? "" : "unknown grant ${join(", ", local.unknown_grants)}; use ${join(", ", local.grant_names)}",
    alltrue([for name in keys(local.defaults) : can(regex("^[A-Z][A-Z0-9_]*$", name))]) ? "" :
    "names in environment have capital letters, digits and underscores",
    join("; ", [
      for name in keys(local.defaults) : "environment.${name}: Lambda sets this itself; choose another name"
      if contains(local.reserved_settings, name)
    ]),
    try(local.content.timeout_seconds >= 1 && local.content.timeout_seconds <= 900, false) ? "" :
    "timeout_seconds must be 1 to 900; Cognito waits 5 for a trigger",
    try(local.content.memory_mb >= 128 && local.content.memory_mb <= 10240, false) ? "" : "memory_mb must be 128 to 10240",
  ])
}
