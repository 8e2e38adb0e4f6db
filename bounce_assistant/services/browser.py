"""Signing in by browser, for the accounts: begun, finished, renewed."""

import threading
from collections.abc import Callable

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, ProviderSettings
from bounce_assistant.mail.credentials import Token
from bounce_assistant.mail.oauth import AppId, BrowserSignIn, Grant, refresh
from bounce_assistant.mail.providers import Provider, load_providers
from bounce_assistant.mail.secrets import Secrets
from bounce_assistant.mail.tokens import TokenKeeper
from bounce_assistant.services.job import Job

FindApp = Callable[[str], AppId | None]


class Browser:
    """Knows which providers have such a page and whether this program is registered with them."""

    def __init__(self, secrets: Secrets, find_app: FindApp) -> None:
        self._keeper = TokenKeeper(secrets)
        self._find_app = find_app

    def offers(self, settings: ProviderSettings) -> bool:
        """Say whether a provider has a sign-in page for programs."""
        provider = load_providers().by_id(settings.provider)
        return bool(provider and provider.oauth)

    def is_ready(self, settings: ProviderSettings) -> bool:
        """Say whether that page knows this program; if not, there are other ways in."""
        provider = load_providers().by_id(settings.provider)
        return bool(provider and provider.oauth and self._find_app(provider.oauth.app))

    def begin(self, email: str, provider: str) -> BrowserSignIn:
        """Return a sign-in whose ``url`` has to be opened; nothing is asked of the network yet.

        Raises AppError when this program isn't registered with the provider.
        """
        found = load_providers().by_id(provider)
        if found is None or found.oauth is None:
            raise AppError("We know no sign-in page for this account.", "", "Use a password.")
        return BrowserSignIn(found, self._app(found), email)

    def finish(self, begun: BrowserSignIn, job: Job) -> Grant:
        """Wait until the user comes back; AppError says why it came to nothing."""
        stopped = threading.Event()
        job.on_cancel(stopped.set)
        return begun.finish(stopped)

    def keep(self, email: str, grant: Grant) -> None:
        self._keeper.keep(email, grant)

    def forget(self, email: str) -> None:
        self._keeper.forget(email)

    def is_signed_in(self, email: str) -> bool:
        return self._keeper.has(email)

    def token(self, account: Account, provider: Provider, job: Job) -> Token:
        """Return what a connected account signs in with; renewed when it is used."""
        stopped = threading.Event()
        job.on_cancel(stopped.set)

        def fetch(is_refused: bool) -> str:  # noqa: FBT001 - as Token.fetch
            return self._keeper.token(
                account.email,
                provider.company,
                lambda lasting: refresh(provider, self._app(provider), lasting, stopped),
                is_refused=is_refused,
            )

        return Token(fetch)

    def _app(self, provider: Provider) -> AppId:
        app = self._find_app(provider.oauth.app) if provider.oauth else None
        if app is None:
            raise AppError(
                f"{provider.company} doesn't know Bounce Assistant yet.",
                "Nobody has registered an app id with it.",
                "Enter your organisation's app id in Settings, or use another way to sign in.",
            )
        return app
