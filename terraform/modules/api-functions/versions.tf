# Modules have no lock file: the root module that uses them locks the provider for its platforms. A lock file written with a
# local mirror would hold the hash of one platform only.
terraform {
  # 1.9: validations that use more than one variable.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}
