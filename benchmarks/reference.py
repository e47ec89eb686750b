"""The reference engine as it is commonly used: essentia, called once per network and output, one decode per file.

Run by `benchmarks.extract` with a Python that has essentia-tensorflow. Reads one JSON request a line, {"networks": [...],
"paths": [...]}, and answers each with a line of the seconds that every path took. Imports nothing of Tagscape.
"""

import json
import os
import sys
import time
from pathlib import Path

__all__: list[str] = []

SAMPLE_RATE_HZ = 16000
FRAMES_PER_PATCH = 187
EMBEDDINGS = {"musicnn": "model/batch_normalization_10/batchnorm/add_1", "vgg": "model/flatten/Reshape"}


def main(graphs: Path) -> None:
    """Answer requests until the input ends."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import essentia
    from essentia.standard import MonoLoader, TensorflowPredictMusiCNN

    essentia.log.infoActive = False
    loaded = {
        path.stem.removesuffix("-1"): [
            TensorflowPredictMusiCNN(graphFilename=str(path), patchHopSize=FRAMES_PER_PATCH, output=output)
            for output in ("model/Sigmoid", EMBEDDINGS[path.stem.removesuffix("-1").split("-")[-1]])
        ]
        for path in sorted(graphs.glob("*.pb"))
    }
    print(json.dumps(sorted(loaded)), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        took_s = []
        for path in request["paths"]:
            began = time.perf_counter()
            sound = MonoLoader(filename=path, sampleRate=SAMPLE_RATE_HZ)()
            for network in request["networks"]:
                for predict in loaded[network]:
                    predict(sound)
            took_s.append(time.perf_counter() - began)
        print(json.dumps(took_s), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
