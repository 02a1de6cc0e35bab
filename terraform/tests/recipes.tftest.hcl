# The settings that docs/recipes/hosted-sign-in.md shows are taken as they stand there.
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
