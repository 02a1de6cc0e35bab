# The functions of this repository: for each route who may call it, for each function the statements that its grants stand
# for and nothing more. Who opens a route to everybody says so here, too.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  api_path    = "../../../api"
  zips_path   = "./tests/fixtures/zips"
  user_pool = {
    id     = "eu-west-1_Pool00001"
    arn    = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool00001"
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001"
  }
  client_ids    = { app = "1client" }
  client        = "app"
  profile_table = { name = "profiles", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" }
  posts_table   = { name = "posts", arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/posts" }

  # A function that is added has no zip among the fixtures.
  functions = { for file in fileset("../../../api", "*/function.json") :
    dirname(file) => { enabled = false } if !fileexists("./tests/fixtures/zips/${dirname(file)}.zip")
  }
}

run "routes_of_this_repository" {
  assert {
    condition     = keys(output.functions) == ["auth", "posts"]
    error_message = "functions: ${join(", ", keys(output.functions))}"
  }

  assert {
    condition = toset(keys(aws_apigatewayv2_route.this)) == toset(flatten([
      for file in fileset("../../../api", "*/function.json") : jsondecode(file("../../../api/${file}")).routes[*].route
    ]))
    error_message = "the routes are those of the manifests: ${join(", ", keys(aws_apigatewayv2_route.this))}"
  }

  assert {
    condition = [for key, route in aws_apigatewayv2_route.this : key if route.authorization_type == "NONE"] == [
      "GET /post/{id}", "GET /posts", "POST /auth/challenge", "POST /auth/confirm", "POST /auth/forgot-password", "POST /auth/refresh",
      "POST /auth/resend", "POST /auth/reset-password", "POST /auth/sign-in", "POST /auth/sign-out", "POST /auth/sign-up",
    ]
    error_message = "open: ${join(", ", [for key, route in aws_apigatewayv2_route.this : key if route.authorization_type == "NONE"])}"
  }

  assert {
    condition = {
      for key, route in aws_apigatewayv2_route.this : key => join(" ", route.authorization_scopes)
      if route.authorization_type == "JWT"
      } == {
      "DELETE /auth/me"   = "aws.cognito.signin.user.admin"
      "GET /auth/me"      = "aws.cognito.signin.user.admin"
      "PATCH /auth/me"    = "aws.cognito.signin.user.admin"
      "DELETE /post/{id}" = "aws.cognito.signin.user.admin posts/write"
      "POST /post"        = "aws.cognito.signin.user.admin posts/write"
      "PUT /post/{id}"    = "aws.cognito.signin.user.admin posts/write"
    }
    error_message = "scopes: ${jsonencode({ for key, route in aws_apigatewayv2_route.this : key => route.authorization_scopes })}"
  }

  assert {
    condition = alltrue([for key, route in aws_apigatewayv2_route.this :
      route.authorizer_id == aws_apigatewayv2_authorizer.user_pool.id if route.authorization_type == "JWT"
    ])
    error_message = "A guarded route has no authorizer."
  }
}

run "statements" {
  assert {
    condition = { for name in ["auth", "posts"] : name => jsondecode(module.functions.policies[name]).Statement } == {
      auth = [
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/test-auth:*"]
        },
        { Sid = "ProfilesRead", Effect = "Allow", Action = ["dynamodb:GetItem"], Resource = [var.profile_table.arn] },
        {
          Sid      = "ProfilesWrite"
          Effect   = "Allow"
          Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource = [var.profile_table.arn]
        },
      ]
      posts = [
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/test-posts:*"]
        },
        { Sid = "PostsRead", Effect = "Allow", Action = ["dynamodb:GetItem", "dynamodb:Query"], Resource = [var.posts_table.arn] },
        {
          Sid      = "PostsWrite"
          Effect   = "Allow"
          Action   = ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource = [var.posts_table.arn]
        },
      ]
    }
    error_message = jsonencode({ for name, policy in module.functions.policies : name => jsondecode(policy).Statement })
  }

  # The operations of a user pool that a user calls need no permission of the function's: the token is the permission.
  assert {
    condition     = alltrue([for policy in module.functions.policies : !strcontains(policy, "cognito-idp:")])
    error_message = "A function of the API may call administrators' operations."
  }
}

run "sign_out_after_a_reset" {
  assert {
    condition = { for name, policy in module.functions.pool_policies : name => jsondecode(policy).Statement } == {
      auth = [{ Sid = "SignOut", Effect = "Allow", Action = ["cognito-idp:AdminUserGlobalSignOut"], Resource = [var.user_pool.arn] }]
    }
    error_message = jsonencode({ for name, policy in module.functions.pool_policies : name => policy })
  }
}

run "no_sign_out_after_a_reset" {
  variables {
    functions = { auth = { environment = { SIGN_OUT_AFTER_RESET = "false" } } }
  }

  assert {
    condition     = length(module.functions.pool_policies) == 0
    error_message = "a grant of a setting that is off: ${join(", ", keys(module.functions.pool_policies))}"
  }
}

run "settings_that_follow" {
  command = plan

  assert {
    condition = (
      module.functions.environments["auth"].USER_POOL_ID == var.user_pool.id
      && module.functions.environments["auth"].CLIENT_ID == "1client"
      && module.functions.environments["auth"].PROFILE_TABLE == "profiles"
    )
    error_message = "auth: ${jsonencode(module.functions.environments["auth"])}"
  }

  assert {
    condition     = module.functions.environments["posts"].POSTS_TABLE == "posts"
    error_message = "posts: ${jsonencode(module.functions.environments["posts"])}"
  }
}
