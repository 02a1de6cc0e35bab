"""Reads a report of checkov. Fails on findings that nothing explains, on explanations without a reason, and on a scan that saw nothing."""
import json
import sys

# What checkov writes down for a skip without a reason.
UNEXPLAINED = "No comment provided"


def place(check):
    first, last = check["file_line_range"]
    return f"terraform{check['file_path']}:{first}-{last}: {check['resource']}"


def main(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    results = report.get("results", {"passed_checks": [], "failed_checks": [], "skipped_checks": [], "parsing_errors": []})
    problems = [f"terraform{file}: checkov cannot read it" for file in results["parsing_errors"]]
    for check in results["failed_checks"]:
        problems.append(f"{place(check)}: {check['check_id']}: {check['check_name']}. Mend it, or explain it there: #checkov:skip={check['check_id']}:reason")
    for check in results["skipped_checks"]:
        if check["check_result"].get("suppress_comment", UNEXPLAINED).strip() in ("", UNEXPLAINED):
            problems.append(f"{place(check)}: {check['check_id']} is skipped without a reason")
    if not results["passed_checks"]:
        problems.append("checkov looked at nothing: is terraform/ still where it looks?")
    if problems:
        print("\n".join(dict.fromkeys(problems)))
        print("tf-scan: failed")
        return 1
    explained = {(check["file_path"], check["check_id"], tuple(check["file_line_range"])) for check in results["skipped_checks"]}
    print(f"tf-scan: {len(results['passed_checks'])} checks passed, {len(explained)} findings are explained where they are")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
