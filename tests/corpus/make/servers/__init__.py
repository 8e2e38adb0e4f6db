"""One file per mail server: its configuration and how it is started."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server under test, and the agent who sends through it."""

    key: str
    made_with: str
    root: str  # key of roots.PACKAGES
    ip: str
    host: str
    sender: str
    sender_name: str
    configure: Callable[["Server", Path], list[str]]  # writes files, returns the start command
    hosts: tuple[str, ...] = ()  # domains it receives for
    port: int = 25
    pipe: tuple[str, ...] = ()  # submission program, where it does not listen

    @property
    def domain(self) -> str:
        return self.sender.partition("@")[2]
