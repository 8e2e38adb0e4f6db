"""An organisation's own app ids, in a file beside the settings; its secrets go to the keychain."""

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from bounce_assistant.errors import AppError
from bounce_assistant.mail.oauth import AppId
from bounce_assistant.mail.secrets import Secrets

_SECRET = re.compile(r"^[ \t]*client_secret[ \t]*=.*$", re.MULTILINE)
_MOVED = "# client_secret: Bounce Assistant moved it into this computer's keychain"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One firm's: TOML's ``[google]``."""

    client_id: str
    client_secret: str = ""


def parse_app_ids(name: str, text: str) -> Mapping[str, Entry]:
    """Return the entries of a file by firm; AppError names the file and what is wrong with it."""
    try:
        return msgspec.toml.decode(text, type=dict[str, Entry])
    except msgspec.DecodeError as error:
        raise AppError(f"We can't use {name}.", f"{error}.", "Correct it or remove it.") from error


def read_app_ids(path: Path, secrets: Secrets) -> Mapping[str, AppId]:
    """Return the app ids of a file; empty when there is none.

    A secret in it is moved into the keychain at the first read, and a line in the file says so.
    Raises AppError when the file can't be used, or when a secret in it can't be moved.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeError) as error:
        raise AppError(f"We can't read {path}.", "", "Check the file, or remove it.") from error
    entries = parse_app_ids(str(path), text)
    if any(entry.client_secret for entry in entries.values()):
        _move_secrets(path, text, entries, secrets)
    return {
        app: AppId(entry.client_id, entry.client_secret or secrets.get(_key(app, entry.client_id)))
        for app, entry in entries.items()
    }


def _move_secrets(path: Path, text: str, entries: Mapping[str, Entry], secrets: Secrets) -> None:
    """Keep the secrets first, then blank the file: whatever happens between, none is lost."""
    for app, entry in entries.items():
        if entry.client_secret:
            key = _key(app, entry.client_id)
            if not secrets.is_lasting:
                raise _no_keychain(path)
            if secrets.get(key) != entry.client_secret:
                secrets.put(key, entry.client_secret)
    if not secrets.is_lasting:  # it refused only when asked to keep something
        raise _no_keychain(path)
    blank = _SECRET.sub(_MOVED, text)
    bare = {app: Entry(entry.client_id) for app, entry in entries.items()}
    if path.is_symlink() or _entries_of(blank) != bare:
        raise _not_ours_to_change(path)
    try:
        _write_over(path, blank)
    except OSError:
        raise _not_ours_to_change(path) from None


def _entries_of(text: str) -> Mapping[str, Entry]:
    with suppress(msgspec.DecodeError):
        return msgspec.toml.decode(text, type=dict[str, Entry])
    return {}


def _write_over(path: Path, text: str) -> None:
    """Put another text in a file's place at one stroke, readable to the same people."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    half = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        half.chmod(path.stat().st_mode & 0o777)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _no_keychain(path: Path) -> AppError:
    return AppError(
        f"There is an app secret in {path}, and this computer has no keychain to keep it in.",
        "Secrets are kept in a keychain or not at all.",
        "Take client_secret out of the file; in Settings it can be typed for one session.",
    )


def _not_ours_to_change(path: Path) -> AppError:
    return AppError(
        f"There is an app secret in {path}, where others could read it.",
        "We keep it in this computer's keychain now, but couldn't take it out of the file.",
        "Take the line client_secret out of it, and sign in again.",
    )


def _key(app: str, client_id: str) -> str:
    return f"app secret of {app} for {client_id}"
