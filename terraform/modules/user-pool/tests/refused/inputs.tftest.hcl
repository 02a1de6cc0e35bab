# Inputs of the module that are refused at plan, and the message of each.
mock_provider "aws" {}

variables {
  name              = "test"
  custom_attributes = { tenant = { admin_only = true } }
}

run "admin_only_attribute_in_a_write_list" {
  # message: app_clients["app"].write_attributes: custom:tenant is admin-only. Remove it from the list, or admin_only from the attribute
  command = plan
  variables { app_clients = { app = { write_attributes = ["email", "custom:tenant"] } } }
}

run "unknown_form_of_issuer" {
  # message: issuer_type is "NEW": set ORIGINAL or UPDATED.
  command = plan
  variables { issuer_type = "NEW" }
}

run "verified_flag_in_a_write_list" {
  # message: app_clients["app"].write_attributes: take out email_verified. Only Cognito decides what is verified.
  command = plan
  variables { app_clients = { app = { write_attributes = ["email", "email_verified"] } } }
}

run "undeclared_attribute" {
  # message: app_clients["app"]: custom:role is neither a standard attribute nor one of custom_attributes. Declare it there
  command = plan
  variables { app_clients = { app = { read_attributes = ["email", "custom:role"] } } }
}

run "required_attribute_that_a_client_cannot_write" {
  # message: app_clients["app"].write_attributes lacks name.
  command = plan
  variables {
    required_attributes = ["name"]
    app_clients         = { app = {} }
  }
}

run "plain_http_callback" {
  # message: app_clients["web"].oauth: http://app.example.org/cb is neither https nor http://localhost
  command = plan
  variables { app_clients = { web = { oauth = { callback_urls = ["http://app.example.org/cb"] } } } }
}

run "implicit_flow" {
  # message: oauth.flow is "code" or "client_credentials". The implicit flow puts tokens into URLs
  command = plan
  variables { app_clients = { web = { oauth = { flow = "implicit" } } } }
}

run "scopes_of_users_for_a_service" {
  # message: oauth.flow "client_credentials" needs oauth.scopes of resource_servers, "identifier/scope", and no other
  command = plan
  variables { app_clients = { service = { generate_secret = true, oauth = { flow = "client_credentials" } } } }
}

run "flow_with_cognitos_prefix" {
  # message: app_clients: auth_flows may hold USER_SRP_AUTH, USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH, CUSTOM_AUTH, REFRESH_TOKEN_AUTH. Not among them: ALLOW_USER_SRP_AUTH.
  command = plan
  variables { app_clients = { app = { auth_flows = ["ALLOW_USER_SRP_AUTH"] } } }
}

run "mapping_of_an_admin_only_attribute" {
  # message: identity_providers["corp"].attribute_mapping: custom:tenant is admin-only. Cognito must let app clients write what a provider maps
  command = plan
  variables { identity_providers = { corp = { type = "SAML", metadata_url = "https://idp.example.org/m", attribute_mapping = { "custom:tenant" = "org" } } } }
}

run "provider_without_secret" {
  # message: identity_providers["Google"] lacks an entry in identity_provider_secrets.
  command = plan
  variables { identity_providers = { Google = { type = "Google", client_id = "g", authorize_scopes = "openid", attribute_mapping = {} } } }
}

run "new_event_version_on_a_lite_pool" {
  # message: lambda_config: event version V2_0 needs feature_plan ESSENTIALS or PLUS, and the plan is LITE. Raise the plan, or set event_version V1_0
  command = plan
  variables {
    feature_plan  = "LITE"
    lambda_config = { pre_token_generation_config = { lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:claims", lambda_version = "V2_0" } }
  }
}

run "inbound_federation" {
  # message: lambda_config.inbound_federation: the AWS provider cannot attach this trigger, and each of its updates to the pool detaches it.
  command = plan
  variables { lambda_config = { inbound_federation = { lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:in", lambda_version = "V1_0" } } }
}

run "key_without_sender" {
  # message: lambda_config.kms_key_id is only for custom senders, and there is none: remove it.
  command = plan
  variables { lambda_config = { kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1" } }
}

run "no_auth_flow" {
  # message: app_clients: auth_flows is empty for web. Cognito takes an empty list for USER_SRP_AUTH, CUSTOM_AUTH and REFRESH_TOKEN_AUTH
  command = plan
  variables { app_clients = { web = { auth_flows = [] } } }
}

run "user_auth_on_lite" {
  # message: app_clients: the flow USER_AUTH of web needs feature_plan ESSENTIALS or PLUS, and the plan is LITE.
  command = plan
  variables {
    feature_plan = "LITE"
    app_clients  = { web = { auth_flows = ["USER_AUTH"] } }
  }
}

run "unknown_scope" {
  # message: app_clients["web"].oauth.scopes: orders/delete is neither a scope of Cognito's nor one of resource_servers
  command = plan
  variables {
    resource_servers = { orders = { scopes = { read = "See orders" } } }
    app_clients      = { web = { oauth = { scopes = ["openid", "orders/delete", "orders/read"], callback_urls = ["https://app.example.org/"] } } }
  }
}

run "reserved_word_in_a_domain" {
  # message: domain.prefix is "my-cognito-pages": use 1 to 63 lower-case letters, digits and dashes
  command = plan
  variables { domain = { prefix = "my-cognito-pages" } }
}

run "capital_in_a_domain" {
  # message: domain.prefix is "Shop": use 1 to 63 lower-case letters, digits and dashes
  command = plan
  variables { domain = { prefix = "Shop" } }
}

run "certificate_of_another_region" {
  # message: domain.certificate_arn is "arn:aws:acm:eu-west-1:111122223333:certificate/x": CloudFront serves the domain
  command = plan
  variables { domain = { custom = "sign-in.example.org", certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x" } }
}

run "managed_login_on_lite" {
  # message: domain.managed_login_version 2 needs feature_plan ESSENTIALS or PLUS, and the plan is LITE.
  command = plan
  variables {
    feature_plan = "LITE"
    domain       = { prefix = "shop", managed_login_version = 2 }
  }
}

run "lengths_the_wrong_way_round" {
  # message: custom_attributes: 0 <= min_length <= max_length <= 2048 and min_value <= max_value, which does not hold for: code, long, size.
  command = plan
  variables {
    custom_attributes = {
      code = { min_length = 9, max_length = 8 }
      long = { max_length = 2049 }
      size = { type = "Number", min_value = 2, max_value = 1 }
      fine = { type = "Number", min_value = 1 }
    }
  }
}

run "mapping_to_an_immutable_attribute" {
  # message: identity_providers["corp"].attribute_mapping: custom:badge, custom:nobody is neither a standard attribute nor one of custom_attributes that is mutable.
  command = plan
  variables {
    custom_attributes  = { badge = { mutable = false } }
    identity_providers = { corp = { type = "SAML", metadata_url = "https://idp.example.org/", attribute_mapping = { email = "mail", "custom:badge" = "badge", "custom:nobody" = "x" } } }
  }
}
