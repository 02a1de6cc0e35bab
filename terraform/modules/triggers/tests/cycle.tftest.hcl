# One module owns the pool and its triggers. Terraform refuses to plan at all where they go round in a circle.
mock_provider "aws" {
  source = "../../tests/mocks"
}

run "first_plan" {
  command = plan

  module {
    source = "./tests/fixtures/pool"
  }

  assert {
    condition = length(setsubtract(
      ["custom-message", "post-confirmation", "pre-sign-up", "pre-token-generation"],
      keys(output.functions),
    )) == 0
    error_message = "functions of the plan: ${join(", ", keys(output.functions))}"
  }
}

run "apply" {
  module {
    source = "./tests/fixtures/pool"
  }

  assert {
    condition     = one(output.lambda_config).pre_sign_up == output.functions.pre-sign-up.alias_arn
    error_message = "The pool calls another function than the alias."
  }

  assert {
    condition     = one(one(output.lambda_config).pre_token_generation_config).lambda_version == "V2_0"
    error_message = "The pool sends another version than the manifest says."
  }
}
