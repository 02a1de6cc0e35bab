# An account and Region has one role for the logs of all its REST APIs.
data "aws_partition" "current" {
  count = var.account_role ? 1 : 0
}

resource "aws_iam_role" "logs" {
  count = var.account_role ? 1 : 0

  name_prefix = "${substr(var.name_prefix, 0, 26)}-apigw-logs"
  description = "API Gateway writes the logs of this account's REST APIs with it"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "apigateway.amazonaws.com" } }]
  })
  tags = var.tags
}

resource "aws_iam_role_policy_attachment" "logs" {
  count = var.account_role ? 1 : 0

  role       = aws_iam_role.logs[0].name
  policy_arn = "arn:${data.aws_partition.current[0].partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "this" {
  count = var.account_role ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.logs[0].arn

  depends_on = [aws_iam_role_policy_attachment.logs]
}
