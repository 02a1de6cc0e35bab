#!/usr/bin/env python3
"""Writes the tables of inputs and outputs between the markers in each module's README.md; --check fails where one is stale.

It also fails where a module has no README.md, where the root's list of defences names a test that is not there, and where an
input or output is not written as all others are: the order of its members, and a description that ends with a full stop.

It reads variables.tf and outputs.tf as `terraform fmt` lays them out: a block's own attributes are indented by two spaces.
"""
import pathlib
import re
import sys

BEGIN = "<!-- tables: written by terraform/tools/docs.py -->"
END = "<!-- /tables -->"
HEADING = "\n## Reference\n\n"
ORDER = {
    "variable": ["description", "type", "default", "nullable", "sensitive", "ephemeral", "validation"],
    "output": ["description", "value", "sensitive", "ephemeral", "depends_on", "precondition"],
}


def blocks(path, kind):
    """Yields the name and the attributes' texts of each top-level block."""
    if not path.exists():
        return
    for name, body in re.findall(rf'^{kind} "(\w+)" {{\n(.*?)^}}', path.read_text(), flags=re.MULTILINE | re.DOTALL):
        attributes = {}
        # An attribute goes on until the next line that is indented by two spaces and closes nothing.
        for match in re.finditer(r"^  (\w+) += (.*\n(?:(?:    .*|  [})\]].*|  EOT)\n)*)", body, flags=re.MULTILINE):
            attributes[match.group(1)] = match.group(2).strip()
        yield name, attributes


def cell(text):
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def prose(attributes):
    text = attributes["description"]
    if text.startswith("<<-"):
        text = " ".join(text.splitlines()[1:-1])
    else:
        text = text[1:-1].replace('\\"', '"')
    # A <name> in prose would be taken for HTML.
    return cell(text).replace("<", "&lt;").replace(">", "&gt;")


def type_of(text):
    """One line: an object's members, or only that it has some, which members shows below the table."""
    lines = [re.sub(r"\s+=\s+", " = ", line.strip()) for line in text.splitlines()]
    one = ", ".join(lines).replace("{, ", "{ ").replace(", }", " }").replace("{,", "{")
    return f"`{cell(one)}`" if len(one) <= 60 else f"`{re.split(r'[({]', one)[0]}(…)`"


def members(variables):
    """The whole types of inputs that the table abbreviates, with the defaults of their members, as Terraform reads them."""
    lines = []
    for name, attributes in variables:
        if type_of(attributes["type"]).endswith("(…)`"):
            first, *rest = attributes["type"].splitlines()
            lines += [f"{name} = {first}", *(line.removeprefix("  ") for line in rest)]
    return ["", "Members of the inputs above:", "", "```hcl", *lines, "```"] if lines else []


def default_of(attributes):
    if "default" not in attributes:
        return "required"
    return f"`{cell(attributes['default'])}`"


def tables(module):
    lines = [BEGIN, "", "| Input | Type | Default | Meaning |", "|---|---|---|---|"]
    variables = list(blocks(module / "variables.tf", "variable"))
    for name, attributes in variables:
        lines.append(f"| `{name}` | {type_of(attributes['type'])} | {default_of(attributes)} | {prose(attributes)} |")
    lines += members(variables)
    lines += ["", "| Output | Meaning |", "|---|---|"]
    for name, attributes in blocks(module / "outputs.tf", "output"):
        lines.append(f"| `{name}` | {prose(attributes)} |")
    return "\n".join([*lines, "", END])


def missing(root):
    """Yields modules without a README.md, and tests that the section Security of the root's names and no module has."""
    for variables in [root / "variables.tf", *sorted(root.glob("modules/*/variables.tf"))]:
        if variables.exists() and not (variables.parent / "README.md").exists():
            yield f"{variables.parent}: has no README.md"
    readme = root / "README.md"
    security = readme.read_text().partition("\n## Security\n")[2].partition("\n## ")[0] if readme.exists() else ""
    for module, run in re.findall(r"`([a-z-]+)\.(\w+)`", security):
        tests = [file.read_text() for file in (root / "modules" / module).glob("tests/**/*.tftest.hcl")]
        if not any(f'\nrun "{run}" {{\n' in text for text in tests):
            yield f"{readme}: modules/{module} has no test {run}"


def misshapen(root):
    """Yields the inputs and outputs that are not written as all others are. Those of tests need no description."""
    for path in sorted(root.rglob("*.tf")):
        if {"tests", ".terraform"} & set(path.parts):
            continue
        for kind, name, body in re.findall(r'^(variable|output) "(\w+)" {\n(.*?)^}', path.read_text(), flags=re.M | re.S):
            order = list(dict.fromkeys(re.findall(r"^  (\w+)(?: += | {$)", body, flags=re.MULTILINE)))
            wanted = [member for member in ORDER[kind] if member in order]
            if order != wanted or order[0] != "description":
                yield f"{path}: {kind} {name} has its members in the order {order}, want {ORDER[kind]}"
    for variables in sorted(root.rglob("variables.tf")):
        if "tests" in variables.parts:
            continue
        module = variables.parent
        for name, attributes in [*blocks(variables, "variable"), *blocks(module / "outputs.tf", "output")]:
            if not prose(attributes).endswith("."):
                yield f"{module}: the description of {name} does not end with a full stop"


def main(check, root):
    stale = [*missing(root), *misshapen(root)] if check else []
    for readme in sorted(root.rglob("README.md")):
        text = readme.read_text()
        if not (BEGIN in text and END in text):
            if (readme.parent / "variables.tf").exists():
                stale.append(f"{readme}: has no place for the tables; add the lines {BEGIN} and {END}")
            continue
        before, rest = text.split(BEGIN, 1)
        if not before.endswith(HEADING) or rest.split(END, 1)[1].strip():
            stale.append(f"{readme}: the tables are not the last section, '## Reference'")
        new = before + tables(readme.parent) + rest.split(END, 1)[1]
        if new == text:
            continue
        if check:
            stale.append(f"{readme}: its tables are stale; run terraform/tools/docs.py")
        else:
            readme.write_text(new)
    print("\n".join(stale) or f"docs: the tables of {root} are {'up to date' if check else 'written'}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:], pathlib.Path(__file__).resolve().parent.parent))
