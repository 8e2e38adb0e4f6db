"""Says what Surroundings hears, a line each, until its standard input ends."""

import sys

from PySide6.QtCore import QCoreApplication, QSocketNotifier

from bounce_assistant.ui.surroundings import Surroundings


def main() -> None:
    """Listen on the system's bus, which is the test's own."""
    app = QCoreApplication([])
    heard = Surroundings(app)
    heard.settle.setInterval(200)

    def tell() -> None:
        words = {"online": heard.is_online, "metered": heard.is_metered}
        say(" ".join(name for name, so in {**words, "battery": heard.is_on_battery}.items() if so))

    def say(words: str) -> None:
        print(words, flush=True)  # noqa: T201 - for the test

    heard.changed.connect(tell)
    heard.moved.connect(lambda: say("moved"))
    end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, app)
    end.activated.connect(app.quit)
    tell()
    app.exec()


if __name__ == "__main__":
    main()
