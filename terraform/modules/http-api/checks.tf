# What an HTTP API cannot serve, and what is wrong with the functions. A precondition of the API refuses the plan.
# Every condition here must be known before anything is created, or none would be checked at plan.
locals {
  routes = module.functions.routes

  problems = concat(
    module.functions.problems,
    [
      for name, manifest in module.functions.manifests :
      "${manifest.path}: timeout_seconds is ${manifest.timeout_seconds}, and an HTTP API waits 30 seconds at most."
      if try(manifest.timeout_seconds > 30, false)
    ],
    [
      for key, route in local.routes :
      "${route.path}: ${key} has ${length(route.scopes)} scopes, and API Gateway takes 10 for a route: name fewer."
      if length(route.scopes) > 10
    ],
    length(local.routes) <= 300 ? [] :
    ["The functions have ${length(local.routes)} routes, and an HTTP API 300 at most: switch functions off, or make a second API of them."],
  )
}
