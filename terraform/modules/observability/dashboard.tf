data "aws_region" "current" {}

locals {
  # Calls by function, trigger source and outcome.
  calls = { for outcome in ["answered", "rejected", "failed", "panicked"] : outcome => flatten([
    for name, f in var.functions : [for source in local.function_sources[name] : {
      hook   = f.hook
      source = source
      metric = [local.namespace, "Duration", "FunctionName", f.function_name, "TriggerSource", source, "Outcome", outcome, {
        stat = "SampleCount", label = outcome == "failed" || outcome == "panicked" ? "${source} ${outcome}" : source
      }]
    }]
  ]) }

  graphs = [
    {
      title = "Sign-ups"
      metrics = [for c in local.calls.answered : c.metric if c.hook == "pre_sign_up" || c.source == "PostConfirmation_ConfirmSignUp"
      ]
    },
    { title = "Sign-ins and refreshes", metrics = [for c in local.calls.answered : c.metric if c.hook == "pre_token_generation"] },
    { title = "Refusals", metrics = [for c in local.calls.rejected : c.metric] },
    { title = "Failures", metrics = [for c in concat(local.calls.failed, local.calls.panicked) : c.metric] },
    {
      title = "Lost or left out"
      metrics = [for c in local.counters : [
        local.namespace, c.counter, "FunctionName", c.function_name, { stat = "Sum", label = "${c.counter} (${c.name})" }
      ]]
    },
    {
      title = "Duration, p99 in ms"
      metrics = [for name, f in var.functions : [
        "AWS/Lambda", "Duration", "FunctionName", f.function_name, { stat = "p99", label = name }
      ]]
    },
    {
      title = local.rest ? "REST API" : "HTTP API"
      metrics = [
        for name in ["Count", local.api_metrics.refusals, local.api_metrics.failures] : concat(
          ["AWS/ApiGateway", name],
          flatten([for dimension, value in local.api_dimensions : [dimension, value]]),
          [{ stat = "Sum", label = name }],
        )
        if var.api != null
      ]
    },
  ]

  log_groups = [for f in var.functions : coalesce(f.log_group_name, "/aws/lambda/${f.function_name}")]

  # The rule that refused a sign-up is a property of the metrics line, not a dimension: a metric per rule would cost more.
  refusals_query = join(" | ", concat([for group in local.log_groups : "SOURCE '${group}'"], [
    "filter Outcome = \"rejected\"", "stats count(*) as refusals by TriggerSource, RefusedBy", "sort refusals desc",
  ]))

  widgets = concat(
    # CloudWatch refuses a graph without metrics.
    [for i, graph in [for g in local.graphs : g if length(g.metrics) > 0] : {
      type = "metric", x = (i % 2) * 12, y = floor(i / 2) * 6, width = 12, height = 6
      properties = {
        title = graph.title, region = data.aws_region.current.id, view = "timeSeries", period = 300, metrics = graph.metrics
      }
    }],
    length(var.functions) == 0 ? [] : [{
      type = "log", x = 0, y = ceil(length([for g in local.graphs : g if length(g.metrics) > 0]) / 2) * 6, width = 24, height = 6
      properties = {
        title = "Refusals by rule", region = data.aws_region.current.id, view = "table", query = local.refusals_query
      }
    }],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${var.name}-${data.aws_region.current.id}" # dashboards are the account's, alarms a Region's
  dashboard_body = jsonencode({ widgets = local.widgets })
}
