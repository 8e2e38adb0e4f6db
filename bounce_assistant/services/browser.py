"""Signing in by browser, for the accounts: begun, finished, renewed."""

import threading
from typing import Protocol

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account, ProviderSettings
from bounce_assistant.mail.credentials import Token
from bounce_assistant.mail.oauth import AppId, BrowserSignIn, Grant, refresh
from bounce_assistant.mail.providers import Provider, load_providers
from bounce_assistant.mail.secrets import Secrets
from bounce_assistant.mail.tokens import TokenKeeper
from bounce_assistant.services.job import Job


class Apps(Protocol):
    """App ids by firm, as ``AppIds`` keeps them."""

    def find(self, app: str) -> AppId | None: ...

    def own(self, app: str) -> str: ...

    def set_own(self, app: str, client_id: str, client_secret: str = "") -> None: ...


class MemoryApps:
    """For tests and trials: what is set is known until the program ends."""

    def __init__(self, **known: AppId) -> None:
        self._known = known

    def find(self, app: str) -> AppId | None:
        return self._known.get(app)

    def own(self, app: str) -> str:
        found = self._known.get(app)
        return found.client_id if found else ""

    def set_own(self, app: str, client_id: str, client_secret: str = "") -> None:
        if client_id:
            self._known[app] = AppId(client_id, client_secret)
        else:
            self._known.pop(app, None)


def explain_unregistered(company: str) -> AppError:
    """Say that a company's sign-in page doesn't know this program."""
    return AppError(
        f"{company} doesn't know Bounce Assistant yet.",
        "Nobody has registered an app id with it.",
        "Enter your organisation's app id in Settings, or use another way to sign in.",
    )


class Browser:
    """Knows which providers have such a page and whether this program is registered with them."""

    def __init__(self, secrets: Secrets, apps: Apps) -> None:
        self._keeper = TokenKeeper(secrets)
        self.apps = apps

    def offers(self, settings: ProviderSettings) -> bool:
        """Say whether a provider has a sign-in page for programs."""
        provider = load_providers().by_id(settings.provider)
        return bool(provider and provider.oauth)

    def is_ready(self, settings: ProviderSettings) -> bool:
        """Say whether that page knows this program; if not, there are other ways in."""
        return self._look_up(settings)[0] is not None

    def problem(self, settings: ProviderSettings) -> AppError | None:
        """Return why an app id that was laid down can't be used; None when nothing is wrong."""
        return self._look_up(settings)[1]

    def _look_up(self, settings: ProviderSettings) -> tuple[AppId | None, AppError | None]:
        provider = load_providers().by_id(settings.provider)
        if provider is None or provider.oauth is None:
            return None, None
        try:
            return self.apps.find(provider.oauth.app), None
        except AppError as problem:
            return None, problem

    def gives_secret(self, settings: ProviderSettings) -> bool:
        """Say whether a firm hands out a secret with its app ids."""
        provider = load_providers().by_id(settings.provider)
        return bool(provider and provider.oauth and provider.oauth.gives_secret)

    def set_app_id(
        self, settings: ProviderSettings, client_id: str, client_secret: str = ""
    ) -> None:
        """Use an app id with the provider of these settings from now on."""
        provider = load_providers().by_id(settings.provider)
        if provider and provider.oauth:
            self.apps.set_own(provider.oauth.app, client_id, client_secret)

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
        app = self.apps.find(provider.oauth.app) if provider.oauth else None
        if app is None:
            raise explain_unregistered(provider.company)
        return app
