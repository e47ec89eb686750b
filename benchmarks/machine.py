"""What a benchmark ran on: processors, their instructions, the kernels and threads of BLAS; and how long something took."""

import time
from collections.abc import Callable

import numpy as np  # loads the BLAS that is described
from threadpoolctl import threadpool_info

from app.disk import machine

__all__ = ["blas", "describe", "seconds"]

NAMED_FLAGS = ("avx", "avx2", "avx512f", "avx512_bf16", "amx_bf16")


def describe() -> str:
    """One sentence: processors, instructions, BLAS; the networks take as many threads as there are processors."""
    flags = machine.processor_flags() or ()
    named = [name for name in NAMED_FLAGS if name in flags] or ["unknown instructions"]
    n = machine.n_processors()
    return f"{n} processors with {', '.join(named)}; NumPy {np.__version__} with {blas()}; {n} threads for the networks"


def blas() -> str:
    """The kernels and threads of NumPy's BLAS, which is loaded first."""
    for found in threadpool_info():
        if found["user_api"] == "blas":
            return f"{found['internal_api']}, {found.get('architecture', 'unnamed')} kernels, {found['num_threads']} threads"
    return "a BLAS that threadpoolctl does not know"


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
