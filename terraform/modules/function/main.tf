# One Lambda function from its manifest and its zip, with a role that can do what the manifest's grants say. It takes no
# user pool: a pool names its triggers, so a trigger whose role named the pool would be a cycle. The owner of both adds the
# statements that name the pool to the role afterwards, as modules/triggers does.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  function_name = "${var.name_prefix}-${var.name}"
  environment   = merge(local.defaults, var.environment, local.table_settings)

  # By setting: whether it is on, for what holds only "when" it is.
  on = { for setting, value in local.environment : setting =>
    !contains(["", "false", "0"], lower(trimspace(try(coalesce(value, " "), " "))))
  }

  # CloudWatch cannot change a group's class: another class is another group, and the old one does not stand in its way.
  log_group_name = "/aws/lambda/${local.function_name}${var.log_class == "STANDARD" ? "" : "-infrequent-access"}"

  # Lambda allows 4 KB for all settings together, and measures them as JSON; jsonencode writes <, > and & in six characters.
  settings_bytes = floor(length(base64encode(replace(replace(replace(
    jsonencode(local.environment), "\\u003c", "<"), "\\u003e", ">"), "\\u0026", "&")
  )) * 3 / 4)
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts by itself; kms_key_arn sets a key of one's own
  #checkov:skip=CKV_AWS_338:how long lines are kept is the caller's decision, and a year is long for what tells who signed in when
  name              = local.log_group_name
  log_group_class   = var.log_class
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn == null ? var.kms_key_arn : var.log_kms_key_arn
  skip_destroy      = var.log_skip_destroy
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:tracing is the caller's decision; Cognito sends no trace that could be continued
  #checkov:skip=CKV_AWS_115:a reservation takes from other functions and throttles sign-ins at its end; the caller sets one knowingly
  #checkov:skip=CKV_AWS_116:a synchronous function has no dead letters; an asynchronous one has an on-failure destination
  #checkov:skip=CKV_AWS_117:it calls AWS's public endpoints only, and a VPC would add a NAT gateway and time to cold starts
  #checkov:skip=CKV_AWS_173:Lambda encrypts by itself, and the settings hold no secret; kms_key_arn sets a key of one's own
  #checkov:skip=CKV_AWS_272:the zip comes from the same checkout as this configuration, so signing would prove nothing more
  function_name = local.function_name
  description = (
    local.hook == null
    ? "Serves ${length(local.routes)} ${length(local.routes) == 1 ? "route" : "routes"} of the API"
    : "Cognito trigger ${local.hook}"
  )
  role = aws_iam_role.this.arn

  runtime           = "provided.al2023"
  handler           = "bootstrap"
  architectures     = [var.architecture]
  publish           = true
  filename          = var.zip
  source_code_hash  = local.code_hash
  s3_bucket         = try(var.s3.bucket, null)
  s3_key            = try(var.s3.key, null)
  s3_object_version = try(var.s3.object_version, null)

  timeout                        = try(local.content.timeout_seconds, null)
  memory_size                    = try(coalesce(var.memory_mb, local.content.memory_mb), null)
  reserved_concurrent_executions = var.stopped ? 0 : coalesce(var.reserved_concurrency, -1)
  layers                         = var.layers
  kms_key_arn                    = length(local.environment) == 0 ? null : var.kms_key_arn # Lambda keeps no key without settings
  tags                           = var.tags

  dynamic "environment" {
    for_each = length(local.environment) == 0 ? [] : [local.environment]
    content {
      variables = environment.value
    }
  }

  tracing_config {
    mode = var.tracing
  }

  ephemeral_storage {
    size = var.ephemeral_storage_mb
  }

  logging_config {
    log_format       = var.log_format
    log_group        = aws_cloudwatch_log_group.this.name
    system_log_level = var.log_format == "JSON" ? var.log_system_level : null # Lambda keeps none for text
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]
    content {
      subnet_ids                  = vpc_config.value.subnet_ids
      security_group_ids          = vpc_config.value.security_group_ids
      ipv6_allowed_for_dual_stack = vpc_config.value.ipv6
    }
  }

  # If the function ran first, Lambda would create a log group that is kept forever.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this, aws_iam_role_policy.statements, aws_iam_role_policy.vpc]

  lifecycle {
    # A caller lets go of a function before the function goes, whether it is removed or gets another name. Terraform does
    # the same with all that the function refers to.
    create_before_destroy = true

    precondition {
      condition     = length(local.problems) == 0
      error_message = join("\n", [for problem in local.problems : "${var.manifest}: ${problem}."])
    }

    precondition {
      condition     = length(local.unknown_settings) == 0
      error_message = <<-EOT
        ${var.name}: environment has ${join(", ", local.unknown_settings)}, which is not a setting of the function.
        ${var.manifest} has ${join(", ", keys(local.defaults))}; every function also has LOG_LEVEL.
      EOT
    }

    precondition {
      condition     = length(local.missing_tables) == 0
      error_message = <<-EOT
        ${var.name}: ${var.manifest} declares ${join(", ", local.missing_tables)}, and tables has no such table; modules/tables
        creates them.
      EOT
    }

    precondition {
      condition     = length(local.given_settings) == 0
      error_message = <<-EOT
        ${var.name}: take ${join(", ", local.given_settings)} out of its environment; it follows from tables in function.json.
      EOT
    }

    # Separate, these three: what is created in the same apply has no ARN yet.
    precondition {
      condition     = local.settings_bytes <= 4096
      error_message = <<-EOT
        ${var.name}: its settings take ${local.settings_bytes} bytes, and Lambda allows 4096 for all together: shorten its
        environment, or keep long texts where the function reads them.
      EOT
    }

    precondition {
      condition     = local.policy_length <= 10240
      error_message = <<-EOT
        ${var.name}: the policies of its role take ${local.policy_length} characters, and IAM allows 10240 for all together:
        declare fewer statements and tables.
      EOT
    }

    precondition {
      condition     = length(local.resource_problems) == 0
      error_message = join("\n", [for problem in local.resource_problems : "${var.manifest}: ${problem}."])
    }
  }
}
