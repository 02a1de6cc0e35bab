mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
}

variables {
  name       = "watch-test"
  topic_arns = ["arn:aws:sns:eu-west-1:111122223333:alarms"]
  functions = {
    pre-sign-up          = { function_name = "ct-pre-sign-up", hook = "pre_sign_up" }
    post-confirmation    = { function_name = "ct-post-confirmation", hook = "post_confirmation" }
    pre-token-generation = { function_name = "ct-pre-token-generation", hook = "pre_token_generation" }
    custom-message       = { function_name = "ct-custom-message", hook = "custom_message" }
    email-sender = {
      function_name          = "ct-email-sender"
      hook                   = "custom_email_sender"
      dead_letter_queue_name = "ct-email-sender-dead-letters"
    }
    account = { function_name = "ct-account" }
  }
}

run "each_function_has_its_alarms" {
  variables {
    api         = { id = "api0000001" }
    runbook_url = "https://git.example.org/docs/runbook.md"
  }

  # The names are the code's: if a trigger calls its counter otherwise, the alarm would never ring.
  assert {
    condition = alltrue(flatten([for hook, counters in local.hook_counters : [for counter in counters : anytrue([
      for file in fileset("../../../triggers/${replace(hook, "_", "-")}", "*.go") :
      strcontains(file("../../../triggers/${replace(hook, "_", "-")}/${file}"), "\"${counter}\"")
      if !endswith(file, "_test.go")
    ])]]))
    error_message = "a counter of hook_counters is not counted by its trigger"
  }

  assert {
    condition = alltrue([for kind in ["errors", "throttles", "duration"] : alltrue([
      for name in keys(var.functions) : contains(output.alarm_names, "watch-test-${name}-${kind}")
    ])])
    error_message = "errors, throttles and duration for every function"
  }
  assert {
    condition = alltrue([
      for name in ["post-confirmation-ProfilesLost", "post-confirmation-MailsLost", "post-confirmation-GroupAddsFailed"] :
      contains(output.alarm_names, "watch-test-${name}")
    ])
    error_message = "what the post confirmation trigger can lose rings"
  }
  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.dead_letters) == ["email-sender"]
    error_message = "dead letters for asynchronous functions and no others"
  }
  assert {
    condition     = alltrue([for a in local.all_alarms : a.alarm_actions == toset(var.topic_arns) && a.ok_actions == toset(var.topic_arns)])
    error_message = "every alarm, and its end, is sent to the topics"
  }
  assert {
    condition     = alltrue([for a in local.all_alarms : a.treat_missing_data == "notBreaching"])
    error_message = "no data is no alarm: counters exist only when something was counted"
  }
  assert {
    condition     = alltrue([for a in local.all_alarms : length([for q in a.metric_query : q if length(q.metric) > 0]) <= 10])
    error_message = "CloudWatch takes at most 10 metrics into one alarm"
  }

  assert {
    condition = (
      one([for q in aws_cloudwatch_metric_alarm.errors["pre-sign-up"].metric_query : q.expression if q.return_data == true])
      == "errors - FILL(refused0, 0) - FILL(refused1, 0) - FILL(refused2, 0)"
    )
    error_message = "what the function refused on purpose is taken off"
  }

  assert {
    condition = one([
      for q in aws_cloudwatch_metric_alarm.errors["account"].metric_query : q.expression if q.return_data == true
    ]) == "errors"
    error_message = "a function without a hook has no refusals to take off"
  }

  assert {
    condition = alltrue([for a in aws_cloudwatch_metric_alarm.duration :
      a.extended_statistic == "p99" && a.threshold == 4000 && a.comparison_operator == "GreaterThanThreshold"
    ])
    error_message = "p99 above 4 s rings, since Cognito gives up at 5 s"
  }

  # The names below are the code's: if shared/emf or a trigger calls them otherwise, an alarm would never ring.
  assert {
    condition     = strcontains(file("${path.module}/../../../shared/emf/emf.go"), "const Namespace = \"${local.namespace}\"")
    error_message = "the namespace is not the one of shared/emf"
  }

  assert {
    condition = alltrue([
      for hook, sources in local.sources :
      alltrue([
        for source in sources : strcontains(file("${path.module}/../../../shared/cognito/source.go"), "\"${source}\"")
      ])
    ])
    error_message = "a trigger source is not one of shared/events"
  }

  assert {
    condition = (
      one(aws_cloudwatch_metric_alarm.api).namespace == "AWS/ApiGateway"
      && one(aws_cloudwatch_metric_alarm.api).metric_name == "5xx"
      && one(aws_cloudwatch_metric_alarm.api).dimensions == tomap({ ApiId = "api0000001" })
      && one(aws_cloudwatch_metric_alarm.api).threshold == 0
    )
    error_message = "answers of 500 and more ring"
  }

  assert {
    condition = strcontains(
      lower(file("${path.module}/../../../docs/runbook.md")),
      "\n## ${replace(split("#", one(aws_cloudwatch_metric_alarm.api).alarm_description)[1], "-", " ")}\n",
    )
    error_message = "docs/runbook.md lacks the heading of the API's alarm"
  }

  assert {
    condition = alltrue([for a in local.all_alarms :
      strcontains(lower(file("${path.module}/../../../docs/runbook.md")), "\n## ${replace(split("#", a.alarm_description)[1], "-", " ")}\n")
    ])
    error_message = "docs/runbook.md lacks the heading that an alarm's description points to"
  }

  assert {
    condition     = output.dashboard_name == "watch-test-eu-west-1"
    error_message = "dashboards are the account's: that of another Region must have another name, not ${output.dashboard_name}"
  }

  assert {
    condition = contains(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[0].properties.metrics, [
      "CognitoTriggers",
      "Duration",
      "FunctionName",
      "ct-pre-sign-up",
      "TriggerSource",
      "PreSignUp_SignUp",
      "Outcome",
      "answered",
      { label = "PreSignUp_SignUp", stat = "SampleCount" }
    ])
    error_message = "sign-ups are counted from the metrics line of pre-sign-up"
  }

  assert {
    condition     = alltrue([for a in local.all_alarms : strcontains(a.alarm_description, " https://git.example.org/docs/runbook.md#")])
    error_message = "an alarm's description links to what to do"
  }

  assert {
    condition     = toset(keys(output.alarms)) == toset(output.alarm_names) && length(output.alarm_names) > 20
    error_message = "alarms: ${join(", ", keys(output.alarms))}"
  }
}

