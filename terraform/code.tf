# Where the functions' code comes from. The output of `make build` is only looked at if nothing else is named: a name that
# is misspelt in code must not lead to an old zip that happens to be there.
locals {
  built     = "${path.module}/../build/${var.architecture == "arm64" ? "arm64" : "amd64"}"
  zips_path = var.zips_path != null || length(var.code) > 0 ? var.zips_path : local.built
}
