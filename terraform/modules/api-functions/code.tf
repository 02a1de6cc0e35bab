# Where each function's code comes from: what code says, or else a zip in zips_path. One map may serve several modules, so
# further names mean nothing here; without zips_path, a function whose name is misspelt there has no code, which is refused.
locals {
  objects = { for name in keys(local.enabled) : name => try(var.code[name].s3, null) }
  zips = { for name in keys(local.enabled) : name => try(
    coalesce(var.code[name].zip),
    local.objects[name] != null || var.zips_path == null ? null : "${var.zips_path}/${name}.zip",
  ) }
}
