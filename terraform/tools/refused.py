#!/usr/bin/env python3
"""Wrong inputs and the message that each is refused with at plan.

`terraform test` can expect a failure, but not a text. So tests/refused/*.tftest.hcl of a module hold runs that must fail, each
with comments `# message: ...`, all of which must appear, one that is there twice in two errors; a long one goes on in comments
with three spaces, `#   ...`. A run costs seconds, so most wrong inputs are cases of one run, whose module tests/fixtures/cases
calls the module for each. And this

  split MODULE   writes one test file for each run, since Terraform skips the runs after one that failed, and prints their folder
  check MODULE   reads `terraform test -json` of that folder and says which run was accepted or refused with another text
"""
import json
import pathlib
import re
import sys

FOLDER = "tests/refused-runs"


def runs(module):
    """Yields the name, the messages and the text of each run, with what stands before the file's first run."""
    for path in sorted((module / "tests/refused").glob("*.tftest.hcl")):
        header, *bodies = re.split(r'^(?=run ")', path.read_text(), flags=re.MULTILINE)
        for body in bodies:
            name = re.match(r'run "(\w+)"', body).group(1)
            texts = re.findall(r"^\s*# message: (.+(?:\n\s*#   \S.*)*)$", body, flags=re.MULTILINE)
            messages = [re.sub(r"\s*\n\s*#\s+", " ", text).strip() for text in texts]
            if not messages:
                sys.exit(f"{path}: run {name} has no line '# message: ...'")
            yield f"{path.name.split('.')[0]}-{name}", messages, header + body


def split(module):
    files = {name: text for name, _, text in runs(module)}
    if not files:
        return
    folder = module / FOLDER
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.tftest.hcl").write_text(text)
    print(FOLDER)


def check(module):
    texts = {}
    for line in sys.stdin:
        event = json.loads(line)
        if event.get("type") == "diagnostic":
            diagnostic = event["diagnostic"]
            if diagnostic["severity"] == "error":
                name = pathlib.Path(event.get("@testfile", "")).name.removesuffix(".tftest.hcl")
                text = f"{diagnostic['summary']}: {diagnostic.get('detail', '')}"
                texts.setdefault(name, []).append(" ".join(text.split()))
    wrong = [f"outside of the runs: {text}" for text in texts.pop("", [])]
    count = 0
    for name, messages, _ in runs(module):
        for message in messages:
            count += 1
            found = sum(text.count(message) for text in texts.get(name, []))
            if name not in texts:
                wrong.append(f"{name}: nothing was refused; want {message!r}")
            elif found < messages.count(message):
                wrong.append(f"{name}: want {message!r}, which is {found} times in what it was refused with")
    for line in wrong:
        print(f"  {line}")
    for name in sorted({line.partition(":")[0] for line in wrong} & texts.keys()):
        print(f"  {name} was refused with\n    " + "\n    ".join(texts[name]))
    print(f"{count - len(wrong)} of {count} messages of wrong inputs were given")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    {"split": split, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
