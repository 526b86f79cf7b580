"""Essentia's tempo and key of audio files, as JSON lines; run by `benchmarks.peers`.

Imports nothing of this project, so that a Python with the `essentia` wheel (a pre-release:
pip install --pre essentia) can run it from an environment of its own.
"""

import json
import sys
import time

import essentia  # pyright: ignore[reportMissingImports]
import essentia.standard as es  # pyright: ignore[reportMissingImports]

essentia.log.infoActive = False
essentia.log.warningActive = False


def main() -> None:
    for path in sys.argv[1:]:
        audio = es.MonoLoader(filename=path, sampleRate=44100)()
        start, processor_s = time.perf_counter(), -time.process_time()
        bpm = float(es.RhythmExtractor2013(method="multifeature")(audio)[0])
        middle = time.perf_counter()
        tonic, scale, _ = es.KeyExtractor(profileType="bgate")(audio)
        end = time.perf_counter()
        processor_s += time.process_time()
        row = {"bpm": bpm, "key": f"{tonic} {scale}", "tempo_s": middle - start}
        row |= {"key_s": end - middle, "processor_s": processor_s}
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
