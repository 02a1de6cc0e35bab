# No lock file stands beside a module: the root module that uses it locks the provider, for its own platforms. A lock file
# written with a local mirror would hold the hash of one platform only.
terraform {
  # 1.9: validations that look at more than one variable.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}
