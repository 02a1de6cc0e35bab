# Where the function's code comes from: a zip on this machine, or one in S3.
locals {
  # Lambda compares nothing with it; Terraform updates the function when it changes. An object of which only the version is
  # known has none: there the version changes with the code.
  code_hash = var.s3 != null ? var.s3.sha256 : try(filebase64sha256(var.zip), null)
}
