# What a REST API cannot serve although an HTTP API can, and what is wrong with the functions. A precondition of the API
# refuses the plan. Every condition here must be known before anything is created, or none would be checked at plan.
locals {
  # Below one resource, all path parameters must have the same name.
  siblings = { for path in local.paths : dirname("./${path}") => basename(path)... if startswith(basename(path), "{") }

  problems = concat(
    module.functions.problems,
    [
      for key, route in local.routes :
      "${key} has ${length(route.segments)} segments, and this module has 5 levels: shorten it."
      if length(route.segments) > 5
    ],
    [
      for parent, names in local.siblings :
      join(" ", [
        "${join(" and ", sort(names))} below /${trimprefix(trimprefix(parent, "."), "/")} are path parameters in one",
        "place: give them one name.",
      ])
      if length(names) > 1
    ],
    [
      for key, route in local.routes :
      "${key} is a route of the functions, and cors_origins makes one for preflight requests: take one of them out."
      if route.method == "OPTIONS" && length(var.cors_origins) > 0
    ],
    [
      for name, manifest in module.functions.manifests :
      "${manifest.path}: timeout_seconds is ${manifest.timeout_seconds}, and a REST API waits 29 seconds at most."
      if try(manifest.timeout_seconds > 29, false)
    ],
    length(local.paths) <= 300 ? [] :
    ["The routes have ${length(local.paths)} resources, and a REST API 300 at most: switch functions off, or make a second API of them."],
  )
}
