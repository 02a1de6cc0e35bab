# The API's own domain, beside the address that API Gateway gives it.
data "aws_region" "of_domain" {}

locals {
  # The name of this data source's attribute differs between 5.x and 6.x of the provider, and id is in both.
  region = data.aws_region.of_domain.id
}

resource "aws_apigatewayv2_domain_name" "this" {
  count = var.custom_domain == null ? 0 : 1

  domain_name = var.custom_domain.name
  tags        = var.tags

  domain_name_configuration {
    certificate_arn = var.custom_domain.certificate_arn
    endpoint_type   = "REGIONAL" # the only one of HTTP APIs
    security_policy = "TLS_1_2"
  }

  lifecycle {
    precondition {
      condition     = can(regex("^arn:[^:]+:acm:${local.region}:[0-9]{12}:certificate/", var.custom_domain.certificate_arn))
      error_message = <<-EOT
        custom_domain.certificate_arn is "${var.custom_domain.certificate_arn}": an HTTP API takes certificates of its own
        Region only, arn:aws:acm:${local.region}:…:certificate/….
      EOT
    }
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = var.custom_domain == null ? 0 : 1

  api_id      = aws_apigatewayv2_api.this.id
  domain_name = aws_apigatewayv2_domain_name.this[0].domain_name
  stage       = aws_apigatewayv2_stage.default.name
}
