locals {
  # The alias that serves a hook.
  arns = { for name, manifest in local.with_hook : manifest.hook => module.function[name].alias_arn... }
  # Hooks that take a version in addition to the ARN.
  versioned = { for name, manifest in local.with_hook : manifest.hook => {
    lambda_arn     = module.function[name].alias_arn
    lambda_version = manifest.event_version
  }... }
}

output "lambda_config" {
  description = <<-EOT
    The attributes and blocks of `lambda_config` of an `aws_cognito_user_pool`; null if every trigger is off, for a pool without
    the block.
  EOT
  value = length(local.with_hook) == 0 ? null : {
    pre_sign_up                    = try(local.arns.pre_sign_up[0], null)
    post_confirmation              = try(local.arns.post_confirmation[0], null)
    pre_authentication             = try(local.arns.pre_authentication[0], null)
    post_authentication            = try(local.arns.post_authentication[0], null)
    define_auth_challenge          = try(local.arns.define_auth_challenge[0], null)
    create_auth_challenge          = try(local.arns.create_auth_challenge[0], null)
    verify_auth_challenge_response = try(local.arns.verify_auth_challenge_response[0], null)
    user_migration                 = try(local.arns.user_migration[0], null)
    custom_message                 = try(local.arns.custom_message[0], null)
    pre_token_generation_config    = try(local.versioned.pre_token_generation[0], null)
    custom_email_sender            = try(local.versioned.custom_email_sender[0], null)
    custom_sms_sender              = try(local.versioned.custom_sms_sender[0], null)
    kms_key_id                     = length(local.senders) == 0 ? null : var.sender_kms_key_arn

    # Cognito also returns the function here, and refuses a different one than in the block. If it is left out, the provider
    # sends the last one that it saw.
    pre_token_generation = try(local.arns.pre_token_generation[0], null)
  }

  # The pool waits for what its functions need.
  depends_on = [aws_lambda_permission.first, aws_iam_role_policy.first]

  precondition {
    condition     = length(local.problems) == 0
    error_message = join("\n", local.problems)
  }

  # Separate, because a key that is created in the same apply is not known yet.
  precondition {
    condition     = length(local.senders) == 0 || var.sender_kms_key_arn != null
    error_message = "${join(" and ", keys(local.senders))}: Cognito encrypts the codes for a custom sender; set sender_kms_key_arn."
  }
}

output "inbound_federation" {
  description = "Whether there is an inbound federation trigger, and its ARN. The AWS provider cannot attach it: `poolctl attach` does."
  value = {
    on  = length([for manifest in values(local.with_hook) : manifest if manifest.hook == "inbound_federation"]) > 0
    arn = try(local.arns.inbound_federation[0], null)
  }
}

output "functions" {
  description = "By trigger: names and ARNs of the function, its alias, role, log group and dead letters, and the versions for a rollback."
  value = { for name, function in module.function : name => {
    hook                   = function.hook
    function_name          = function.function_name
    arn                    = function.arn
    alias_name             = function.alias_name
    alias_arn              = function.alias_arn
    version                = function.version
    alias_version          = function.alias_version
    role_name              = function.role_name
    role_arn               = function.role_arn
    log_group_name         = function.log_group_name
    log_group_arn          = function.log_group_arn
    log_class              = function.log_class
    dead_letter_queue_name = function.dead_letter_queue_name
    dead_letter_queue_arn  = function.dead_letter_queue_arn
    dead_letter_queue_url  = function.dead_letter_queue_url
  } }

  depends_on = [terraform_data.attached]

  precondition {
    condition     = local.still_called == null
    error_message = <<-EOT
      The pool ${var.user_pool.id} still calls a pre token generation function of these triggers, and the AWS provider cannot
      detach it. Detach it first: poolctl detach --user-pool-id ${var.user_pool.id} --trigger with the name of its directory.
      Then plan again.
    EOT
  }
}

output "tables" {
  description = <<-EOT
    The tables that manifests declare, by their names there: name, ARN, own key, stream, protection, and how and where each is
    declared.
  EOT
  value       = module.tables.tables
}
