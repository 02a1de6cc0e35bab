data "aws_region" "current" {}

resource "aws_cognito_identity_pool" "this" {
  identity_pool_name               = var.name
  allow_unauthenticated_identities = var.guest_access
  allow_classic_flow               = false # the classic flow lets a caller choose the role and skips the session policy
  tags                             = var.tags

  dynamic "cognito_identity_providers" {
    for_each = var.client_ids
    content {
      client_id               = cognito_identity_providers.value
      provider_name           = var.user_pool_endpoint
      server_side_token_check = true # a user who is disabled or signed out everywhere gets no new credentials
    }
  }
}

locals {
  # The roles with their policies. Guests only have one if guest_access is on.
  policies = merge({ authenticated = var.authenticated_policies }, var.guest_access ? { unauthenticated = var.guest_policies } : {})
  grants = merge(
    [
      for kind, documents in local.policies :
      { for name, document in documents : "${kind}/${name}" => { kind = kind, name = name, document = document } }
    ]...
  )

  # Without the audience every identity pool of every account could take the role; without amr, guests could take the users' role.
  trust = { for kind in ["authenticated", "unauthenticated"] : kind => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "cognito-identity.amazonaws.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals             = { "cognito-identity.amazonaws.com:aud" = aws_cognito_identity_pool.this.id }
        "ForAnyValue:StringLike" = { "cognito-identity.amazonaws.com:amr" = kind }
      }
    }]
  }) }
}

# A role grants what its policies say; without any it grants nothing.
resource "aws_iam_role" "this" {
  for_each = local.policies

  name = "${var.name}-${each.key}-${data.aws_region.current.id}" # roles are the account's, pools a Region's
  description = (
    each.key == "authenticated"
    ? "Signed-in users of the identity pool ${var.name}"
    : "Guests of the identity pool ${var.name}"
  )
  assume_role_policy = local.trust[each.key]
  path               = var.path
  tags               = var.tags

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "this" {
  for_each = local.grants

  name   = each.value.name
  role   = aws_iam_role.this[each.value.kind].id
  policy = each.value.document
}

resource "aws_cognito_identity_pool_roles_attachment" "this" {
  identity_pool_id = aws_cognito_identity_pool.this.id
  roles            = { for kind, role in aws_iam_role.this : kind => role.arn }

  dynamic "role_mapping" {
    for_each = var.role_mapping == null ? {} : var.client_ids
    content {
      identity_provider         = "${var.user_pool_endpoint}:${role_mapping.value}"
      type                      = var.role_mapping.type
      ambiguous_role_resolution = var.role_mapping.ambiguous

      dynamic "mapping_rule" {
        for_each = var.role_mapping.rules
        content {
          claim      = "cognito:groups"
          match_type = "Contains"
          value      = mapping_rule.value.group
          role_arn   = mapping_rule.value.role_arn
        }
      }
    }
  }
}
