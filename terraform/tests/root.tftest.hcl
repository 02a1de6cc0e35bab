# The root module with the settings of pool.auto.tfvars.json as they are. What each module does with its inputs is tested
# beside it; here, that the inputs arrive.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  live_user_pool_id = "eu-west-1_Pool00001" # of the mocks
}

run "another_name" {
  command = plan

  variables {
    name             = "shop"
    app_clients      = jsondecode(file("local.tfvars.json")).app_clients
    resource_servers = jsondecode(file("local.tfvars.json")).resource_servers
    api              = jsondecode(file("local.tfvars.json")).api
    function_options = {
      "*"         = { path = "/identity/" }
      pre-sign-up = { gradual_deployment = true }
      posts       = { gradual_deployment = true }
    }
  }

  assert {
    condition = (
      output.functions["pre-sign-up"].alias_name == "live-gradual" && output.functions["post-confirmation"].alias_name == "live"
      && output.api_functions["posts"].alias_name == "live-gradual" && output.api_functions["auth"].alias_name == "live"
    )
    error_message = "options do not reach their functions"
  }

  assert {
    condition = (
      module.user_pool.name == "shop"
      && output.profile_table == "shop-profiles"
      && alltrue([for name, function in output.functions : function.function_name == "shop-${name}"])
    )
    error_message = <<-EOT
      names: ${module.user_pool.name}, ${output.profile_table},
      ${join(", ", [for function in values(output.functions) : function.function_name])}
    EOT
  }
}

run "settings_as_they_are" {
  assert {
    condition = (
      module.user_pool.name == "cognito-triggers"
      && output.profile_table == "cognito-triggers-profiles"
      && output.functions["pre-sign-up"].function_name == "cognito-triggers-pre-sign-up"
    )
    error_message = "names: ${module.user_pool.name}, ${output.profile_table}, ${output.functions["pre-sign-up"].function_name}"
  }

  assert {
    condition = (
      keys(output.client_ids) == keys(jsondecode(file("pool.auto.tfvars.json")).app_clients)
      && toset(module.user_pool.group_names) == toset(keys(jsondecode(file("pool.auto.tfvars.json")).groups))
    )
    error_message = "clients ${join(", ", keys(output.client_ids))}, groups ${join(", ", module.user_pool.group_names)}"
  }

  assert {
    condition     = module.user_pool.admin_only_attributes == tolist(["custom:tenant"])
    error_message = "admin-only: ${join(", ", module.user_pool.admin_only_attributes)}"
  }

  # Every trigger that is there, but for the one that needs an SES identity.
  assert {
    condition = toset(keys(output.functions)) == setsubtract(
      [for file in fileset("../triggers", "*/function.json") : dirname(file)],
      concat(["custom-message"], [for name, options in var.triggers : name if options.enabled == false]),
    )
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }

  assert {
    condition = alltrue([for function in values(output.functions) : anytrue([
      try(module.triggers.lambda_config[function.hook] == function.alias_arn, false),
      try(module.triggers.lambda_config[function.hook].lambda_arn == function.alias_arn, false),
    ])])
    error_message = "lambda_config: ${jsonencode(module.triggers.lambda_config)}"
  }

  assert {
    condition = alltrue([
      for name in keys(output.functions) : contains(module.observability.alarm_names, "cognito-triggers-${name}-errors")
    ])
    error_message = "alarms: ${join(", ", module.observability.alarm_names)}"
  }

  assert {
    condition     = module.triggers.lambda_config.custom_message == null && module.user_pool.email_sending_account == "COGNITO_DEFAULT"
    error_message = "Without an SES identity Cognito refuses the texts of custom-message."
  }
}

