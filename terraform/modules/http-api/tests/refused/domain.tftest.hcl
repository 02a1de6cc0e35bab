# Domains that are refused at plan, and the message of each.
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

run "certificate_of_another_region" {
  # message: custom_domain.certificate_arn is "arn:aws:acm:us-east-1:111122223333:certificate/x": an HTTP API takes
  #   certificates of its own Region only
  command = plan
  variables { custom_domain = { name = "api.example.org", certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/x" } }
}

run "no_domain" {
  # message: custom_domain.name is "https://api.example.org": write a domain in lower case
  command = plan
  variables { custom_domain = { name = "https://api.example.org", certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x" } }
}
