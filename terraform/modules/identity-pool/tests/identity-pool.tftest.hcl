mock_provider "aws" {
  mock_resource "aws_cognito_identity_pool" {
    defaults = { id = "eu-west-1:11111111-2222-3333-4444-555555555555" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/some" }
  }
}

variables {
  name               = "identity-test"
  user_pool_endpoint = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ"
  client_ids         = { app = "client1", web = "client2" }
}

run "defaults" {
  assert {
    condition     = !aws_cognito_identity_pool.this.allow_unauthenticated_identities
    error_message = "guests get no credentials unless somebody lets them"
  }
  assert {
    condition = (
      keys(aws_iam_role.this) == ["authenticated"]
      && toset(keys(aws_cognito_identity_pool_roles_attachment.this.roles)) == toset(["authenticated"])
      && output.guest_role_arn == null
    )
    error_message = "without guest access there is no guest role"
  }
  assert {
    condition     = !aws_cognito_identity_pool.this.allow_classic_flow
    error_message = "the classic flow is off"
  }
  assert {
    condition = (
      length(aws_cognito_identity_pool.this.cognito_identity_providers) == 2
      && alltrue([for p in aws_cognito_identity_pool.this.cognito_identity_providers : p.server_side_token_check])
    )
    error_message = "tokens of each client are checked with the user pool"
  }
  assert {
    condition     = length(aws_iam_role_policy.this) == 0
    error_message = "nothing is granted by default"
  }
  assert {
    condition     = length(aws_cognito_identity_pool_roles_attachment.this.role_mapping) == 0
    error_message = "no role mapping unless asked for"
  }
}

run "trust" {
  variables {
    guest_access         = true
    path                 = "/teams/identity/"
    permissions_boundary = "arn:aws:iam::111122223333:policy/workloads"
    tags                 = { team = "identity" }
    role_mapping         = { type = "Token" }
    authenticated_policies = {
      own-files = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::files/*" }]
      })
    }
  }
  assert {
    condition = alltrue([for kind, role in aws_iam_role.this : jsondecode(role.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Federated = "cognito-identity.amazonaws.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals             = { "cognito-identity.amazonaws.com:aud" = "eu-west-1:11111111-2222-3333-4444-555555555555" }
        "ForAnyValue:StringLike" = { "cognito-identity.amazonaws.com:amr" = kind }
      }
    }]])
    error_message = "a role trusts this pool alone, and its own kind of user alone"
  }
  assert {
    condition = alltrue([
      for mapping in aws_cognito_identity_pool_roles_attachment.this.role_mapping :
      mapping.type == "Token" && mapping.ambiguous_role_resolution == "Deny"
    ]) && length(aws_cognito_identity_pool_roles_attachment.this.role_mapping) > 0
    error_message = "who has no clear role gets none"
  }
  assert {
    condition = (
      keys(aws_iam_role.this) == ["authenticated", "unauthenticated"]
      && aws_cognito_identity_pool.this.allow_unauthenticated_identities
    )
    error_message = "guests have a role of their own"
  }

  assert {
    condition = (
      keys(aws_iam_role_policy.this) == ["authenticated/own-files"]
      && aws_iam_role_policy.this["authenticated/own-files"].policy == var.authenticated_policies["own-files"]
    )
    error_message = "a role has exactly the policies that it was given"
  }

  assert {
    condition = toset([for m in aws_cognito_identity_pool_roles_attachment.this.role_mapping : m.identity_provider]) == toset([
      "${var.user_pool_endpoint}:client1",
      "${var.user_pool_endpoint}:client2",
    ])
    error_message = "each client's tokens are mapped"
  }

  assert {
    condition = alltrue([for role in aws_iam_role.this :
      role.path == var.path && role.permissions_boundary == var.permissions_boundary && role.tags == var.tags
    ]) && aws_cognito_identity_pool.this.tags == var.tags
    error_message = "a role has no boundary, no tags or another path"
  }
}

run "roles_by_rules" {
  variables {
    role_mapping = {
      type = "Rules"
      rules = [
        { group = "admins", role_arn = "arn:aws:iam::111122223333:role/admins" },
        { group = "members", role_arn = "arn:aws:iam::111122223333:role/members" },
      ]
    }
  }
  assert {
    condition = alltrue([
      for m in aws_cognito_identity_pool_roles_attachment.this.role_mapping :
      m.mapping_rule[0] == {
        claim      = "cognito:groups"
        match_type = "Contains"
        value      = "admins"
        role_arn   = "arn:aws:iam::111122223333:role/admins"
      }
    ])
    error_message = "a rule gives the group's members its role"
  }
}
