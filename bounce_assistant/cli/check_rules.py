"""``check-rules``: loads and proves every data file."""

import argparse
import sys

from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.services.prove import prove_all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``check-rules`` has no options."""
    parser.description = "Load every data file; try each rule on the lines it must hit and miss."


def run(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command has the same form
    """Print what is wrong, a line each; 1 if anything is."""
    proof = prove_all(load_knowledge())
    for problem in proof.problems:
        print(problem, file=sys.stderr)
    print(f"{proof.files} data files, {proof.rules} rules, {proof.lines} lines tried.")
    return 1 if proof.problems else 0
