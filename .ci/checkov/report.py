"""Checks a checkov report: fails on unexplained findings, on explanations without a reason and on empty scans."""
import json
import sys

# checkov's comment for a skip without a reason.
UNEXPLAINED = "No comment provided"


def place(check):
    first, last = check["file_line_range"]
    return f"terraform{check['file_path']}:{first}-{last}: {check['resource']}"


def main(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    nothing = {"passed_checks": [], "failed_checks": [], "skipped_checks": [], "parsing_errors": []}
    results = report.get("results", nothing)
    problems = [f"terraform{file}: checkov cannot read it" for file in results["parsing_errors"]]
    for check in results["failed_checks"]:
        name = check["check_id"]
        problems.append(
            f"{place(check)}: {name}: {check['check_name']}. Fix it, or explain it there: #checkov:skip={name}:reason"
        )
    for check in results["skipped_checks"]:
        if check["check_result"].get("suppress_comment", UNEXPLAINED).strip() in ("", UNEXPLAINED):
            problems.append(f"{place(check)}: {check['check_id']} is skipped without a reason")
    if not results["passed_checks"]:
        problems.append("checkov scanned nothing: was terraform/ moved?")
    if problems:
        print("\n".join(dict.fromkeys(problems)))
        print("tf-scan: failed")
        return 1
    skipped = results["skipped_checks"]
    explained = {(check["file_path"], check["check_id"], tuple(check["file_line_range"])) for check in skipped}
    print(f"tf-scan: {len(results['passed_checks'])} checks passed, {len(explained)} findings have an explanation")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
