"""The least that a function in Python can do."""


def handler(event, context):
    return event
