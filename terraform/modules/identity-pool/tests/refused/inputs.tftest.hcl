# Inputs of the module that are refused at plan, and the message of each.
mock_provider "aws" {
  source = "../../tests/mocks"
}

run "inputs" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: name is "our people": use 1 to 33 letters, digits and + = , . @ _ -
      name = { name = "our people" }

      # message: user_pool_endpoint is "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ": write
      #   cognito-idp.<region>.amazonaws.com/<pool id>, without https://
      endpoint = { user_pool_endpoint = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ" }

      # message: client_ids is empty: name at least one app client, or nobody can get credentials.
      no_client = { client_ids = {} }

      # message: client_ids: the app: write the ids of app clients by their names.
      client = { client_ids = { app = "the app" } }

      # message: authenticated_policies: write IAM documents in JSON
      policy = { authenticated_policies = { files = "s3:GetObject" } }

      # message: guest_policies: write IAM documents in JSON
      # message: guest_policies is set while guest_access is off: turn guest_access on, or leave the policies out.
      guests = { guest_policies = { files = "{}" } }

      # message: role_mapping.type is Token or Rules.
      # message: role_mapping.ambiguous is Deny or AuthenticatedRole.
      mapping = { role_mapping = { type = "Groups", ambiguous = "Allow" } }

      # message: role_mapping.rules has 1 to 25 entries if the type is Rules, and none if it is Token.
      no_rule = { role_mapping = { type = "Rules" } }

      # message: role_mapping.rules: each needs a group of 1 to 128 characters and the ARN of a role
      no_role = { role_mapping = { type = "Rules", rules = [{ group = "admins", role_arn = "admins" }] } }

      # message: role_mapping.rules: a group's name is part of another's or listed twice
      matching_rules = {
        role_mapping = {
          type = "Rules"
          rules = [
            { group = "admins", role_arn = "arn:aws:iam::111122223333:role/a" },
            { group = "not-admins", role_arn = "arn:aws:iam::111122223333:role/b" },
          ]
        }
      }

      # message: path "teams": begin and end it with a slash
      path = { path = "teams" }

      # message: permissions_boundary "workloads" is not the ARN of a policy
      boundary = { permissions_boundary = "workloads" }

      # message: tags: AWS takes 50 tags
      tags = { tags = { "aws:team" = "identity" } }
    }
  }
}
