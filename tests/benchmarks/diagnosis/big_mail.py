"""How long mail takes that is big or built to take long, in milliseconds a megabyte.

Run: python tests/benchmarks/diagnosis/big_mail.py

The heaps are those of tests/unit/test_hostile.py, one megabyte of each; beside them a message of
25 MB and messages inside messages. The goal is 50 ms a megabyte.
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from tests.unit.test_hostile import GROUP, HEAD, KNOWLEDGE, PILES, STATUS, judge  # noqa: E402

MEGABYTE = 1024 * 1024
GOAL = 50  # milliseconds
SHOWN = 8
PASSED_ON = (
    HEAD.replace(b"failure notice", b"Fwd: hello")
    + b"Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: message/rfc822\n\n"
)


def main() -> None:
    mails = {name: head + piece * (MEGABYTE // len(piece)) for name, (head, piece) in PILES.items()}
    picture = b"--b\nContent-Type: message/rfc822\n\nSubject: x\n\n" + b"QUJD" * 18 + b"\n"
    mails["a notice with 25 MB of our mail"] = STATUS + GROUP % 7 + picture * (25 * MEGABYTE // 120)
    mails["a notice inside 2,000 messages"] = PASSED_ON * 2000 + STATUS + GROUP % 7
    rates = {name: milliseconds(raw) / len(raw) * MEGABYTE for name, raw in mails.items()}
    above = [name for name, rate in rates.items() if rate > GOAL]
    print(f"{len(rates)} kinds of mail, {len(above)} above {GOAL} ms a megabyte; the slowest:")
    for name in sorted(rates, key=lambda name: -rates[name])[:SHOWN]:
        print(f"  {rates[name]:6.1f} ms a megabyte  {name}")


def milliseconds(raw: bytes) -> float:
    """Return the processor time of one message, at best of three."""
    best = float("inf")
    for _ in range(3):
        KNOWLEDGE.reasons.forget()
        begin = time.process_time()
        judge(raw)
        best = min(best, time.process_time() - begin)
    return best * 1000


if __name__ == "__main__":
    main()
