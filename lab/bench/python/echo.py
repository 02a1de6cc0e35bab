"""A minimal Python function: returns its event."""


def handler(event, context):
    return event