run "rest_api" {
  command = plan

  variables { api = { name = "shop", stage = "live" } }

  assert {
    condition = (
      one(aws_cloudwatch_metric_alarm.api).metric_name == "5XXError"
      && one(aws_cloudwatch_metric_alarm.api).dimensions == tomap({ ApiName = "shop", Stage = "live" })
    )
    error_message = "answers of 500 and more of a REST API ring"
  }
  assert {
    condition = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets != [] && one([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.metrics
      if widget.properties.title == "REST API"
    ])[1] == ["AWS/ApiGateway", "4XXError", "ApiName", "shop", "Stage", "live", { label = "4XXError", stat = "Sum" }]
    error_message = "the dashboard shows another API"
  }
}

run "dashboard_without_functions" {
  command = plan

  variables {
    functions = {}
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets == []
    error_message = "no graph without metrics"
  }
}

run "own_counters" {
  command = plan

  variables {
    functions = { audit = { function_name = "ct-audit", hook = "post_authentication", counters = ["AuditsLost"] } }
  }
  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.counter) == ["audit-AuditsLost"]
    error_message = "a trigger of one's own rings on its own counters"
  }

  assert {
    condition     = alltrue([for a in local.all_alarms : strcontains(a.alarm_description, "See docs/runbook.md, section ")])
    error_message = "without an address, the description is no link, and names the section"
  }
}
