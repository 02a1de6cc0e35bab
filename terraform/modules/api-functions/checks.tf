# Problems of the inputs in combination, which the module of the API refuses at plan, together with its own; validations of
# variables cannot use locals that depend on these variables.
# Every condition here must be known before anything is created, or none would be checked at plan.
locals {
  same_shape = { for shape, same in { for route in local.all_routes : route.shape => route... } : shape => same if length(same) > 1 }

  problems = compact(concat(
    [for name, manifest in local.enabled : "${manifest.path} has a hook: a trigger belongs in triggers/." if manifest.hook != null],
    [
      for shape, same in local.same_shape :
      join(" ", [
        join(" and ", distinct(same[*].path)),
        length(distinct(same[*].path)) > 1 ? "both serve" : "serves twice",
        "${join(" and ", distinct(same[*].key))}, and one function serves a route: take it out of one.",
      ])
    ],
    [
      for name, manifest in local.enabled :
      "${name} has the setting PROFILE_TABLE, and there is no table: set profile_table."
      if contains(keys(manifest.environment), "PROFILE_TABLE") && var.profile_table == null
    ],
    [
      for name, manifest in local.enabled :
      "${name} has the setting POSTS_TABLE, and there is no table: set posts_table."
      if contains(keys(manifest.environment), "POSTS_TABLE") && var.posts_table == null
    ],
    flatten([for name, manifest in local.enabled : [
      for setting, source in local.follows_from :
      "${name}: take ${setting} out of its environment; it follows from ${source}."
      if contains(keys(local.options[name].environment), setting)
    ]]),
  ))
  follows_from = {
    USER_POOL_ID  = "user_pool"
    CLIENT_ID     = "the app client"
    PROFILE_TABLE = "profile_table"
    POSTS_TABLE   = "posts_table"
  }
}
