import subprocess
import sys

IMPORT_ALL = """
import importlib, pkgutil, sys
import edgeinspect.models
for module in pkgutil.walk_packages(edgeinspect.models.__path__, "edgeinspect.models."):
    importlib.import_module(module.name)
print(*sorted(set(sys.modules) & {"torch", "torchvision", "ultralytics"}))
"""


def test_no_module_of_the_room_needs_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
