# Every alarm watches the unqualified function, the sum of its versions and aliases. Missing data is good: functions report
# counters and errors only if there are any.

# A trigger refuses by returning an error, which Lambda counts. So the alarm subtracts refusals, as counted by the functions;
# what remains are failures, panics, timeouts and processes that did not start.
locals {
  # A link, or words by which the section is found.
  runbook = var.runbook_url == null ? "See docs/runbook.md, section " : "${var.runbook_url}#"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = var.functions

  alarm_name          = "${var.name}-${each.key}-errors"
  alarm_description   = "${each.value.function_name} fails (refusals not counted). ${local.runbook}errors"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topic_arns
  ok_actions          = var.topic_arns
  tags                = var.tags

  metric_query {
    id          = "failures"
    label       = "Errors other than refusals"
    expression  = join(" - ", concat(["errors"], [for i, source in local.function_sources[each.key] : "FILL(refused${i}, 0)"]))
    return_data = true
  }
  metric_query {
    id = "errors"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      dimensions  = { FunctionName = each.value.function_name }
      stat        = "Sum"
      period      = 300
    }
  }
  dynamic "metric_query" {
    for_each = local.function_sources[each.key]
    content {
      id = "refused${metric_query.key}"
      metric {
        namespace   = local.namespace
        metric_name = "Duration"
        dimensions  = { FunctionName = each.value.function_name, TriggerSource = metric_query.value, Outcome = "rejected" }
        stat        = "SampleCount"
        period      = 300
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  for_each = var.functions

  alarm_name = "${var.name}-${each.key}-throttles"
  alarm_description = join(" ", [
    "${each.value.function_name} is throttled:",
    "${each.value.hook == null ? "requests" : "sign-ups or sign-ins"} fail.",
    "${local.runbook}throttles",
  ])
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = each.value.function_name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topic_arns
  ok_actions          = var.topic_arns
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "duration" {
  for_each = var.functions

  alarm_name = "${var.name}-${each.key}-duration"
  alarm_description = join(" ", [
    "${each.value.function_name}: p99 above ${var.duration_p99_ms}",
    "ms${each.value.hook == null ? "" : ", and Cognito waits 5000"}. ${local.runbook}duration",
  ])
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = { FunctionName = each.value.function_name }
  extended_statistic  = "p99"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.duration_p99_ms
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2 # with little traffic p99 is the one slowest call, which is not a trend
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topic_arns
  ok_actions          = var.topic_arns
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "counter" {
  for_each = local.counters

  alarm_name = "${var.name}-${each.key}"
  alarm_description = join(" ", [
    "${each.value.function_name}:",
    "${lookup(local.counter_meanings, each.value.counter, "counted ${each.value.counter}")}.",
    "${local.runbook}${lower(each.value.counter)}",
  ])
  namespace           = local.namespace
  metric_name         = each.value.counter
  dimensions          = { FunctionName = each.value.function_name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topic_arns
  ok_actions          = var.topic_arns
  tags                = var.tags
}

locals {
  # By hook, if there is one: whether a queue exists must be known before its name.
  asynchronous = {
    for name, f in var.functions : name => f
    if contains(["custom_email_sender", "custom_sms_sender"], coalesce(f.hook, "none"))
  }
}

# Nobody waits for an asynchronous function. Failed events are in its queue, or could not even be put there.
resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = local.asynchronous

  alarm_name          = "${var.name}-${each.key}-dead-letters"
  alarm_description   = "${each.value.function_name} gave up on events: users wait for a message. ${local.runbook}dead-letters"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topic_arns
  ok_actions          = var.topic_arns
  tags                = var.tags

  metric_query {
    id          = "dead"
    label       = "Events in the queue, or on no way into it"
    expression  = "FILL(queued, 0) + FILL(undeliverable, 0)"
    return_data = true
  }
  metric_query {
    id = "queued"
    metric {
      namespace   = "AWS/SQS"
      metric_name = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = each.value.dead_letter_queue_name }
      stat        = "Maximum"
      period      = 300
    }
  }
  metric_query {
    id = "undeliverable"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "DestinationDeliveryFailures"
      dimensions  = { FunctionName = each.value.function_name }
      stat        = "Sum"
      period      = 300
    }
  }
}

locals {
  # Both kinds of API have metrics in one namespace, with other names and dimensions. A REST API has a name, which is known
  # at plan, where an HTTP API has an id.
  rest           = try(var.api.name, null) != null
  api_metrics    = local.rest ? { failures = "5XXError", refusals = "4XXError" } : { failures = "5xx", refusals = "4xx" }
  api_dimensions = local.rest ? { ApiName = var.api.name, Stage = var.api.stage } : { ApiId = try(var.api.id, null) }
}

# A function of the API answers its failures with 500, which Lambda does not count as errors.
resource "aws_cloudwatch_metric_alarm" "api" {
  count = var.api == null ? 0 : 1

  alarm_name          = "${var.name}-api-errors"
  alarm_description   = "The API answers with a status of 500 or more. ${local.runbook}api-errors"
  namespace           = "AWS/ApiGateway"
  metric_name         = local.api_metrics.failures
  dimensions          = local.api_dimensions
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topic_arns
  ok_actions          = var.topic_arns
  tags                = var.tags
}
