"""``explain``: what a server's words mean."""

import argparse
import sys

from bounce_assistant.cli.table import advice_lines
from bounce_assistant.errors import AppError
from bounce_assistant.services.examine import examine_message, examine_words
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.sources import in_utf8, is_mail


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the words of ``explain``."""
    parser.add_argument("words", nargs="+", metavar="WORDS", help="as pasted; - for standard input")


def run(options: argparse.Namespace) -> int:
    """Print what happened, who acts, how sure and why for each person the words name."""
    words = " ".join(options.words)
    if words == "-":
        words = in_utf8(sys.stdin.buffer.read()).decode("utf-8-sig", "replace")
    if not words.strip():
        raise AppError("There are no words to explain.", next_step="Paste what the server said.")
    knowledge = load_knowledge()
    raw = words.strip().encode("utf-8", "replace")
    examination = (
        examine_message(raw, knowledge) if is_mail(raw) else examine_words(words, knowledge)
    )
    if not examination.diagnoses:
        print("This looks like an ordinary email, not a bounce.")
    for diagnosis in examination.diagnoses:
        print("\n".join(advice_lines(diagnosis, examination.report, knowledge)))
    return 0
