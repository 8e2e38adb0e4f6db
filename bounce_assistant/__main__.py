"""The program: ``bounce-assistant`` and ``python -m bounce_assistant``."""

import sys

from bounce_assistant import app
from bounce_assistant.cli.main import run


def main() -> None:
    """Run the program with the words of the command line."""
    sys.exit(run(sys.argv[1:], app))


if __name__ == "__main__":
    main()
