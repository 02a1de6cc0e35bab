# What callers call. Either Terraform moves the alias, at once and with each apply that publishes a version; or it makes the
# alias and then leaves it alone, because CodeDeploy or a person moves it step by step. ignore_changes takes no condition, so
# these are two resources, and they have two names: callers change from one alias to the other as from one function to
# another, the new one first. With one name, the second could only be made after the first is gone.
resource "aws_lambda_alias" "this" {
  count = var.gradual_deployment ? 0 : 1

  name             = var.alias_name
  description      = "The version that callers use"
  function_name    = aws_lambda_function.this.function_name
  function_version = coalesce(var.alias_version, aws_lambda_function.this.version)

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_alias" "gradual" {
  count = var.gradual_deployment ? 1 : 0

  name             = "${var.alias_name}-gradual"
  description      = "The version that callers use; moved by deployments, not by Terraform"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version # of the first apply

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [function_version, routing_config]
  }
}

locals {
  alias = one(concat(aws_lambda_alias.this, aws_lambda_alias.gradual))
}
