output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

output "dashboard_arn" {
  description = "ARN of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_arn
}

output "alarms" {
  description = "ARNs of all alarms by name."
  value       = { for a in local.all_alarms : a.alarm_name => a.arn }
}

output "alarm_names" {
  description = "Names of all alarms."
  value       = sort([for a in local.all_alarms : a.alarm_name])
}

output "alarm_arns" {
  description = "ARNs of all alarms, for a composite alarm or a deployment that watches them."
  value       = sort([for a in local.all_alarms : a.arn])
}

locals {
  all_alarms = concat(
    values(aws_cloudwatch_metric_alarm.errors), values(aws_cloudwatch_metric_alarm.throttles), values(aws_cloudwatch_metric_alarm.duration),
    values(aws_cloudwatch_metric_alarm.counter), values(aws_cloudwatch_metric_alarm.dead_letters), aws_cloudwatch_metric_alarm.api,
  )
}
