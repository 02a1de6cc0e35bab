# Code that is in S3.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  name        = "welcome"
  manifest    = "./tests/fixtures/trigger.json"
  s3 = {
    bucket         = "zips"
    key            = "shop/welcome/one.zip"
    object_version = "v1"
    sha256         = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  }
}

run "in_s3" {
  command = plan

  assert {
    condition = (
      aws_lambda_function.this.s3_bucket == "zips"
      && aws_lambda_function.this.s3_key == "shop/welcome/one.zip"
      && aws_lambda_function.this.s3_object_version == "v1"
      && aws_lambda_function.this.source_code_hash == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
      && aws_lambda_function.this.filename == null
    )
    error_message = "The code is not the object's: ${jsonencode(var.s3)}"
  }
}
