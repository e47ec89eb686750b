"""The reference engine as it is commonly used: essentia, called once per network and output, one decode per file.

Run by `benchmarks.extract` with a Python that has essentia-tensorflow: `python -m benchmarks.reference GRAPHS NETWORK...`. Prints a
line when the networks are loaded. Then reads paths, a JSON list a line, and answers each with a line of the seconds they took.
Imports nothing of Tagscape.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

__all__: list[str] = []

SAMPLE_RATE_HZ = 16000
FRAMES_PER_PATCH = 187
EMBEDDINGS = {"musicnn": "model/batch_normalization_10/batchnorm/add_1", "vgg": "model/flatten/Reshape"}


def main(graphs: Path, networks: Sequence[str]) -> None:
    """Answer requests until the input ends."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import essentia
    from essentia.standard import MonoLoader, TensorflowPredictMusiCNN

    essentia.log.infoActive = False
    predictors = [
        TensorflowPredictMusiCNN(graphFilename=str(graphs / f"{name}-1.pb"), patchHopSize=FRAMES_PER_PATCH, output=output)
        for name in networks
        for output in ("model/Sigmoid", EMBEDDINGS[name.split("-")[-1]])
    ]
    print("loaded", flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        for path in json.loads(line):
            sound = MonoLoader(filename=path, sampleRate=SAMPLE_RATE_HZ)()
            for predict in predictors:
                predict(sound)
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
