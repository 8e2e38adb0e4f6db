"""Passwords: in the system's keychain, or in memory until the program ends. Nowhere else."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Bounce Assistant"

# Windows keeps 2,560 bytes in one entry, two for each character; Microsoft's tokens are longer.
_PART_LENGTH = 1000
_MARK = "\x1f"  # no password begins with it

# Only stores that the operating system guards; keyring also knows plain files.
_KEYCHAINS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


class Secrets(Protocol):
    """Keeps one password per e-mail address."""

    @property
    def is_lasting(self) -> bool:
        """Whether what is put here is still there after the program ends."""

    @property
    def is_locked(self) -> bool:
        """Whether the last question went unanswered because the keychain is locked."""

    def get(self, email: str) -> str:
        """Return the password of an address; empty when none is kept."""

    def put(self, email: str, password: str) -> None: ...

    def remove(self, email: str) -> None:
        """Forget the password of an address; nothing happens when there is none."""


class MemorySecrets:
    """For computers without a keychain, and for passwords given for one run only."""

    is_lasting = False
    is_locked = False

    def __init__(self) -> None:
        self._passwords: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"MemorySecrets({len(self._passwords)} kept)"

    def get(self, email: str) -> str:
        return self._passwords.get(email, "")

    def put(self, email: str, password: str) -> None:
        self._passwords[email] = password

    def remove(self, email: str) -> None:
        self._passwords.pop(email, None)


class KeychainSecrets:
    """The keychain of the system, opened at the first question; memory when it has none."""

    def __init__(self, backend: "KeyringBackend | None" = None) -> None:
        self._backend = backend
        self._is_opened = backend is not None
        self._memory = MemorySecrets()
        self.is_locked = False

    @property
    def is_lasting(self) -> bool:
        return self._keychain() is not None

    def get(self, email: str) -> str:
        if kept := self._memory.get(email):
            return kept
        from keyring.errors import KeyringError, KeyringLocked  # noqa: PLC0415 - start-up time

        self.is_locked = False
        try:
            keychain = self._keychain()
            return _read(keychain, email) if keychain else ""
        except KeyringLocked:
            self.is_locked = True
            return ""
        except KeyringError:  # its service went away
            return ""

    def put(self, email: str, password: str) -> None:
        from keyring.errors import KeyringError  # noqa: PLC0415 - costs start-up time

        try:
            if keychain := self._keychain():
                _write(keychain, email, password)
                self._memory.remove(email)
                return
        except KeyringError:
            self._backend = None  # it refuses: from now on say that nothing lasts
        self._memory.put(email, password)

    def remove(self, email: str) -> None:
        from keyring.errors import KeyringError  # noqa: PLC0415 - costs start-up time

        self._memory.remove(email)
        try:
            if keychain := self._keychain():
                _delete(keychain, email)
        except KeyringError:  # there was none, or the keychain is locked
            return

    def _keychain(self) -> "KeyringBackend | None":
        if not self._is_opened:
            self._backend, self._is_opened = _system_keychain(), True
        return self._backend


def _read(keychain: "KeyringBackend", email: str) -> str:
    first = keychain.get_password(SERVICE, email) or ""
    if not first.startswith(_MARK):
        return first
    count, _, start = first[1:].partition(_MARK)
    more = [keychain.get_password(SERVICE, _part(email, n)) for n in range(1, int(count))]
    return start + "".join(filter(None, more)) if all(more) else ""


def _write(keychain: "KeyringBackend", email: str, password: str) -> None:
    _forget_parts(keychain, email)
    cuts = range(0, len(password), _PART_LENGTH)
    parts = [password[start : start + _PART_LENGTH] for start in cuts]
    for number, part in enumerate(parts[1:], start=1):
        keychain.set_password(SERVICE, _part(email, number), part)
    mark = f"{_MARK}{len(parts)}{_MARK}" if len(parts) > 1 else ""
    keychain.set_password(SERVICE, email, mark + "".join(parts[:1]))


def _delete(keychain: "KeyringBackend", email: str) -> None:
    _forget_parts(keychain, email)
    keychain.delete_password(SERVICE, email)


def _forget_parts(keychain: "KeyringBackend", email: str) -> None:
    first = keychain.get_password(SERVICE, email) or ""
    count = int(first[1:].partition(_MARK)[0]) if first.startswith(_MARK) else 1
    for number in range(1, count):
        keychain.delete_password(SERVICE, _part(email, number))


def _part(email: str, number: int) -> str:
    return f"{email} ({number})"


def _system_keychain() -> "KeyringBackend | None":
    import keyring  # noqa: PLC0415 - costs start-up time

    chosen = keyring.get_keyring()
    # A chainer tries one store after the other, plain files among them.
    stores = list(getattr(chosen, "backends", [])) or [chosen]
    return next((store for store in stores if _is_keychain(store)), None)


def _is_keychain(store: "KeyringBackend") -> bool:
    return type(store).__module__ in _KEYCHAINS
