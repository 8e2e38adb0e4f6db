"""Times inputs that a fuzzing run suspects of being slow, without its instruments.

Run: python tests/campaigns/time_inputs.py FOLDER... ; each holds inputs of fuzz_diagnosis.py.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.campaigns.judging import Judge  # noqa: E402 - path first

SHOWN = 15


def main() -> None:
    judge = Judge(Path(tempfile.mkdtemp(prefix="time-inputs-")))
    rates = []
    for path in [path for folder in sys.argv[1:] for path in Path(folder).iterdir()]:
        data = path.read_bytes()
        judge(data)  # patterns compiled
        spent = min(_spent(judge, data) for _ in range(3))
        rates.append((spent / max(len(data), 1) * 1024**2, spent, len(data), path.name))
    for by in (0, 1):
        print(f"{len(rates)} inputs, slowest " + ("for their size:", "of all:")[by])
        for rate, spent, size, name in sorted(rates, key=lambda row: -row[by])[:SHOWN]:
            print(f"{spent * 1000:8.2f} ms {size:8} bytes {rate * 1000:10.1f} ms per MB  {name}")


def _spent(judge: Judge, data: bytes) -> float:
    judge.forget()
    began = process_time()
    judge(data)
    return process_time() - began


if __name__ == "__main__":
    main()
