"""How many messages a second the diagnosis reads, beside other decoders, in one run on one machine.

Run: python tests/benchmarks/diagnosis/measure.py [ROUNDS]

flufl.bounce finds addresses only; it is given the parsed message that it asks for, and the parsing
counts, as it does for us. Sisimai's Perl build is measured where perl has it. Each message counts
once: what is remembered of a server's words is dropped before each round, but for the row "again",
which is what an inbox full of the same replies gains. Rounds alternate and the best of each
counts; it is processor time, for others may be at work on the machine. The corpus of real notices
beside the project is measured as well where it is there.
"""

import email
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from shutil import which
from typing import NamedTuple

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
    def ours(batch: Sequence[bytes]) -> object:
        return [examine_message(raw, knowledge) for raw in batch]

    def ours_anew(batch: Sequence[bytes]) -> object:
        knowledge.reasons.forget()
        return ours(batch)

    works: dict[str, Work] = {"Bounce Assistant": ours_anew, "  the same again": ours}
    other = flufl()
    if other:
        works["flufl.bounce"] = other
    for work in works.values():
        work(messages)  # patterns compiled, caches warm
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begin = time.process_time()
            work(messages)
            times[name].append(time.process_time() - begin)
    rates = {name: len(messages) / min(spent) for name, spent in times.items()}
    rates |= sisimai(messages)
    for name, rate in rates.items():
        print(f"  {name:<18}{rate:8.0f} a second   {rate / rates['flufl.bounce']:6.2f}x" if other
              else f"  {name:<18}{rate:8.0f} a second")  # fmt: skip


def sisimai(messages: list[bytes]) -> dict[str, float]:
    """Return what Sisimai's Perl build does a second with the messages, where it is installed."""
    if not has_sisimai():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for number, raw in enumerate(messages):
            (Path(folder) / f"{number:05}.eml").write_bytes(raw)
        script = 'my $do = Sisimai->can("rise") || Sisimai->can("make"); my ($t) = times; '
        script += '$do->("Sisimai", $ARGV[0]); my ($now) = times; print $now - $t'
        command = ["perl", "-MSisimai", "-e", script, folder]
        told = [subprocess.run(command, capture_output=True, check=True) for _ in range(2)]
    return {"Sisimai (Perl)": len(messages) / min(float(each.stdout) for each in told)}


@cache
def has_sisimai() -> bool:
    command = ["perl", "-MSisimai", "-e", "1"]
    is_here = (
        bool(which("perl"))
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )
    if not is_here:
        print("perl has no Sisimai here (Debian: libsisimai-perl): no comparison with it.")
    return is_here


def flufl() -> Work | None:
    """Return flufl.bounce at work, or None where it is not installed."""
    try:
        from flufl.bounce import scan_message  # noqa: PLC0415
    except ImportError:
        print("flufl.bounce is not installed: no comparison.")
        return None
    return lambda batch: [scan_message(email.message_from_bytes(raw)) for raw in batch]


def start_up() -> None:
    """Print how long `diagnose` of one file takes, Python's own start included.

    As it is once installed: Python finds the program's bytecode.
    """
    file = next(iter(sorted(OWN.glob("postfix-*.eml"))))
    command = [sys.executable, "-m", "bounce_assistant", "diagnose", "--json", str(file)]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as bytecode, tempfile.TemporaryDirectory() as cache_home:
        os.environ["PYTHONPYCACHEPREFIX"] = bytecode
        os.environ["XDG_CACHE_HOME"] = f"{cache_home}/before"
        without_bytecode = spent(command)
        os.environ["XDG_CACHE_HOME"] = cache_home
        first = spent(command)
        pairs = [(spent(command), spent([sys.executable, "-c", "pass"])) for _ in range(15)]
        del os.environ["PYTHONPYCACHEPREFIX"]
    ours, bare = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(f"diagnose of one file, beside bare Python: {told(ours)}, {told(bare)}")
    print(f"  the first time, when nothing is kept yet: {told(first)}")
    print(f"  and without the program's bytecode: {told(without_bytecode)}")


def two_jobs() -> None:
    """Print what --jobs 2 gains over one process, on the own corpus taken many times.

    The second figure is what it would be if nobody else were at work on two cores.
    """
    with tempfile.TemporaryDirectory() as folder:
        for number, raw in enumerate(path.read_bytes() for path in sorted(OWN.glob("*.eml")) * 8):
            (Path(folder) / f"{number:05}.eml").write_bytes(raw)
        command = [sys.executable, "-m", "bounce_assistant", "diagnose", "--json"]
        one = min(spent([*command, folder]) for _ in range(3))
        two = min(spent([*command, "--jobs", "2", folder]) for _ in range(3))
    print(f"--jobs 2: {one.wall / two.wall:.2f}x one process as measured,")
    print(f"  {2 * one.cpu / two.cpu:.2f}x by processor time ({told(one)}; {told(two)})")


class Spent(NamedTuple):
    """Seconds by the clock and of the processors."""

    wall: float
    cpu: float


def told(spent: Spent) -> str:
    return f"{spent.wall * 1000:.0f} ms ({spent.cpu * 1000:.0f} ms of processor)"


def spent(command: list[str]) -> Spent:
    before, begin = os.times(), time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    after = os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Spent(time.perf_counter() - begin, cpu)


if __name__ == "__main__":
    main()
