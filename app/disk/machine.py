"""What the machine offers this process."""

import os
from pathlib import Path

__all__ = ["n_processors", "processor_flags"]

PROCESSOR_FACTS = Path("/proc/cpuinfo")


def n_processors() -> int:
    """Processors that this process may use; where the system does not tell (macOS), those of the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor_flags() -> frozenset[str] | None:
    """What the processor can do, by Linux's names such as `avx2` and `amx_bf16`; None where the system does not tell."""
    if not PROCESSOR_FACTS.exists():
        return None
    lines = PROCESSOR_FACTS.read_text(encoding="utf-8").splitlines()
    return frozenset(flag for line in lines if line.startswith("flags") for flag in line.split(":", 1)[1].split())
