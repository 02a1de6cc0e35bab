# The API's own domain.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  api_path    = "./tests/fixtures/api"
  zips_path   = "./tests/fixtures/zips"
  user_pool = {
    id     = "eu-west-1_Pool00001"
    arn    = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001"
  }
  client_ids    = { app = "1client" }
  client        = "app"
  profile_table = { name = "profiles", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  posts_table   = { name = "posts", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/posts" }
}

run "custom_domain" {
  variables { custom_domain = { name = "api.example.org", certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x" } }

  assert {
    condition = alltrue([for one in aws_apigatewayv2_domain_name.this[0].domain_name_configuration : (
      one.security_policy == "TLS_1_2" && one.certificate_arn == var.custom_domain.certificate_arn
    )])
    error_message = "the domain has its certificate, and speaks nothing older than TLS 1.2"
  }
  assert {
    condition = (
      aws_apigatewayv2_api_mapping.this[0].domain_name == "api.example.org"
      && aws_apigatewayv2_api_mapping.this[0].api_id == aws_apigatewayv2_api.this.id
      && aws_apigatewayv2_api_mapping.this[0].stage == "$default"
    )
    error_message = "the domain leads to the API"
  }
  assert {
    condition     = output.custom_domain_target.name == aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name
    error_message = "the output says where the DNS record points to"
  }
}
