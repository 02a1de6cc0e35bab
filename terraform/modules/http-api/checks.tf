# Problems of the inputs in combination. A precondition of the API refuses the plan; validations of variables cannot use
# locals that depend on these variables.
# Every condition here must be known before anything is created, or none would be checked at plan.
locals {
  same_shape = { for shape, same in { for route in local.all_routes : route.shape => route... } : shape => same if length(same) > 1 }

  problems = compact(concat(
    [for name, manifest in local.enabled : "${manifest.path} has a hook: a trigger belongs in triggers/." if manifest.hook != null],
    [for shape, same in local.same_shape : "${join(" and ", distinct(same[*].path))} ${length(distinct(same[*].path)) > 1 ? "both serve" : "serves twice"} ${join(" and ", distinct(same[*].key))}, and one function serves a route: take it out of one."],
    [for name, manifest in local.enabled : "${manifest.path}: timeout_seconds is ${manifest.timeout_seconds}, and an HTTP API waits 30 seconds at most." if try(manifest.timeout_seconds > 30, false)],
    [for route in local.all_routes : "${route.path}: ${route.key} has ${length(route.scopes)} scopes, and API Gateway takes 10 for a route: name fewer." if length(route.scopes) > 10],
    length(local.routes) <= 300 ? [] : ["The functions have ${length(local.routes)} routes, and an HTTP API 300 at most: switch functions off, or make a second API of them."],
    [for name, manifest in local.enabled : "${name} has the setting PROFILE_TABLE, and there is no table: set profile_table." if contains(keys(manifest.environment), "PROFILE_TABLE") && var.profile_table == null],
    [for name, manifest in local.enabled : "${name} has the setting POSTS_TABLE, and there is no table: set posts_table." if contains(keys(manifest.environment), "POSTS_TABLE") && var.posts_table == null],
    flatten([for name, manifest in local.enabled : [
      for setting, source in local.follows_from : "${name}: take ${setting} out of its environment; it follows from ${source}." if contains(keys(local.options[name].environment), setting)
    ]]),
  ))
  follows_from = {
    USER_POOL_ID  = "user_pool"
    CLIENT_ID     = "client"
    PROFILE_TABLE = "profile_table"
    POSTS_TABLE   = "posts_table"
  }
}
