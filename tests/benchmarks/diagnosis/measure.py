"""How many messages a second the diagnosis reads, beside flufl.bounce, in one run on one machine.

Run: python tests/benchmarks/diagnosis/measure.py [ROUNDS]. flufl.bounce finds addresses only; it is
given the parsed message that it asks for, and the parsing counts, as it does for us. Rounds
alternate, so that a busy machine slows all alike; the best round of each counts. The corpus of
real notices beside the project is measured as well where it is there.
"""

import email
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from bounce_assistant.services.examine import examine_message  # noqa: E402 - path first
from bounce_assistant.services.knowledge import Knowledge, load_knowledge  # noqa: E402

OWN = ROOT / "tests" / "corpus" / "messages"
SHARED = ROOT.parent / "shared" / "corpus"
Work = Callable[[Sequence[bytes]], object]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    knowledge = load_knowledge()
    for name, messages in corpora():
        print(f"{name}: {len(messages)} messages")
        compare(messages, rounds, knowledge)
    start_up()
    two_jobs()


def corpora() -> list[tuple[str, list[bytes]]]:
    """Return the corpora that are here: the project's own, and the shared one by what it holds."""
    own = sorted(OWN.glob("*.eml"))
    found = [
        ("own notices", [path.read_bytes() for path in own if not is_ordinary(path)]),
        ("own ordinary mail", [path.read_bytes() for path in own if is_ordinary(path)]),
    ]
    labels = SHARED / "labels.jsonl"
    if labels.exists():
        lines = [json.loads(line) for line in labels.read_text("utf-8").splitlines()]
        for name, is_wanted in (("notices", True), ("ordinary mail", False)):
            found.append(
                (
                    f"shared {name}",
                    [
                        (SHARED / line["file"]).read_bytes()
                        for line in lines
                        if (line["kind"] != "not-a-bounce") is is_wanted
                    ],
                )
            )
    return found


def is_ordinary(path: Path) -> bool:
    return path.name.startswith("ordinary-")


def compare(messages: list[bytes], rounds: int, knowledge: Knowledge) -> None:
    works: dict[str, Work] = {
        "Bounce Assistant": lambda batch: [examine_message(raw, knowledge) for raw in batch]
    }
    other = flufl()
    if other:
        works["flufl.bounce"] = other
    for work in works.values():
        work(messages)  # patterns compiled, caches warm
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            knowledge.reasons.forget()
            begin = time.perf_counter()
            work(messages)
            times[name].append(time.perf_counter() - begin)
    rates = {name: len(messages) / min(spent) for name, spent in times.items()}
    for name, rate in rates.items():
        ratio = rate / rates.get("flufl.bounce", rate)
        print(f"  {name:<18}{rate:8.0f} a second   {ratio:.2f}x")


def flufl() -> Work | None:
    """Return flufl.bounce at work, or None where it is not installed."""
    try:
        from flufl.bounce import scan_message  # noqa: PLC0415
    except ImportError:
        print("flufl.bounce is not installed: no comparison.")
        return None
    return lambda batch: [scan_message(email.message_from_bytes(raw)) for raw in batch]


def start_up() -> None:
    """Print how long `diagnose` of one file takes, Python's own start included."""
    file = next(iter(sorted(OWN.glob("postfix-*.eml"))))
    command = [sys.executable, "-m", "bounce_assistant", "diagnose", "--json", str(file)]
    bare = [sys.executable, "-c", "pass"]
    ours = [spent(command) for _ in range(9)]
    empty = [spent(bare) for _ in range(9)]
    print(
        f"diagnose of one file: {min(ours) * 1000:.0f} ms best, "
        f"{statistics.median(ours) * 1000:.0f} ms median; bare Python {min(empty) * 1000:.0f} ms"
    )


def two_jobs() -> None:
    """Print what --jobs 2 gains over one process, on the own corpus taken many times."""
    paths = [str(OWN)] * 12
    command = [sys.executable, "-m", "bounce_assistant", "diagnose", "--json"]
    one = min(spent([*command, *paths]) for _ in range(3))
    two = min(spent([*command, "--jobs", "2", *paths]) for _ in range(3))
    print(f"--jobs 2: {one / two:.2f}x one process ({one:.2f} s and {two:.2f} s)")


def spent(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
