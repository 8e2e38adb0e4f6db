"""Feeds mutated bounces to the diagnosis, led by which code they reach, and keeps what goes wrong.

Run: python tests/campaigns/fuzz_diagnosis.py FOLDER [SECONDS] [libFuzzer options]

Needs atheris (pip install atheris), which no test needs. FOLDER keeps the inputs that
reached something new (``inputs``), those that raised (``crash-*``) and the slowest for their size
(``slow``), which the instrumented run can only suspect: ``time_inputs.py`` times them anew.
"""

import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from random import Random
from time import process_time

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import atheris  # noqa: E402 - path first

with atheris.instrument_imports(include=["bounce_assistant"]):
    from bounce_assistant.services import outlook, outlook_file, outlook_notice  # noqa: F401
    from tests.campaigns.judging import MAILBOX, MESSAGE, OUTLOOK, TEXT, WORDS, Judge

from tests.unit.services.msg_writer import Msg, Value, write_msg  # noqa: E402

Row = dict[int, Value]
CORPORA = (ROOT / "tests" / "corpus" / "messages", ROOT.parent / "shared" / "corpus")
LONGEST = 64 * 1024
GROWN = 300 * 1024  # bytes that a repeated piece is grown to, now and then
SLOWEST = 40
SUSPECT = 0.6  # seconds a megabyte, under instrumentation
BASE = 16 * 1024  # bytes; what any message costs beside its size


class Slowest:
    """Keeps the inputs that took longest for their size."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: list[tuple[float, Path]] = []
        self._count = 0

    def look_at(self, data: bytes, spent: float) -> None:
        """Keep an input if ``spent``, the seconds a message of it took, is much."""
        rate = spent / (len(data) + BASE) * 1024**2
        if rate < SUSPECT or (len(self._kept) == SLOWEST and rate <= self._kept[0][0]):
            return
        self._count += 1
        path = self._folder / f"{rate:.2f}-{self._count}"
        path.write_bytes(data)
        self._kept.append((rate, path))
        self._kept.sort(key=lambda pair: pair[0])
        if len(self._kept) > SLOWEST:
            self._kept.pop(0)[1].unlink()


def seeds(lines: Iterable[str]) -> list[bytes]:
    """Return the real notices to begin with, each behind the byte that says what it is."""
    files = [path for corpus in CORPORA for path in sorted(corpus.rglob("*")) if is_mail_file(path)]
    mails = [raw for path in files if len(raw := path.read_bytes()) <= LONGEST]
    found = [bytes([MESSAGE]) + raw for raw in mails]
    found += [
        bytes([MAILBOX]) + b"".join(b"From a@b Mon Nov 23 01:07:49 2026\n" + raw for raw in batch)
        for batch in zip(mails[::7], mails[1::7], mails[2::7], strict=False)
    ]
    found += [bytes([(WORDS, TEXT)[index % 2]]) + line.encode() for index, line in enumerate(lines)]
    return [*found, *(bytes([OUTLOOK]) + raw for raw in outlook_files())]


def is_mail_file(path: Path) -> bool:
    return path.is_file() and path.suffix not in {".toml", ".jsonl", ".md"}


def outlook_files() -> list[bytes]:
    person: Row = {
        0x0C15: 1,
        0x3001: "Dana",
        0x39FE: "dana@x.example",
        0x1001: "550 5.1.1 no",
        0x0C1B: "x",
    }
    report: Row = {
        0x001A: "REPORT.IPM.Note.NDR",
        0x0037: "Undeliverable: Offer",
        0x1000: "550 5.1.1 no",
    }
    note: Row = {
        0x001A: "IPM.Note",
        0x0037: "Offer",
        0x1000: "Hello",
        0x007D: "From: a@x.example\n\n",
    }
    rich: Row = {**note, 0x1009: b"\x00" * 40, 0x1013: b"<p>550 5.1.1 dana@x.example</p>"}
    return [
        write_msg(Msg(report, [person], [Msg(note)])),
        write_msg(Msg(note, [person], [{0x3707: "a.txt", 0x3701: b"550 5.1.1 no"}])),
        write_msg(Msg(rich, [person, person], [Msg(report, [person])])),
    ]


class Mutator:
    """Changes inputs as mail gets broken: cut, doubled, spliced with another, grown by repeats."""

    def __init__(self, stock: list[bytes]) -> None:
        self._stock = stock
        self._lines = sorted({line for raw in stock for line in raw.split(b"\n") if len(line) > 3})

    def __call__(self, data: bytes, max_size: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - chances, not secrets
        changes = (self._spliced, self._with_line, self._doubled, self._without, self._grown)
        weights = (3, 4, 2, 2, 0.2)
        for _ in range(random.randint(1, 3)):
            if random.random() < 0.45:
                data = atheris.Mutate(data, max(len(data), 64))
            else:
                (change,) = random.choices(changes, weights)
                data = change(data or b"\x00", random)
        return data[: max(max_size, GROWN)] or b"\x00"

    def _spliced(self, data: bytes, random: Random) -> bytes:
        other = random.choice(self._stock)
        at, begin = random.randrange(len(data)) + 1, random.randrange(len(other))
        piece = other[begin : begin + random.randrange(2000)]
        return data[:at] + piece + data[at + random.choice((0, len(piece))) :]

    def _with_line(self, data: bytes, random: Random) -> bytes:
        at = max(data.find(b"\n", random.randrange(len(data))) + 1, 1)
        return data[:at] + random.choice(self._lines) + b"\n" + data[at:]

    def _doubled(self, data: bytes, random: Random) -> bytes:
        at, length = random.randrange(len(data)) + 1, random.randrange(600)
        return data[:at] + data[at : at + length] * random.randint(2, 4) + data[at + length :]

    def _without(self, data: bytes, random: Random) -> bytes:
        at, length = random.randrange(len(data)) + 1, random.randrange(600)
        return data[:at] + data[at + length :]

    def _grown(self, data: bytes, random: Random) -> bytes:
        at, length = random.randrange(len(data)) + 1, random.choice((1, 2, 5, 20, 80, 400))
        piece = data[at : at + length] or b"a"
        return data[:at] + piece * (GROWN // len(piece)) + data[at + length :]


def main() -> None:
    folder = Path(sys.argv[1])
    seconds = sys.argv[2] if len(sys.argv) > 2 else "600"
    for name in ("inputs", "slow"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="fuzz-"))
    slowest = Slowest(folder / "slow")
    judge = Judge(scratch)
    reasons = judge.knowledge.reasons.reasons.values()
    stock = seeds(line for reason in reasons for rule in reason.rule for line in rule.hits)
    if not any((folder / "inputs").iterdir()):
        for number, raw in enumerate(stock):
            (folder / "inputs" / f"seed-{number}").write_bytes(raw)

    def one_input(data: bytes) -> None:
        began = process_time()
        messages = judge(data)
        slowest.look_at(data, (process_time() - began) / max(messages, 1))

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={GROWN}",
        "-timeout=30",
        "-rss_limit_mb=3000",
    ]
    options += ["-print_final_stats=1", "-len_control=0", f"-artifact_prefix={folder}{os.sep}"]
    atheris.Setup(
        [sys.argv[0], *options, *sys.argv[3:], str(folder / "inputs")],
        one_input,
        custom_mutator=Mutator(stock),
    )
    with suppress(KeyboardInterrupt):
        atheris.Fuzz()


if __name__ == "__main__":
    main()
