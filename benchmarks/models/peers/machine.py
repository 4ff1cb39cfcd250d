"""Where and when something was measured."""

import platform
from datetime import UTC, datetime
from pathlib import Path


def described(threads: int) -> str:
    """Return the day, the processor and what it may use of it, in a sentence."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    flags = next((line for line in lines if line.startswith("flags")), "").split()
    known = [flag for flag in ("avx2", "avx512_vnni", "avx512_bf16", "amx_tile") if flag in flags]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {names[0] if names else platform.machine()}, "
        f"{len(names)} processors ({', '.join(known)}), {threads} threads each, "
        f"Python {platform.python_version()}."
    )