run "with_an_ses_identity" {
  variables { ses_identity = { arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org", from = "Example <hello@example.org>" } }

  assert {
    condition = (
      module.triggers.lambda_config.custom_message == output.functions["custom-message"].alias_arn
      && module.user_pool.email_sending_account == "DEVELOPER"
    )
    error_message = "custom-message is not attached to a pool that sends through SES."
  }
}

run "identity_providers" {
  command = plan

  variables {
    app_clients = {
      app = {
        auth_flows         = ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]
        identity_providers = ["COGNITO", "Workforce"]
        write_attributes   = ["email", "name"]
      }
    }
    identity_providers = {
      Workforce = {
        type              = "OIDC"
        issuer            = "https://sign-in.example.org"
        client_id         = "shop"
        authorize_scopes  = "openid email"
        attribute_mapping = { email = "email", name = "name" }
      }
    }
    identity_provider_secrets = { Workforce = "not-a-secret" }
    domain                    = { prefix = "shop-people" }
    resource_servers          = { orders = { scopes = { read = "See orders" } } }
  }

  assert {
    condition     = output.domain == "shop-people" && module.user_pool.mapped_attributes == tolist(["email", "name"])
    error_message = "domain ${coalesce(output.domain, "none")}, mapped ${join(", ", module.user_pool.mapped_attributes)}"
  }
}

# The demo, as `make deploy VAR_FILE=terraform/local.tfvars.json` has it.
run "http_api" {
  variables {
    app_clients      = jsondecode(file("local.tfvars.json")).app_clients
    resource_servers = jsondecode(file("local.tfvars.json")).resource_servers
    api              = jsondecode(file("local.tfvars.json")).api
  }

  assert {
    condition = (
      keys(output.api_functions) == [for file in fileset("../api", "*/function.json") : dirname(file)]
      && output.posts_table == "cognito-triggers-posts"
    )
    error_message = "functions of the API: ${join(", ", keys(output.api_functions))}; posts in ${output.posts_table}"
  }

  assert {
    condition = alltrue([
      for name in concat(keys(output.api_functions), ["api"]) :
      contains(module.observability.alarm_names, "cognito-triggers-${name}-errors")
    ])
    error_message = "alarms: ${join(", ", module.observability.alarm_names)}"
  }

  assert {
    condition     = output.api_endpoint == module.http_api[0].endpoint && output.api_id == module.http_api[0].id
    error_message = "endpoint: ${output.api_endpoint}"
  }

  assert {
    condition     = module.http_api[0].issuer == output.issuer && toset(module.http_api[0].audience) == toset(values(output.client_ids))
    error_message = "tokens of ${module.http_api[0].issuer} for ${join(", ", module.http_api[0].audience)}"
  }
}

run "rest_api" {
  variables {
    app_clients      = jsondecode(file("local.tfvars.json")).app_clients
    resource_servers = jsondecode(file("local.tfvars.json")).resource_servers
    api              = { kind = "REST", account_role = true }
    only_triggers    = ["pre-sign-up"]
    triggers         = {}
  }

  assert {
    condition = (
      length(module.http_api) == 0
      && keys(output.api_functions) == [for file in fileset("../api", "*/function.json") : dirname(file)]
      && output.posts_table == "cognito-triggers-posts"
    )
    error_message = "functions of the API: ${join(", ", keys(output.api_functions))}; posts in ${output.posts_table}"
  }

  assert {
    condition = (
      output.api_id == module.rest_api[0].id
      && output.api_endpoint == module.rest_api[0].endpoint
      && output.api_arn == module.rest_api[0].arn
      && output.api_execution_arn == module.rest_api[0].execution_arn
      && output.api_access_log_group.name == module.rest_api[0].access_log_group_name
      && output.api_custom_domain_target == null && contains(keys(output.tables), "posts")
    )
    error_message = "outputs of another API: ${output.api_endpoint}"
  }

  assert {
    condition = alltrue([
      for name in concat(keys(output.api_functions), ["api"]) :
      contains(module.observability.alarm_names, "cognito-triggers-${name}-errors")
    ])
    error_message = "alarms: ${join(", ", module.observability.alarm_names)}"
  }

  assert {
    condition     = keys(output.functions) == ["pre-sign-up"]
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }
}

# There is no user behind a service's token.
run "clients_of_services" {
  variables {
    app_clients = {
      app     = { auth_flows = ["USER_PASSWORD_AUTH"] }
      web     = {}
      reports = { generate_secret = true, oauth = { flow = "client_credentials", scopes = ["orders/read"] } }
    }
    resource_servers = { orders = { scopes = { read = "See orders" } } }
    domain           = { prefix = "shop-people" }
    api              = {}
  }

  assert {
    condition     = toset(module.http_api[0].audience) == toset([output.client_ids.app, output.client_ids.web])
    error_message = "tokens of services are taken"
  }
}

run "chosen_clients" {
  variables {
    app_clients = { app = { auth_flows = ["USER_PASSWORD_AUTH"] }, web = {} }
    api         = { app_clients = ["app"] }
  }

  assert {
    condition     = module.http_api[0].audience == tolist([output.client_ids.app])
    error_message = "tokens of other clients than those chosen are taken"
  }
}

run "updated_issuer" {
  variables {
    issuer_type      = "UPDATED"
    app_clients      = jsondecode(file("local.tfvars.json")).app_clients
    resource_servers = jsondecode(file("local.tfvars.json")).resource_servers
    api              = {}
  }

  assert {
    condition     = output.issuer == "https://issuer-${module.user_pool.endpoint}" && module.http_api[0].issuer == output.issuer
    error_message = "issuer: ${output.issuer}, the API takes ${module.http_api[0].issuer}"
  }
}

run "other_issuer" {
  variables {
    token_issuer_base = "http://127.0.0.1:9229"
    app_clients       = jsondecode(file("local.tfvars.json")).app_clients
    resource_servers  = jsondecode(file("local.tfvars.json")).resource_servers
    api               = {}
  }

  assert {
    condition     = module.http_api[0].issuer == "http://127.0.0.1:9229/${output.user_pool_id}"
    error_message = "issuer: ${module.http_api[0].issuer}"
  }
}

# A bare apply: no API, and no flow that sends a password.
run "bare" {
  command = plan

  assert {
    condition = (
      length(module.http_api) == 0
      && length(module.posts) == 0
      && output.api_id == null
      && output.api_endpoint == null
      && output.api_functions == null
      && output.posts_table == null
    )
    error_message = "Something of the API is there."
  }

  assert {
    condition = alltrue([
      for client in values(var.app_clients) : toset(client.auth_flows) == toset(["USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"])
    ])
    error_message = "flows: ${jsonencode(var.app_clients)}"
  }
}

# A protected system refuses the end of these tests, too.
run "unprotected_at_the_end" {
  variables { deletion_protection = false }

  assert {
    condition     = length(terraform_data.name) == 0
    error_message = "Without protection another name is allowed."
  }
}
