"""What the campaigns do with an input: all that the program does with what a person points at.

The first byte says what an input stands for: a message, a file (mbox, .msg, .txt), pasted words.
"""

from pathlib import Path

from bounce_assistant.services.describe import describe
from bounce_assistant.services.examine import case_diagnoses, examine_message, examine_words
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.sources import read_sources

MESSAGE, MAILBOX, OUTLOOK, TEXT, WORDS = range(5)
SUFFIXES = {MAILBOX: ".mbox", OUTLOOK: ".msg", TEXT: ".txt"}


class Judge:
    """Judges inputs, up to text that can be written to a file; ``scratch`` is a folder to use."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self.knowledge = load_knowledge()

    def __call__(self, data: bytes) -> int:
        """Judge an input; return how many messages it held."""
        what, raw = (data[0] % 5 if data else MESSAGE), data[1:]
        if what in SUFFIXES:
            path = self._scratch / f"a{SUFFIXES[what]}"
            path.write_bytes(raw)
            sources = [one for one in read_sources([str(path)]) if not one.problem]
            for source in sources:
                self._judge(source.raw, is_words=source.is_words)
            return len(sources)
        self._judge(raw, is_words=what == WORDS)
        return 1

    def forget(self) -> None:
        """Drop what is remembered of earlier inputs."""
        self.knowledge.reasons.forget()

    def _judge(self, raw: bytes, *, is_words: bool) -> None:
        if is_words:
            examination = examine_words(raw.decode("utf-8", "replace"), self.knowledge)
        else:
            examination = examine_message(raw, self.knowledge)
        case_diagnoses(examination)
        str(describe("a.eml", examination, self.knowledge)).encode("utf-8")
