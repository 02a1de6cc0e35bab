run "options" {
  command = plan

  variables {
    names = ["auth", "posts"]
    options = {
      "*"   = { path = "/identity/", tracing = "Active", vpc = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] } }
      posts = { vpc = null, layers = [], log_retention_days = 7 }
    }
  }

  assert {
    condition = (
      output.of["auth"].path == "/identity/"
      && output.of["auth"].vpc.subnet_ids[0] == "subnet-1"
      && output.of["auth"].layers == null
    )
    error_message = "What is for all does not reach a function: ${jsonencode(output.of["auth"])}"
  }

  assert {
    condition     = output.of["posts"].path == "/identity/" && output.of["posts"].vpc == null && output.of["posts"].log_retention_days == 7
    error_message = "A function's own member does not go before that for all: ${jsonencode(output.of["posts"])}"
  }

  assert {
    condition     = output.for_all.tracing == "Active" && output.for_all.log_class == null
    error_message = "for all: ${jsonencode(output.for_all)}"
  }

  # Each member is a variable of the module function: a member that is none would be lost on the way.
  assert {
    condition     = alltrue([for member in local.members : strcontains(file("../function/variables.tf"), "variable \"${member}\" {")])
    error_message = "A member is no variable of modules/function."
  }

  assert {
    condition = alltrue(flatten([for member in local.members : [
      for caller in ["triggers", "api-functions"] :
      can(regex("\n  ${member} += module.options.of\\[each.key\\].${member}\n", file("../${caller}/main.tf")))
    ]]))
    error_message = "A member does not reach the functions of modules/triggers or modules/api-functions."
  }
}
