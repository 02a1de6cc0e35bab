# The caller of an asynchronous function does not see it fail: Lambda retries, then leaves the event here.
resource "aws_sqs_queue" "dead_letters" {
  count = var.async ? 1 : 0

  name                              = "${local.function_name}-dead-letters"
  message_retention_seconds         = 1209600 # 14 days, the longest there is: time to notice
  sqs_managed_sse_enabled           = var.kms_key_arn == null ? true : null
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.kms_key_arn == null ? null : 300
  tags                              = var.tags
}

resource "aws_lambda_function_event_invoke_config" "this" {
  count = var.async ? 1 : 0

  function_name = aws_lambda_function.this.function_name
  qualifier     = local.alias.name

  # A code that arrives an hour late is useless.
  maximum_event_age_in_seconds = 3600
  maximum_retry_attempts       = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_letters[0].arn
    }
  }
}
