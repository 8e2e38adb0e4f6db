"""What mail companies know this program by: shipped, an organisation's, or from Settings."""

import threading
from dataclasses import replace
from pathlib import Path

from bounce_assistant import paths, resources
from bounce_assistant.mail.oauth import AppId
from bounce_assistant.mail.secrets import Secrets
from bounce_assistant.services.app_id_file import parse_app_ids, read_app_ids
from bounce_assistant.store.settings import StoredSettings

FILE = "oauth_apps.toml"


class AppIds:
    """Finds the app id of a firm: Settings first, then the settings folder, then ours."""

    def __init__(
        self, settings: StoredSettings, secrets: Secrets, folder: Path | None = None
    ) -> None:
        """``folder`` is where a person or an organisation may lay a file of their own."""
        self._settings, self._secrets, self._folder = settings, secrets, folder
        self._moving = threading.Lock()  # one reader at a time: it may change the file

    def find(self, app: str) -> AppId | None:
        """Return the app id for a firm, as providers name it; None when nobody registered one.

        Raises AppError when the organisation's file can't be used, or holds a secret that can't be
        moved into the keychain.
        """
        if own := self.own(app):
            return AppId(own, self._secrets.get(_secret_key(app)))
        with self._moving:
            theirs = read_app_ids((self._folder or paths.config_dir()) / FILE, self._secrets)
        if found := theirs.get(app):
            return found
        ours = parse_app_ids(FILE, resources.read_text(FILE)).get(app)
        return AppId(ours.client_id, ours.client_secret) if ours else None

    def own(self, app: str) -> str:
        """Return what stands in Settings; empty when nothing does."""
        pairs = (pair.partition("=") for pair in self._settings.load().app_ids)
        return next((client_id for name, _, client_id in pairs if name == app), "")

    def set_own(self, app: str, client_id: str, client_secret: str = "") -> None:
        """Use another app id from now on; empty goes back to the usual one.

        The secret goes to the keychain. Accounts that signed in with the one before sign in again.
        """
        settings = self._settings.load()
        others = tuple(p for p in settings.app_ids if p.partition("=")[0] != app)
        client_id = "".join(client_id.split())
        mine = (f"{app}={client_id}",) if client_id else ()
        self._settings.save(replace(settings, app_ids=others + mine))
        if client_id and client_secret.strip():
            self._secrets.put(_secret_key(app), client_secret.strip())
        else:
            self._secrets.remove(_secret_key(app))


def check_app_ids() -> None:
    """Read the shipped file; AppError says what is wrong with it."""
    parse_app_ids(FILE, resources.read_text(FILE))


def _secret_key(app: str) -> str:
    return f"app secret of {app}"
