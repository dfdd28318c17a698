"""Starts the reader: ``python -I start.py LIMITS < FILE``.

Isolated mode looks for nothing beside this file; so the reader is taken from its one folder and by no other name.
"""

import importlib.util
import sys
from pathlib import Path

folder = Path(__file__).resolve().with_name("reader")
spec = importlib.util.spec_from_file_location(
    "reader", folder / "__init__.py", submodule_search_locations=[str(folder)]
)
if spec is None or spec.loader is None:
    raise ImportError(folder)
package = importlib.util.module_from_spec(spec)
sys.modules["reader"] = package
spec.loader.exec_module(package)

if __name__ == "__main__":
    sys.exit(importlib.import_module("reader.main").main(sys.argv[1:]))
