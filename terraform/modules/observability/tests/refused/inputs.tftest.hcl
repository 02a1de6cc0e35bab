# Inputs of the module that are refused at plan, and the message of each.
mock_provider "aws" {
  source = "../../tests/mocks"
}

run "inputs" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: name is "our alarms": use at most 150 letters, digits, - and _.
      name = { name = "our alarms" }

      # message: functions: Cognito calls the custom senders asynchronously, so each needs its dead_letter_queue_name
      sender_without_queue = { functions = { sender = { function_name = "ct-sender", hook = "custom_sms_sender" } } }

      # message: functions: the log class of pre-sign-up is INFREQUENT_ACCESS, from which CloudWatch makes no metrics
      no_metrics = {
        functions = {
          pre-sign-up = { function_name = "ct-pre-sign-up", hook = "pre_sign_up", log_class = "INFREQUENT_ACCESS" }
        }
      }

      # message: The topics for alarms are arn:aws:sns:eu-west-1:111122223333:alarms.fifo: give at most 5 ARNs of SNS topics
      topic = { topic_arns = ["arn:aws:sns:eu-west-1:111122223333:alarms.fifo"] }

      # message: duration_p99_ms is 5000: set less than the 5000 after which Cognito gives up.
      duration_beyond_cognito = { duration_p99_ms = 5000 }

      # message: runbook_url is "docs/runbook.md": write a web address without #, https://…, or null.
      runbook = { runbook_url = "docs/runbook.md" }

      # message: tags: AWS takes 50 tags
      tags = { tags = { "aws:team" = "identity" } }
    }
  }
}
