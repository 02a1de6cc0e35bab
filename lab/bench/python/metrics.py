"""The metrics line that every handler writes, in CloudWatch's embedded metric format."""

import json
import time


def write(context, event, outcome, began):
    print(json.dumps({
        "_aws": {
            "Timestamp": int(began * 1000),
            "CloudWatchMetrics": [{
                "Namespace": "CognitoTriggers",
                "Dimensions": [["FunctionName", "TriggerSource", "Outcome"]],
                "Metrics": [{"Name": "Duration", "Unit": "Milliseconds"}],
            }],
        },
        "FunctionName": context.function_name,
        "TriggerSource": event["triggerSource"],
        "Outcome": outcome,
        "RequestId": context.aws_request_id,
        "UserPoolId": event["userPoolId"],
        "Duration": (time.time() - began) * 1000,
    }))
