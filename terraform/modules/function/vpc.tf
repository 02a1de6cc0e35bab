# What Lambda needs of the role to put a function into a VPC. The function's own code must not use it: the second statement
# refuses these calls to the function, and Lambda makes its own outside of it. See
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
locals {
  vpc_statements = [
    # Descriptions have no resources, and Lambda wants to delete any of its interfaces.
    {
      Sid = "NetworkInterfaces", Effect = "Allow", Resource = ["*"], Action = [
        "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
      ]
    },
    {
      Sid = "NotByTheFunction", Effect = "Deny", Resource = ["*"], Action = [
        "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets", "ec2:DetachNetworkInterface", "ec2:UnassignPrivateIpAddresses",
      ]
      Condition = {
        ArnEquals = {
          "lambda:SourceFunctionArn" = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${local.function_name}"
        }
      }
    },
  ]
}

resource "aws_iam_role_policy" "vpc" {
  #checkov:skip=CKV_AWS_290:EC2 has no resources for these actions that are known before Lambda makes the interfaces
  #checkov:skip=CKV_AWS_355:the same
  count = var.vpc == null ? 0 : 1

  name   = "vpc"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.vpc_statements })
}
