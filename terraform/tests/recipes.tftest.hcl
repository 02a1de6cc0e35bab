# The settings that docs/recipes/hosted-sign-in.md and load-balancer.md show are taken as they stand there.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "managed_login" {
  command = plan

  variables {
    domain = jsondecode(regex("(?s)```json\n(.*?)```", file("../docs/recipes/hosted-sign-in.md"))[0]).domain
    app_clients = merge(
      jsondecode(file("pool.auto.tfvars.json")).app_clients,
      jsondecode(regex("(?s)```json\n(.*?)```", file("../docs/recipes/hosted-sign-in.md"))[0]).app_clients,
    )
    identity_providers = jsondecode(regex("(?s)```json\n(.*?)```", file("../docs/recipes/hosted-sign-in.md"))[0]).identity_providers
    triggers = merge(
      jsondecode(file("pool.auto.tfvars.json")).triggers,
      jsondecode(regex("(?s)```json\n(.*?)```", file("../docs/recipes/hosted-sign-in.md"))[0]).triggers,
    )

    identity_provider_secrets = { Google = "not-a-real-one", AcmeOkta = "not-a-real-one" }

    live_user_pool_id = "eu-west-1_Pool00001" # of the mocks
  }

  assert {
    condition = (
      length(var.identity_providers) == 2
      && var.app_clients["web"].oauth.flow == "code"
      && contains(keys(output.client_ids), "web")
      && contains(keys(output.client_ids), "app")
    )
    error_message = "clients ${join(", ", keys(output.client_ids))}, providers ${join(", ", keys(var.identity_providers))}"
  }
}

run "load_balancer_settings" {
  command = plan

  variables {
    domain = jsondecode(regex("(?s)```json\n(.*?)```", file("../docs/recipes/load-balancer.md"))[0]).domain
    app_clients = merge(
      jsondecode(file("pool.auto.tfvars.json")).app_clients,
      jsondecode(regex("(?s)```json\n(.*?)```", file("../docs/recipes/load-balancer.md"))[0]).app_clients,
    )

    live_user_pool_id = "eu-west-1_Pool00001" # of the mocks
  }

  assert {
    condition = (
      var.app_clients["alb"].generate_secret
      && one(var.app_clients["alb"].oauth.callback_urls) == "https://shop.example.org/oauth2/idpresponse"
      && contains(keys(output.client_ids), "alb")
    )
    error_message = "the app client of the load balancer: ${join(", ", keys(output.client_ids))}"
  }
}

run "load_balancer" {
  command = plan

  module {
    source = "./tests/load-balancer"
  }

  variables {
    vpc_id            = "vpc-0123456789abcdef0"
    public_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
    user_pool_arn     = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
    user_pool_domain  = "example-sign-in"
    client_id         = "4fmvht22tjrgd7d3k3tghttct7"
  }

  assert {
    condition = aws_lb_listener.https.port == 443 && strcontains(
      file("../docs/recipes/load-balancer.md"), "```hcl\n${file("tests/load-balancer/main.tf")}```\n",
    )
    error_message = "docs/recipes/load-balancer.md does not show tests/load-balancer/main.tf as it is"
  }

  assert {
    condition = (
      aws_lb_listener.https.protocol == "HTTPS"
      && [for action in aws_lb_listener.https.default_action : action.type] == ["authenticate-cognito", "forward"]
      && aws_lb_listener.https.default_action[0].authenticate_cognito[0].on_unauthenticated_request == "authenticate"
    )
    error_message = "the listener does not sign users in before it forwards"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.targets.cidr_ipv4 == null
    error_message = "others than the load balancer reach the targets"
  }
}
