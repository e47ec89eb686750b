"""Run a command, kill it after SECONDS if any are given, and write down what it took.

    python benchmarks/child.py REPORT SECONDS COMMAND...

A new process begins as a copy of the one that starts it, and Linux counts that copy into its peak memory. What measures a peak must
therefore be started by something smaller than itself: this imports next to nothing, and nothing of Tagscape.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

__all__: list[str] = []

BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024
"""Of `ru_maxrss`."""


def main(report: Path, kill_after_s: float | None, command: list[str]) -> None:
    """Write `wall_s`, `peak_mb` and `status`, negative for a signal, as JSON."""
    began = time.perf_counter()
    process = subprocess.Popen(command)
    try:
        process.wait(kill_after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    wall_s = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * BYTES_PER_UNIT / 2**20
    report.write_text(json.dumps({"wall_s": wall_s, "peak_mb": peak_mb, "status": process.returncode}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if sys.argv[2] else None, sys.argv[3:])
