# Threat protection's actions, and the style of the classic pages. The key ALL of both maps stands for every app client.
resource "aws_cognito_risk_configuration" "this" {
  for_each = var.risk_configuration

  user_pool_id = aws_cognito_user_pool.this.id
  client_id    = each.key == "ALL" ? null : aws_cognito_user_pool_client.this[each.key].id

  dynamic "account_takeover_risk_configuration" {
    for_each = each.value.account_takeover[*]
    content {
      actions {
        dynamic "low_action" {
          for_each = account_takeover_risk_configuration.value.low[*]
          content {
            event_action = low_action.value.action
            notify       = low_action.value.notify
          }
        }
        dynamic "medium_action" {
          for_each = account_takeover_risk_configuration.value.medium[*]
          content {
            event_action = medium_action.value.action
            notify       = medium_action.value.notify
          }
        }
        dynamic "high_action" {
          for_each = account_takeover_risk_configuration.value.high[*]
          content {
            event_action = high_action.value.action
            notify       = high_action.value.notify
          }
        }
      }
      notify_configuration {
        source_arn = account_takeover_risk_configuration.value.mail.source_arn
        from       = account_takeover_risk_configuration.value.mail.from
        reply_to   = account_takeover_risk_configuration.value.mail.reply_to

        dynamic "block_email" {
          for_each = account_takeover_risk_configuration.value.mail.block[*]
          content {
            subject   = block_email.value.subject
            html_body = block_email.value.html_body
            text_body = block_email.value.text_body
          }
        }
        dynamic "mfa_email" {
          for_each = account_takeover_risk_configuration.value.mail.mfa[*]
          content {
            subject   = mfa_email.value.subject
            html_body = mfa_email.value.html_body
            text_body = mfa_email.value.text_body
          }
        }
        dynamic "no_action_email" {
          for_each = account_takeover_risk_configuration.value.mail.no_action[*]
          content {
            subject   = no_action_email.value.subject
            html_body = no_action_email.value.html_body
            text_body = no_action_email.value.text_body
          }
        }
      }
    }
  }

  dynamic "compromised_credentials_risk_configuration" {
    for_each = each.value.compromised_credentials[*]
    content {
      event_filter = compromised_credentials_risk_configuration.value.event_filter
      actions {
        event_action = compromised_credentials_risk_configuration.value.action
      }
    }
  }

  dynamic "risk_exception_configuration" {
    for_each = length(setunion(each.value.blocked_ip_ranges, each.value.skipped_ip_ranges)) > 0 ? [each.value] : []
    content {
      blocked_ip_range_list = (
        length(risk_exception_configuration.value.blocked_ip_ranges) > 0
        ? risk_exception_configuration.value.blocked_ip_ranges
        : null
      )
      skipped_ip_range_list = (
        length(risk_exception_configuration.value.skipped_ip_ranges) > 0
        ? risk_exception_configuration.value.skipped_ip_ranges
        : null
      )
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.beyond_limits["risk ${each.key}"]) == 0
      error_message = join("\n", local.beyond_limits["risk ${each.key}"])
    }
  }
}

resource "aws_cognito_user_pool_ui_customization" "this" {
  for_each = var.ui_customization

  user_pool_id = aws_cognito_user_pool_domain.this[0].user_pool_id # Cognito needs the domain first
  client_id    = each.key == "ALL" ? "ALL" : aws_cognito_user_pool_client.this[each.key].id
  css          = each.value.css
  image_file   = each.value.image_file

  lifecycle {
    precondition {
      condition     = length(coalesce(each.value.css, "-")) <= local.limits["SetUICustomization.CSS"].max
      error_message = <<-EOT
        ui_customization["${each.key}"].css has ${length(coalesce(each.value.css, ""))} characters: use
        ${local.limits["SetUICustomization.CSS"].words}.
      EOT
    }
  }
}
