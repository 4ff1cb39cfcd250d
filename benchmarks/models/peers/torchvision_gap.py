"""Makes `import torchvision` work where its build for CUDA meets a torch for the CPU."""

import sys
from types import ModuleType


def fill_torchvision_gap() -> None:
    """Import torchvision; where its compiled operators are missing, without their declarations."""
    try:
        import torchvision
    except RuntimeError:
        for name in [each for each in sys.modules if each.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        sys.modules["torchvision._meta_registrations"] = ModuleType("_meta_registrations")
        import torchvision  # noqa: F401
