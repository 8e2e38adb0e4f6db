"""What the user can take back: the last acts, newest first, for this run of the program."""

from collections import deque
from collections.abc import Callable

_DEPTH = 50


class Undo:
    """Keeps how each act is taken back, and the sentence that says so."""

    def __init__(self) -> None:
        self._acts: deque[tuple[str, Callable[[], object]]] = deque(maxlen=_DEPTH)

    def remember(self, sentence: str, take_back: Callable[[], object]) -> None:
        """Remember an act; ``sentence`` is told when it has been taken back.

        ``take_back`` may return a sentence of its own instead, such as that it came too late.
        """
        self._acts.append((sentence, take_back))

    def last(self) -> str:
        """Take back the last act and return its sentence; "" when there is none.

        Raises AppError when the store is out of reach; the act can then be tried again.
        """
        if not self._acts:
            return ""
        sentence, take_back = self._acts[-1]
        answer = take_back()
        self._acts.pop()
        return answer if isinstance(answer, str) and answer else sentence
