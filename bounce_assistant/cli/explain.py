"""``explain``: what a server's words mean."""

import argparse
import sys

from bounce_assistant.advice.advise import advise
from bounce_assistant.cli.table import printable
from bounce_assistant.errors import AppError
from bounce_assistant.services.examine import examine_message, examine_words
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.sources import is_mail


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the words of ``explain``."""
    parser.add_argument("words", nargs="+", metavar="WORDS", help="as pasted; - for standard input")


def run(options: argparse.Namespace) -> int:
    """Print title, sentence, who acts and why for each person the words name."""
    words = " ".join(options.words)
    if words == "-":
        words = sys.stdin.buffer.read().decode("utf-8", "replace")
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
        advice = advise(diagnosis, examination.report, knowledge.handbook)
        print(printable(advice.title))
        print(f"  {printable(advice.sentence)}")
        print(f"  Who acts: {advice.who_acts.value}. How sure: {diagnosis.certainty.value}.")
        print(f"  ({diagnosis.reason}, {diagnosis.bounce_type.value})")
        for each in diagnosis.evidence:
            print(f'  "{printable(each.text)[:100]}": {each.says}')
    return 0
