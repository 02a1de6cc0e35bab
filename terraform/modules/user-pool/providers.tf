resource "aws_cognito_identity_provider" "this" {
  for_each = var.identity_providers

  user_pool_id  = aws_cognito_user_pool.this.id
  provider_name = each.key
  provider_type = each.value.type
  # null and not []: Cognito returns no empty list.
  idp_identifiers   = length(each.value.idp_identifiers) > 0 ? each.value.idp_identifiers : null
  attribute_mapping = merge(local.username_mapping[each.value.type], each.value.attribute_mapping)

  provider_details = merge(local.provider_details[each.key], each.value.type == "SAML" ? {} : {
    (each.value.type == "SignInWithApple" ? "private_key" : "client_secret") = lookup(var.identity_provider_secrets, each.key, null)
  })

  lifecycle {
    # Cognito reads these from SAML metadata, and never returns Apple's key.
    ignore_changes = [
      provider_details["ActiveEncryptionCertificate"],
      provider_details["SLORedirectBindingURI"],
      provider_details["SSORedirectBindingURI"],
      provider_details["private_key"],
    ]
    # A new Apple key replaces the provider, which does not affect users.
    replace_triggered_by = [terraform_data.apple[each.key]]

    precondition {
      condition     = length(local.beyond_limits["provider ${each.key}"]) == 0
      error_message = join("\n", local.beyond_limits["provider ${each.key}"])
    }
    precondition {
      condition     = length(local.missing[each.key]) == 0
      error_message = "identity_providers[\"${each.key}\"] lacks ${join(", ", local.missing[each.key])}."
    }
    precondition {
      condition     = length(setsubtract(keys(each.value.attribute_mapping), local.mappable_attributes)) == 0
      error_message = <<-EOT
        identity_providers["${each.key}"].attribute_mapping:
        ${join(", ", setsubtract(keys(each.value.attribute_mapping), local.mappable_attributes))} is neither a standard
        attribute nor one of custom_attributes that is mutable. Write a custom one as "custom:name"; Cognito fails each sign-in
        after the first that would change an immutable one.
      EOT
    }
    precondition {
      condition     = length(setintersection(keys(each.value.attribute_mapping), local.admin_only_attributes)) == 0
      error_message = <<-EOT
        identity_providers["${each.key}"].attribute_mapping:
        ${join(", ", setintersection(keys(each.value.attribute_mapping), local.admin_only_attributes))} is admin-only. Cognito
        must let app clients write what a provider maps, so map it to another attribute.
      EOT
    }
  }
}

# A fingerprint, because Cognito never returns the key to compare with. Other types have an empty one, since Terraform fails
# where replace_triggered_by finds no instance.
resource "terraform_data" "apple" {
  for_each = var.identity_providers

  input = each.value.type != "SignInWithApple" ? null : nonsensitive(sha256(jsonencode([
    local.provider_details[each.key], lookup(var.identity_provider_secrets, each.key, null),
  ])))
}
