"""Prints the files that the process of a handler reads at its start, a line each. For Linux."""

import importlib
import os
import sys

importlib.import_module("awslambdaric.bootstrap")
importlib.import_module(sys.argv[1])

files = {os.path.realpath(sys.executable)}
for module in list(sys.modules.values()):
    files.add(getattr(module, "__file__", None))
    files.add(getattr(module, "__cached__", None))
with open("/proc/self/maps") as maps:
    files.update(line.split(maxsplit=5)[5].strip() for line in maps if "/" in line)
print("\n".join(sorted(file for file in files if file and os.path.isfile(file))))
