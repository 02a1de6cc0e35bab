# Problems of the inputs in combination. A precondition of the output lambda_config refuses them, so no pool is planned
# with it; validations of variables cannot use locals that depend on these variables.
# Every condition here must be known before anything is created, or none would be checked at plan.
locals {
  hooks = [for manifest in values(local.enabled) : manifest.hook]
  same_hook = {
    for hook in distinct([for hook in local.hooks : hook if hook != null]) :
    hook => [for manifest in values(local.enabled) : manifest.path if manifest.hook == hook]
  }
  with_hook   = { for name, manifest in local.enabled : name => manifest if manifest.hook != null }
  without_ses = var.ses == null

  # Attributes that claims trust because no app client can write them, by the function that trusts them.
  trusted = { for name, manifest in local.with_hook : name => distinct(compact(concat(
    [
      for attribute in split(",", lookup(merge(manifest.environment, local.environment[name]), "ADMIN_ONLY_ATTRIBUTES", "")) :
      trimspace(attribute)
    ],
    try(jsondecode(local.rules[name]).adminOnlyAttributes, []),
  ))) if manifest.hook == "pre_token_generation" }
  # The function's rules: the setting, or else the built-in file.
  rules = { for name, manifest in local.with_hook : name => try(
    coalesce(lookup(local.environment[name], "CLAIM_RULES", null)),
    file("${dirname(manifest.path)}/rules.json"),
    "{}",
  ) if manifest.hook == "pre_token_generation" }
  anything_trusted = sort(distinct(flatten(values(local.trusted))))
  # A client without a list can write every standard attribute and possibly others: no attribute is provably admin-only.
  writable = flatten([for client, attributes in coalesce(var.app_client_write_attributes, {}) :
    attributes == null
    ? [for attribute in local.anything_trusted : "${attribute} (${client}, which has no list)"]
    : [for attribute in setintersection(local.anything_trusted, attributes) : "${attribute} (${client})"]
  ])

  # Why a function may send mail through an SES identity that nobody gave: a setting that is on, or the grant alone.
  mail_without_ses = { for name, manifest in local.enabled : name => compact([
    for entry in try([for entry in manifest.grants : entry if entry.grant == "ses:send"], []) :
    !can(entry.when) ? "the grant ses:send" : contains(["", "false", "0"], lower(trimspace(
      lookup(merge(manifest.environment, local.options[name].environment), entry.when, ""),
    ))) ? "" : entry.when
  ]) if local.without_ses }

  problems = compact(concat(
    [
      for name, manifest in local.enabled :
      join(" ", [
        "${manifest.path} has no hook: a function with routes belongs into api/, or switch it off with triggers = {",
        "\"${name}\" = { enabled = false } }.",
      ])
      if manifest.hook == null
    ],
    [
      for hook, paths in local.same_hook :
      join(" ", [
        "${join(" and ", paths)} both serve the hook ${hook}, and a pool has one function per hook: switch one off",
        "with enabled = false in triggers.",
      ])
      if length(paths) > 1
    ],
    [
      for name, manifest in local.with_hook :
      join(" ", [
        "${name} is on, but without an SES identity Cognito refuses its mail: set ses, or take",
        contains(coalesce(var.only_triggers, []), name) ? "it out of only_triggers." : "enabled = true out of triggers.",
      ])
      if manifest.hook == "custom_message" && local.without_ses
    ],
    [
      for name, manifest in local.with_hook :
      join(" ", [
        "${name} has event_version ${manifest.event_version}, which Cognito does not send on the plan LITE: set",
        "feature_plan to ESSENTIALS, or write \"event_version\": \"V1_0\" into ${manifest.path}.",
      ])
      if manifest.hook == "pre_token_generation" && var.feature_plan == "LITE" && manifest.event_version != "V1_0"
    ],
    [
      for name, manifest in local.enabled :
      join(" ", [
        "${name} has the setting PROFILE_TABLE, and there is no table: set profile_table, or write PROFILE_TABLE =",
        "\"\" into its environment to do without profiles.",
      ])
      if contains(keys(manifest.environment), "PROFILE_TABLE")
      && var.profile_table == null
      && lookup(local.options[name].environment, "PROFILE_TABLE", null) != ""
    ],
    [
      for name, reasons in local.mail_without_ses :
      "${name} has ${join(" and ", reasons)}, but no SES identity to send with: set ses."
      if length(reasons) > 0
    ],
    flatten([for name, manifest in local.enabled : [
      for setting, value in local.derived[name] :
      "${name}: take ${setting} out of its environment; it follows from ${local.follows_from[setting]}."
      if contains(keys(local.options[name].environment), setting) ? local.options[name].environment[setting] != value : false
    ]]),
    var.app_client_write_attributes == null && length(local.anything_trusted) > 0
    ? [
      join(" ", [
        "Claims trust ${join(", ", local.anything_trusted)} because no app client can write them, and nothing says",
        "what the clients can write: set app_client_write_attributes.",
      ]),
    ]
    : [],
    length(local.writable) > 0
    ? [
      join(" ", [
        "Claims trust attributes that users can write through an app client: ${join(", ", local.writable)}. Take",
        "them out of the client's write_attributes, or out of ADMIN_ONLY_ATTRIBUTES.",
      ]),
    ]
    : [],
  ))
  follows_from = {
    EMAIL_SENDING_ACCOUNT = "ses"
    MAPPED_ATTRIBUTES     = "mapped_attributes"
    PROFILE_TABLE         = "profile_table"
    EVENT_VERSION         = "event_version in function.json"
  }
}
