"""Access tokens of the accounts: in memory for an hour, what renews them in the keychain."""

import threading
from collections import defaultdict
from collections.abc import Callable

from bounce_assistant.mail.oauth import Grant
from bounce_assistant.mail.problems import SignInRefusedError
from bounce_assistant.mail.secrets import Secrets
from bounce_assistant.mail.sign_in_problems import explain_sign_in_again

Renew = Callable[[str], Grant]  # a refresh token in, what it gives out


class TokenKeeper:
    """One for the program; several connections may ask at once, the network is asked once."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._grants: dict[str, Grant] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def __repr__(self) -> str:
        return f"TokenKeeper({len(self._grants)} kept)"

    def keep(self, email: str, grant: Grant) -> None:
        """Remember what a sign-in gave; only the lasting token goes to the keychain."""
        before = self._grants.get(email)
        self._grants[email] = grant
        if before is None or before.refresh_token != grant.refresh_token:
            self._secrets.put(_key(email), grant.refresh_token)

    def forget(self, email: str) -> None:
        self._grants.pop(email, None)
        self._secrets.remove(_key(email))

    def has(self, email: str) -> bool:
        """Say whether an account is signed in, as far as we know."""
        return email in self._grants or bool(self._secrets.get(_key(email)))

    def token(self, email: str, company: str, renew: Renew, *, is_refused: bool) -> str:
        """Return an access token that should be good; a new one when the last was refused.

        Raises SignInRefusedError when the permission was taken back (then it is forgotten), or
        whatever ``renew`` raises.
        """
        with self._locks[email]:
            grant = self._grants.get(email)
            if grant and grant.is_good and not is_refused:
                return grant.access_token
            lasting = grant.refresh_token if grant else self._secrets.get(_key(email))
            if not lasting:
                raise explain_sign_in_again(company)
            try:
                renewed = renew(lasting)
            except SignInRefusedError:
                self.forget(email)
                raise
            self.keep(email, renewed)
            return renewed.access_token


def _key(email: str) -> str:
    return f"{email} (signed in by browser)"
