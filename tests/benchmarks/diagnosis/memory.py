"""Whether memory stays flat: 100,000 messages in one process, a big mailbox file with --jobs.

Run: python tests/benchmarks/diagnosis/memory.py [MESSAGES]

Each message is a little different from all before, so that nothing can be remembered whole.
"""

import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from bounce_assistant.services.describe import describe  # noqa: E402 - path first
from bounce_assistant.services.examine import examine_message  # noqa: E402
from bounce_assistant.services.knowledge import load_knowledge  # noqa: E402

OWN = ROOT / "tests" / "corpus" / "messages"
MAILBOXES = (2000, 20_000)  # messages
SEPARATOR = b"From MAILER-DAEMON Mon Nov 23 01:07:49 2026\n"
# Runs a command and prints the most memory, in kB, that a process below it took.
PEAK = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); \
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    one_process(count)
    mailbox_files()


def messages(count: int) -> "islice[bytes]":
    raws = cycle([path.read_bytes() for path in sorted(OWN.glob("*.eml"))])
    return islice(
        (raw.replace(b"example", b"x%07d" % number) for number, raw in enumerate(raws)), count
    )


def one_process(count: int) -> None:
    knowledge = load_knowledge()
    for number, raw in enumerate(messages(count), start=1):
        describe("a.eml", examine_message(raw, knowledge), knowledge)
        if number in {count // 100, count // 10, count // 2, count}:
            print(f"{number:>7} messages in one process: {resident() / 1024:6.1f} MB")


def resident() -> int:
    """Return the memory this process has now, in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.split("\n") if line.startswith("VmRSS"))


def mailbox_files() -> None:
    """Print what the biggest process takes for a mailbox file, and for one ten times as long."""
    command = [sys.executable, "-m", "bounce_assistant", "diagnose", "--json", "--jobs", "2"]
    for count in MAILBOXES:
        with tempfile.NamedTemporaryFile(suffix=".mbox") as file:
            for raw in messages(count):
                file.write(SEPARATOR + raw.replace(b"\nFrom ", b"\n>From ") + b"\n")
            file.flush()
            told = subprocess.run(
                [sys.executable, "-c", PEAK, *command, file.name],
                cwd=ROOT,
                capture_output=True,
                check=True,
            )
            size = Path(file.name).stat().st_size / 1024**2
        peak = int(told.stdout) / 1024
        print(f"{count:>7} messages of one file ({size:.0f} MB), --jobs 2: {peak:6.1f} MB at most")


if __name__ == "__main__":
    main()
