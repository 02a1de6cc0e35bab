# An account and Region has one role for the logs of all its REST APIs.
resource "aws_iam_role" "logs" {
  count = var.account_role ? 1 : 0

  name_prefix = "${substr(var.name_prefix, 0, 31)}-apigw-"
  description = "API Gateway writes the logs of this account's REST APIs with it"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "apigateway.amazonaws.com" } }]
  })
  tags = var.tags
}

# The actions and resources of AWS's policy AmazonAPIGatewayPushToCloudWatchLogs: API Gateway refuses a role that has less.
# As a policy of the role's own, since attaching one would need more rights of the role that applies.
resource "aws_iam_role_policy" "logs" {
  #checkov:skip=CKV_AWS_290:API Gateway refuses a role that may write fewer logs
  #checkov:skip=CKV_AWS_355:the same
  count = var.account_role ? 1 : 0

  name = "logs"
  role = aws_iam_role.logs[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Resource = "*"
      Action = [
        "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
        "logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents",
      ]
    }]
  })
}

resource "aws_api_gateway_account" "this" {
  count = var.account_role ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.logs[0].arn

  depends_on = [aws_iam_role_policy.logs]
}
