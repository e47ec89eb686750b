"""From files to stored features, against the numbers of the reference implementation.

The shortest track of every folder, sample rate and channel count; `benchmarks/extract.py` measures all tracks.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from app.core.spaces import Layer, SpaceName
from app.networks.runtimes import factory
from app.pipeline.extract.files import Extracted, Job, extract_files

NETWORKS = ("msd-musicnn", "msd-vgg", "mtt-musicnn", "mtt-vgg")


@pytest.fixture(scope="module")
def results(shared: Path) -> Mapping[str, Extracted]:
    with (shared / "audio" / "manifest.csv").open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: float(row["duration_s"]), reverse=True)
    paths = list({(Path(row["path"]).parent, row["sample_rate"], row["channels"]): row["path"] for row in rows}.values())
    assert len(paths) >= 8
    engine = factory.load(shared / "networks", NETWORKS, "openvino", "f32", 0)
    jobs = [Job(index, shared / "audio" / path, NETWORKS) for index, path in enumerate(paths)]
    return dict(zip(paths, extract_files(jobs, engine), strict=True))


@pytest.mark.parametrize("network", NETWORKS)
def test_stored_features_are_those_of_the_reference(shared: Path, results: Mapping[str, Extracted], network: str) -> None:
    for layer in Layer:
        golden = np.load(shared / "golden" / "essentia" / f"{network}-{layer}.npz")
        stored = {path: result.features[SpaceName(network, layer)].astype(np.float16) for path, result in results.items()}
        assert {path: vectors.shape for path, vectors in stored.items()} == {path: golden[path].shape for path in stored}
        ours = np.concatenate([stored[path] for path in stored]).astype(np.float64)
        reference = np.concatenate([golden[path] for path in stored]).astype(np.float64)
        if layer is Layer.ACTIVATIONS:
            assert np.abs(ours - reference).max() <= 0.0015
        else:
            assert np.linalg.norm(ours - reference) / np.linalg.norm(reference) <= 1.5e-3
