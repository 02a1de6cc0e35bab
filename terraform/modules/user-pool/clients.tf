resource "aws_cognito_user_pool_client" "this" {
  for_each = var.app_clients

  name         = each.key
  user_pool_id = aws_cognito_user_pool.this.id
  # The provider does not import it, and would replace the client for any other value.
  generate_secret = each.value.imported ? null : each.value.generate_secret

  prevent_user_existence_errors                 = each.value.prevent_user_existence_errors
  enable_token_revocation                       = true
  enable_propagate_additional_user_context_data = each.value.enable_propagate_additional_user_context_data
  auth_session_validity                         = each.value.auth_session_validity

  explicit_auth_flows = [for flow in each.value.auth_flows : "ALLOW_${flow}"]
  read_attributes     = each.value.read_attributes
  write_attributes    = each.value.write_attributes # left out, Cognito lets the client write every standard attribute

  access_token_validity  = local.validity[each.key].access_token.number
  id_token_validity      = local.validity[each.key].id_token.number
  refresh_token_validity = local.validity[each.key].refresh_token.number
  token_validity_units {
    access_token  = local.validity[each.key].access_token.unit
    id_token      = local.validity[each.key].id_token.unit
    refresh_token = local.validity[each.key].refresh_token.unit
  }
  dynamic "refresh_token_rotation" {
    for_each = each.value.refresh_token_rotation[*]
    content {
      feature                    = "ENABLED"
      retry_grace_period_seconds = refresh_token_rotation.value.retry_grace_period_seconds
    }
  }

  supported_identity_providers = [
    for name in each.value.identity_providers : try(aws_cognito_identity_provider.this[name].provider_name, name)
  ]
  # [] and not null: with null, the provider keeps the value of an earlier apply.
  allowed_oauth_flows_user_pool_client = each.value.oauth != null
  allowed_oauth_flows                  = each.value.oauth == null ? [] : [each.value.oauth.flow]
  allowed_oauth_scopes                 = each.value.oauth == null ? [] : each.value.oauth.scopes
  callback_urls                        = try(each.value.oauth.callback_urls, [])
  logout_urls                          = try(each.value.oauth.logout_urls, [])
  default_redirect_uri                 = try(each.value.oauth.default_redirect_uri, null)

  # Scopes are plain strings, so Terraform sees no dependency.
  depends_on = [aws_cognito_resource_server.this]

  lifecycle {
    precondition {
      condition     = length(local.beyond_limits["client ${each.key}"]) == 0
      error_message = join("\n", local.beyond_limits["client ${each.key}"])
    }
    precondition {
      condition     = length(setintersection(each.value.write_attributes, local.admin_only_attributes)) == 0
      error_message = <<-EOT
        app_clients["${each.key}"].write_attributes:
        ${join(", ", setintersection(each.value.write_attributes, local.admin_only_attributes))} is admin-only. Remove it from
        the list, or admin_only from the attribute: whoever can write an attribute decides the claims made from it.
      EOT
    }
    precondition {
      condition     = length(setintersection(each.value.write_attributes, local.verified_attributes)) == 0
      error_message = <<-EOT
        app_clients["${each.key}"].write_attributes: take out
        ${join(", ", setintersection(each.value.write_attributes, local.verified_attributes))}. Only Cognito decides what is
        verified.
      EOT
    }
    precondition {
      condition     = length(each.value.write_attributes) > 0 && length(each.value.read_attributes) > 0
      error_message = <<-EOT
        app_clients["${each.key}"]: read_attributes and write_attributes must not be empty, because Cognito takes an empty list
        for every standard attribute.
      EOT
    }
    precondition {
      condition     = length(setsubtract(setunion(each.value.read_attributes, each.value.write_attributes), local.known_attributes)) == 0
      error_message = <<-EOT
        app_clients["${each.key}"]:
        ${join(", ", setsubtract(setunion(each.value.read_attributes, each.value.write_attributes), local.known_attributes))} is
        neither a standard attribute nor one of custom_attributes. Declare it there, and write it "custom:name" here.
      EOT
    }
    precondition {
      condition     = length(setsubtract(local.needed_writes[each.key], each.value.write_attributes)) == 0
      error_message = <<-EOT
        app_clients["${each.key}"].write_attributes lacks
        ${join(", ", setsubtract(local.needed_writes[each.key], each.value.write_attributes))}. Cognito fails sign-ups or
        sign-ins if a client cannot write a required attribute or one that its identity providers map.
      EOT
    }
    precondition {
      condition     = length(setsubtract(each.value.identity_providers, concat(["COGNITO"], keys(var.identity_providers)))) == 0
      error_message = <<-EOT
        app_clients["${each.key}"].identity_providers:
        ${join(", ", setsubtract(each.value.identity_providers, concat(["COGNITO"], keys(var.identity_providers))))} is neither
        COGNITO nor one of identity_providers.
      EOT
    }
    precondition {
      condition     = each.value.oauth == null ? true : length(setsubtract(each.value.oauth.scopes, local.scopes)) == 0
      error_message = <<-EOT
        app_clients["${each.key}"].oauth.scopes: ${join(", ", setsubtract(try(each.value.oauth.scopes, []), local.scopes))} is
        neither a scope of Cognito's nor one of resource_servers, "identifier/scope".
      EOT
    }
    precondition {
      condition     = length(local.insecure_urls[each.key]) == 0
      error_message = <<-EOT
        app_clients["${each.key}"].oauth: ${join(", ", local.insecure_urls[each.key])} is neither https, nor http://localhost,
        nor an app's own scheme, or holds a user part or a fragment.
      EOT
    }
    precondition {
      condition     = length(local.wrong_lifetimes[each.key]) == 0
      error_message = "app_clients[\"${each.key}\"], lifetimes of tokens: ${join("; ", local.wrong_lifetimes[each.key])}."
    }
  }
}

resource "aws_cognito_user_group" "this" {
  for_each = var.groups

  name         = each.key
  user_pool_id = aws_cognito_user_pool.this.id
  description  = each.value.description
  precedence   = each.value.precedence
  role_arn     = each.value.role_arn

  lifecycle {
    precondition {
      condition     = length(local.groups_beyond_limits[each.key]) == 0
      error_message = join("\n", local.groups_beyond_limits[each.key])
    }
  }
}

resource "aws_cognito_user_pool_domain" "this" {
  count = var.domain == null ? 0 : 1

  domain                = coalesce(var.domain.custom, var.domain.prefix)
  certificate_arn       = var.domain.certificate_arn
  managed_login_version = var.domain.managed_login_version
  user_pool_id          = aws_cognito_user_pool.this.id
}

resource "aws_cognito_resource_server" "this" {
  for_each = var.resource_servers

  identifier   = each.key
  name         = local.server_names[each.key]
  user_pool_id = aws_cognito_user_pool.this.id

  dynamic "scope" {
    for_each = each.value.scopes
    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.beyond_limits["server ${each.key}"]) == 0
      error_message = join("\n", local.beyond_limits["server ${each.key}"])
    }
  }
}
