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
  # message: app_clients["web"].oauth: http://app.example.org/cb is neither https, nor http://localhost, nor an app's own scheme
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
  # message: app_clients: auth_flows may hold USER_SRP_AUTH, USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH,
  #   CUSTOM_AUTH, REFRESH_TOKEN_AUTH. Not among them: ALLOW_USER_SRP_AUTH.
  command = plan
  variables { app_clients = { app = { auth_flows = ["ALLOW_USER_SRP_AUTH"] } } }
}

run "mapping_of_an_admin_only_attribute" {
  # message: identity_providers["corp"].attribute_mapping: custom:tenant is admin-only. Cognito must let app clients
  #   write what a provider maps
  command = plan
  variables {
    identity_providers = {
      corp = {
        type              = "SAML"
        metadata_url      = "https://idp.example.org/m"
        attribute_mapping = { "custom:tenant" = "org" }
      }
    }
  }
}

run "provider_without_secret" {
  # message: identity_providers["Google"] lacks an entry in identity_provider_secrets.
  command = plan
  variables { identity_providers = { Google = { type = "Google", client_id = "g", authorize_scopes = "openid", attribute_mapping = {} } } }
}

run "new_event_version_on_a_lite_pool" {
  # message: lambda_config: event version V2_0 needs feature_plan ESSENTIALS or PLUS, and the plan is LITE. Raise the
  #   plan, or set event_version V1_0
  command = plan
  variables {
    feature_plan = "LITE"
    lambda_config = {
      pre_token_generation_config = {
        lambda_arn     = "arn:aws:lambda:eu-west-1:111122223333:function:claims"
        lambda_version = "V2_0"
      }
    }
  }
}

