# What a REST API cannot serve although an HTTP API can. A precondition of the API refuses the plan.
locals {
  # Below one resource, all path parameters must have the same name.
  siblings = { for path in local.paths : dirname("./${path}") => basename(path)... if startswith(basename(path), "{") }

  problems = compact(concat(
    [for key, route in local.routes : "${key} has ${length(route.segments)} segments, and this module has 5 levels: shorten it." if length(route.segments) > 5],
    [for parent, names in local.siblings : "${join(" and ", sort(names))} below /${trimprefix(trimprefix(parent, "."), "/")} are path parameters in one place: give them one name." if length(names) > 1],
    [for key, route in local.routes : "${key} is a route of the functions, and cors_origins makes one for preflight requests: take one of them out." if route.method == "OPTIONS" && length(var.cors_origins) > 0],
    [for key, route in local.routes : "${key} has a function that waits ${var.functions.functions[route.function].timeout_seconds} seconds, and a REST API waits 29." if var.functions.functions[route.function].timeout_seconds > 29],
  ))
}
