# The routes of the manifests. Each is open or requires a token, as its manifest says, and calls its function's alias.
locals {
  all_routes = flatten([for name, manifest in local.enabled : [
    for route in try([for route in manifest.routes : route], []) : {
      key      = route.route
      shape    = replace(route.route, "/\\{[^}]*\\}/", "{}")
      function = name
      path     = manifest.path
      guarded  = contains(try(keys(route), []), "authorizer") # what it says is judged by the function's preconditions
      scopes   = try([for scope in route.scopes : scope], [])
    } if can(regex("^[A-Z]+ /", route.route))
  ]])
  routes = { for key, same in { for route in local.all_routes : route.key => route... } : key => same[0] }
}