run "inbound_federation" {
  # message: lambda_config.inbound_federation: the AWS provider cannot attach this trigger, and each of its updates to the pool detaches it.
  command = plan
  variables {
    lambda_config = { inbound_federation = { lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:in", lambda_version = "V1_0" } }
  }
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
    app_clients = {
      web = {
        oauth = {
          scopes        = ["openid", "orders/delete", "orders/read"]
          callback_urls = ["https://app.example.org/"]
        }
      }
    }
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
  # message: identity_providers["corp"].attribute_mapping: custom:badge, custom:nobody is neither a standard attribute
  #   nor one of custom_attributes that is mutable.
  command = plan
  variables {
    custom_attributes = { badge = { mutable = false } }
    identity_providers = {
      corp = {
        type              = "SAML"
        metadata_url      = "https://idp.example.org/"
        attribute_mapping = { email = "mail", "custom:badge" = "badge", "custom:nobody" = "x" }
      }
    }
  }
}

# Wrong values of several inputs at once: each is refused by its own validation.
run "values_that_are_none" {
  # message: sign_in.alias_attributes: locale is none of email, phone_number and preferred_username.
  # message: sign_in.username_attributes: name is neither email nor phone_number.
  # message: sign_in: a pool has username_attributes (in place of a user name) or alias_attributes (besides one), not both.
  # message: auto_verified_attributes: locale is neither email nor phone_number.
  # message: account_recovery: by_post is none of verified_email, verified_phone_number and admin_only.
  # message: account_recovery: name each way once, and admin_only alone.
  # message: custom_auth_threat_protection is "SOME": set AUDIT, ENFORCED or null.
  # message: custom_attributes: locale is a standard attribute, which every pool has
  # message: domain.managed_login_version is 3: set 1 (classic pages) or 2 (managed login).
  # message: groups: precedence is a number from 1 on, the lowest for the group that wins; the provider takes 0 for none. Not so for: staff.
  command = plan
  variables {
    sign_in                       = { alias_attributes = ["locale"], username_attributes = ["name"] }
    auto_verified_attributes      = ["locale"]
    account_recovery              = ["by_post", "admin_only"]
    custom_auth_threat_protection = "SOME"
    custom_attributes             = { locale = {} }
    domain                        = { prefix = "people", managed_login_version = 3 }
    groups                        = { staff = { precedence = 0 } }
  }
}

run "values_beside_others" {
  # message: attributes_require_verification_before_update: phone_number is not among auto_verified_attributes
  # message: mfa_factors: FAX is none of TOTP, SMS and EMAIL.
  # message: allowed_first_auth_factors: FACE is none of PASSWORD, EMAIL_OTP, SMS_OTP and WEB_AUTHN.
  # message: allowed_first_auth_factors lacks PASSWORD, which Cognito requires: add it.
  command = plan
  variables {
    attributes_require_verification_before_update = ["phone_number"]
    mfa_factors                                   = ["TOTP", "FAX"]
    allowed_first_auth_factors                    = ["FACE"]
  }
}

run "what_the_rest_does_not_allow" {
  # message: mfa_factors and sms_configuration contradict each other
  # message: mfa_factors has EMAIL, which needs ses_identity and feature_plan ESSENTIALS or PLUS.
  # message: mfa_factors has EMAIL, and account_recovery has the e-mail address alone.
  # message: allowed_first_auth_factors: factors besides PASSWORD need feature_plan ESSENTIALS or PLUS, and the plan is LITE.
  # message: allowed_first_auth_factors has SMS_OTP, which needs sms_configuration.
  # message: allowed_first_auth_factors has WEB_AUTHN, which needs passkeys.
  # message: allowed_first_auth_factors: with mfa = "ON", Cognito takes PASSWORD alone
  # message: auto_verified_attributes has phone_number, which needs sms_configuration to send the codes.
  # message: password_policy.password_history_size needs feature_plan ESSENTIALS or PLUS, and the plan is LITE.
  # message: custom_auth_threat_protection needs threat_protection AUDIT or ENFORCED, which is OFF.
  # message: risk_configuration needs threat_protection AUDIT or ENFORCED, which is OFF.
  # message: risk_configuration: nobody is neither ALL nor one of app_clients.
  # message: risk_configuration: an entry needs account_takeover, compromised_credentials, blocked_ip_ranges or skipped_ip_ranges.
  # message: ui_customization needs a domain.
  # message: ui_customization: nobody is neither ALL nor one of app_clients.
  # message: ui_customization: an entry needs css or image_file.
  # message: messages.invitation: email_message and sms_message need {username} and {####}, the temporary password.
  command = plan
  variables {
    feature_plan                  = "LITE"
    mfa                           = "ON"
    mfa_factors                   = ["SMS", "EMAIL"]
    allowed_first_auth_factors    = ["PASSWORD", "SMS_OTP", "WEB_AUTHN"]
    auto_verified_attributes      = ["phone_number"]
    password_policy               = { password_history_size = 3 }
    custom_auth_threat_protection = "AUDIT"
    risk_configuration            = { nobody = {} }
    ui_customization              = { nobody = {} }
    messages                      = { invitation = { email_message = "Welcome, {username}" } }
  }
}

run "passkeys_without_a_domain" {
  # message: passkeys.user_verification is "maybe": set required or preferred.
  # message: passkeys.relying_party_id is null, and there is no domain to take it from
  # message: mfa_factors is empty, and mfa is OPTIONAL: name a factor, or set mfa = "OFF".
  # message: risk_configuration: account_takeover's actions are BLOCK, MFA_IF_CONFIGURED, MFA_REQUIRED and NO_ACTION.
  # message: risk_configuration: compromised_credentials has the action BLOCK or NO_ACTION
  # message: risk_configuration: not a range like 192.0.2.0/24: everywhere.
  command = plan
  variables {
    feature_plan      = "PLUS"
    threat_protection = "ENFORCED"
    passkeys          = { user_verification = "maybe" }
    mfa_factors       = []
    risk_configuration = { ALL = {
      account_takeover = {
        high = { action = "CALL" }
        mail = { source_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org" }
      }
      compromised_credentials = { action = "CALL" }
      blocked_ip_ranges       = ["everywhere"]
    } }
  }
}

run "contradictions_of_a_client" {
  # message: app_clients: validity is a whole number with seconds, minutes, hours or days, for example "2 hours". Not so: 2h.
  # message: app_clients: refresh_token_rotation of web excludes the flow REFRESH_TOKEN_AUTH, which is in the default of auth_flows
  # message: app_clients: enable_propagate_additional_user_context_data of web needs generate_secret = true.
  # message: app_clients: prevent_user_existence_errors is ENABLED, or LEGACY for a client that may tell whether a user exists.
  # message: app_clients: oauth.default_redirect_uri of web is not one of its callback_urls.
  command = plan
  variables {
    app_clients = { web = {
      validity                                      = { access_token = "2h" }
      refresh_token_rotation                        = {}
      enable_propagate_additional_user_context_data = true
      prevent_user_existence_errors                 = "NONE"
      oauth = {
        callback_urls        = ["https://app.example.org/"]
        default_redirect_uri = "https://app.example.org"
      }
    } }
  }
}

run "lifetimes_and_urls_of_a_client" {
  # message: app_clients["web"], lifetimes of tokens: the access token's is 25 hours, and Cognito takes 5 minutes to 1
  #   days; the ID token's is 299 seconds, and Cognito takes 5 minutes to 1 days; the refresh token's is 10 minutes, and
  #   Cognito takes 60 minutes to 3650 days; the refresh token's 10 minutes are shorter than the access token's or the
  #   ID token's.
  # message: app_clients["web"].oauth: http://app.example.org/, http://localhost.example.org/,
  #   https://a@app.example.org/, javascript://alert, shop://signed-in#here is neither https
  # message: app_clients["web"].auth_session_validity is 20: use 3 to 15 minutes.
  # message: app_clients["web"].refresh_token_rotation.retry_grace_period_seconds is 61: use 0 to 60 seconds.
  command = plan
  variables {
    app_clients = { web = {
      auth_flows             = ["USER_SRP_AUTH"]
      auth_session_validity  = 20
      refresh_token_rotation = { retry_grace_period_seconds = 61 }
      validity               = { access_token = "25 hours", id_token = "299 seconds", refresh_token = "10 minutes" }
      oauth = { callback_urls = [
        "https://app.example.org/",
        "http://localhost:3000/",
        "http://127.0.0.1/",
        "http://[::1]:8080/x",
        "shop://signed-in",
        "org.example.shop:/signed-in",
        "http://app.example.org/",
        "http://localhost.example.org/",
        "https://a@app.example.org/",
        "javascript://alert",
        "shop://signed-in#here",
      ] }
    } }
  }
}

run "beyond_the_limits_of_the_pool" {
  # message: name is "A/B": use 1 to 128 letters, digits, blanks and _+=,.@-.
  # message: password_policy.password_history_size is 25: use 0 to 24.
  # message: password_policy.temporary_password_validity_days is 366: use 0 to 365 days.
  # message: custom_attributes, with the pool's own, together is 51: use at most 50 custom attributes.
  # message: ses_identity.reply_to is "nobody": use an address without blanks, name@example.org.
  # message: ses_identity.configuration_set is "my set": use 1 to 64 letters, digits, _ and -.
  # message: messages.verification.email_subject has 141 characters: use 1 to 140 characters.
  # message: messages.verification.sms_message is "Your code": use 6 to 140 characters with {####}, which stands for the code.
  # message: messages.verification.email_message_by_link is "Click here": use 6 to 20000 characters with {##words##},
  #   which stands for the link.
  # message: tags["team"] has 257 characters: use at most 256 characters.
  command = plan
  variables {
    name              = "A/B"
    password_policy   = { password_history_size = 25, temporary_password_validity_days = 366 }
    custom_attributes = { for n in range(51) : "a${n}" => {} }
    ses_identity = {
      arn               = "arn:aws:ses:eu-west-1:111122223333:identity/example.org"
      from              = "a@example.org"
      reply_to          = "nobody"
      configuration_set = "my set"
    }
    messages = { verification = {
      email_subject         = format("%141s", "x")
      sms_message           = "Your code"
      email_message_by_link = "Click here"
    } }
    tags = { team = format("%257s", "x") }
  }
}

run "beyond_the_limits_of_groups_and_risks" {
  # message: groups, the name old hands is "old hands": use 1 to 128 letters, digits and signs without blanks.
  # message: groups["old hands"].description has 2049 characters: use at most 2048 characters.
  # message: groups["old hands"].role_arn is "staff": use an ARN of 20 to 2048 characters.
  # message: risk_configuration["ALL"].account_takeover.mail.block.html_body is "No": use 6 to 20000 characters.
  command = plan
  variables {
    feature_plan      = "PLUS"
    threat_protection = "ENFORCED"
    groups            = { "old hands" = { description = format("%2049s", "x"), role_arn = "staff" } }
    risk_configuration = { ALL = { account_takeover = { mail = {
      source_arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org"
      block      = { subject = "No", html_body = "No", text_body = "Sign-in refused" }
    } } } }
  }
}

run "beyond_the_limits_of_servers_and_providers" {
  # message: resource_servers, the identifier or ders is "or ders": use 1 to 256 of the printable ASCII characters
  # message: resource_servers["or ders"].name is "a/b": use 1 to 256 letters, digits, blanks and _+=,.@-.
  # message: resource_servers["or ders"].scopes, the name a/b is "a/b": use 1 to 256 of the printable ASCII characters
  # message: resource_servers["or ders"].scopes["a/b"] is "": use a description of 1 to 256 characters.
  # message: identity_providers["corp"].idp_identifiers, exa/mple is "exa/mple": use 1 to 40 letters, digits, blanks and _+=.@-.
  command = plan
  variables {
    resource_servers = { "or ders" = { name = "a/b", scopes = { "a/b" = "" } } }
    identity_providers = {
      corp = {
        type              = "SAML"
        metadata_url      = "https://idp.example.org/m"
        attribute_mapping = {}
        idp_identifiers   = ["exa/mple"]
      }
    }
  }
}

run "beyond_the_limits_of_clients" {
  # message: app_clients, the name we/b is "we/b": use 1 to 128 letters, digits, blanks and _+=,.@-.
  # message: app_clients["we/b"].oauth.callback_urls is 101: use at most 100 URLs.
  command = plan
  variables { app_clients = { "we/b" = { oauth = { callback_urls = [for n in range(101) : "https://app.example.org/${n}"] } } } }
}

run "two_attributes_of_one_name" {
  # message: The pool eu-west-1_Qk7Lm2XyZ has custom:nickname beside a standard attribute of that name. The provider confuses the two
  command = plan
  variables { adopted_user_pool_id = "eu-west-1_Qk7Lm2XyZ" }
  override_data {
    target = data.aws_cognito_user_pool.adopted[0]
    values = { schema_attributes = [
      {
        name                         = "nickname"
        attribute_data_type          = "String"
        mutable                      = true
        required                     = false
        developer_only_attribute     = false
        string_attribute_constraints = []
        number_attribute_constraints = []
      },
      {
        name                         = "custom:nickname"
        attribute_data_type          = "String"
        mutable                      = true
        required                     = false
        developer_only_attribute     = false
        string_attribute_constraints = []
        number_attribute_constraints = []
      },
    ] }
  }
}
