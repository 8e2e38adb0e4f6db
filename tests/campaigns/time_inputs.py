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
BASE = 16 * 1024  # bytes; what any message costs beside its size


def main() -> None:
    judge = Judge(Path(tempfile.mkdtemp(prefix="time-inputs-")))
    timed: list[tuple[float, int, str]] = []
    for path in [path for folder in sys.argv[1:] for path in Path(folder).iterdir()]:
        data = path.read_bytes()
        messages = judge(data)  # patterns compiled
        spent = min(_spent(judge, data) for _ in range(3)) / max(messages, 1)
        timed.append((spent, len(data) // max(messages, 1), path.name))
    for title, key in (("slowest of all", 0), ("slowest for their size", 1)):
        print(f"{len(timed)} inputs, {title}, a message:")
        by = (lambda row: -row[0]) if not key else (lambda row: -row[0] / (row[1] + BASE))
        for spent, size, name in sorted(timed, key=by)[:SHOWN]:
            rate = spent * 1000 / (size + BASE) * 1024**2
            print(f"{spent * 1000:8.2f} ms {size:8} bytes {rate:8.1f} ms per MB  {name}")


def _spent(judge: Judge, data: bytes) -> float:
    judge.forget()
    began = process_time()
    judge(data)
    return process_time() - began


if __name__ == "__main__":
    main()
