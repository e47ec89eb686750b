"""Which segments sound alike: an index by cosine similarity, exact for small spaces, mapped from the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import CorruptError
from ..core.vectors import VectorStream, chunks
from ..disk.atomic import replaced
from ..disk.cache import writing_cache

__all__ = ["EXACT_SEGMENTS", "SimilarityIndex", "build", "newest", "path_of", "remove", "remove_others", "write"]

EXACT_SEGMENTS = 250_000
"""Up to here every vector is compared: 10 ms for 200 dimensions on one core."""
LISTS_PER_ROOT = 4
TRAINING_PER_LIST = 40
LISTS_PROBED = 32
SEED = 0


class SimilarityIndex:
    """An index on the disk. Its rows are those of the vectors that it was built from. Threads may share it.

    Raises
    ------
    FileNotFoundError
        There is no such index.
    CorruptError
        The file is not an index.
    """

    def __init__(self, path: Path) -> None:
        import faiss

        if not path.exists():
            raise FileNotFoundError(path)
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise CorruptError(
                "neighbours_corrupt",
                f"The neighbour index {path.name} is damaged.",
                "Delete the cache folder of the instance, then run: flask index-all-embeddings",
            ) from error

    @property
    def n_rows(self) -> int:
        """Rows that are indexed, from 0 on."""
        return int(self._index.ntotal)

    def search(
        self, vector: NDArray[Any], k: int, excluded: range, live: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The k most similar rows outside `excluded`, most similar first, and their similarities; fewer where there are fewer.

        Parameters
        ----------
        vector : np.ndarray [shape=(n_dims,)]
        live : np.ndarray [shape=(at least n_rows,), dtype=bool] or None
            Which rows may be found; None where all may.
        """
        import faiss

        if live is None:
            inside = faiss.IDSelectorRange(excluded.start, excluded.stop)
            selector: Any = faiss.IDSelectorNot(inside)  # both must outlive the search: faiss keeps no reference to them
        else:
            # the table of rows may be newer than the index, which knows the first of them
            allowed = live[: self.n_rows].copy()
            allowed[excluded.start : excluded.stop] = False
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]  # its Python layer takes the array
        in_lists = isinstance(self._index, faiss.IndexIVF)
        parameters: Any = faiss.SearchParametersIVF() if in_lists else faiss.SearchParameters()
        parameters.sel = selector
        if in_lists:
            parameters.nprobe = LISTS_PROBED
        with _one_thread():
            similarities, rows = self._index.search(_normalised(vector[None]), k, params=parameters)
        found = rows[0] >= 0
        return rows[0][found], similarities[0][found]


def path_of(cache: Path, lineage: str, layer: str, n_rows: int) -> Path:
    """Where the index of the first `n_rows` rows of a space is; `lineage` names what its rows mean."""
    return cache / "neighbours" / f"{lineage}-{layer}-{n_rows}.faiss"


def newest(cache: Path, lineage: str, layer: str) -> Path | None:
    """The index of a space that has the most rows."""
    return max((cache / "neighbours").glob(f"{lineage}-{layer}-*.faiss"), key=_n_rows, default=None)


def remove(cache: Path, lineage: str, layer: str) -> None:
    """Remove every index of a space."""
    for path in (cache / "neighbours").glob(f"{lineage}-{layer}-*.faiss"):
        path.unlink(missing_ok=True)


def remove_others(path: Path) -> None:
    """Remove the indexes of fewer rows, or of other weights, of the same space.

    An index that is being searched stays with its process until that ends.
    """
    # a lineage begins with the name of its network and an @
    network, _, rest = path.name.partition("@")
    layer = rest.split("-")[-2]
    for other in path.parent.glob(f"{network}@*-{layer}-*.faiss"):
        if other != path:
            other.unlink(missing_ok=True)


def _n_rows(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def build(vectors: VectorStream, exact_segments: int = EXACT_SEGMENTS) -> Any:
    """A faiss index of vectors, by cosine similarity.

    Up to `exact_segments` it compares with every vector; above it looks through the 32 nearest of 4 sqrt(n) lists of float16
    vectors, which finds more than 99 % of the 20 nearest.
    """
    import faiss

    exact = vectors.n_segments <= exact_segments
    with vectors.stretch("neighbours", vectors.n_segments, "segments") as advance:
        if exact:
            index: Any = faiss.IndexFlatIP(vectors.n_dims)
        else:
            n_lists = LISTS_PER_ROOT * int(vectors.n_segments**0.5)
            index = faiss.index_factory(vectors.n_dims, f"IVF{n_lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
            index.train(_sample(vectors, TRAINING_PER_LIST * n_lists))
        for block in vectors.blocks():
            for chunk in chunks(block):
                index.add(_normalised(chunk))
                advance(len(chunk))
    return index


def write(index: Any, path: Path) -> None:
    """Write an index, all of it or nothing.

    Raises
    ------
    MachineError
        The folder cannot be written.
    """
    import faiss

    with writing_cache():
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as part:
            try:
                faiss.write_index(index, str(part))
            except RuntimeError as error:  # faiss has no OSError
                raise OSError(None, str(error).splitlines()[-1]) from error


def _sample(vectors: VectorStream, n: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(SEED).permutation(vectors.n_segments)[:n]
    return _normalised(vectors.rows(np.sort(rows)))


def _normalised(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Vectors scaled to length one. One of length zero, or of NaN, becomes zero and is similar to none."""
    vectors = np.nan_to_num(vectors.astype(np.float32))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    unit: NDArray[np.float32] = vectors / lengths
    return unit


@contextmanager
def _one_thread() -> Iterator[None]:
    """Use one thread: a single query is too little work for several, which would wait for each other."""
    import faiss

    n_threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(n_threads)
