"""Holds every example of an OpenAPI document against the schema beside it: examples.py DOCUMENT"""

import json
import sys

import jsonschema_rs

document = json.load(open(sys.argv[1], encoding="utf-8"))
wrong, held = [], 0


def hold(schema, value, place):
    global held
    held += 1
    whole = {"components": document["components"], **schema}
    for error in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(value):
        wrong.append(f"{place}: {error.message}")


def walk(node, place):
    if isinstance(node, list):
        for n, item in enumerate(node):
            walk(item, f"{place}/{n}")
        return
    if not isinstance(node, dict):
        return
    schema = node.get("schema", node)
    if "example" in node:
        hold(schema, node["example"], place)
    examples = node.get("examples", [])
    for example in examples.values() if isinstance(examples, dict) else examples:
        hold(schema, example["value"] if isinstance(examples, dict) else example, place)
    for name, item in node.items():
        if name not in ("example", "examples"):
            walk(item, f"{place}/{name}")


walk(document, "")
if wrong or not held:
    sys.exit("\n".join(wrong) or "the document has no examples")
print(f"{held} examples are as their schemas say")
