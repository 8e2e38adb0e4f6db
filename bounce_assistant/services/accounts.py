"""The accounts a user connected: set up, tried, remembered, forgotten."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail import autodiscover
from bounce_assistant.mail.accounts import (
    Account,
    ProviderSettings,
    account_from,
    domain_of,
)
from bounce_assistant.mail.credentials import Credential, Password, Token
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.mailbox import Mailbox, SentBox
from bounce_assistant.mail.mailer import NotReachedError
from bounce_assistant.mail.oauth import Grant
from bounce_assistant.mail.outside import Network
from bounce_assistant.mail.problems import MailServerError, ProblemKind, SignInRefusedError
from bounce_assistant.mail.providers import Provider, load_providers
from bounce_assistant.mail.secrets import MemorySecrets, Secrets
from bounce_assistant.services.browser import Browser, MemoryApps
from bounce_assistant.services.job import Job
from bounce_assistant.services.sending_ways import sending_ways
from bounce_assistant.services.stored_account import account_of, row_of
from bounce_assistant.services.trial import Trial, TrySending, try_both, try_sending
from bounce_assistant.store.accounts import StoredAccounts
from bounce_assistant.store.rows import AccountId

Connect = Callable[[Account, Credential, Line, Provider | None], Mailbox]
ConnectSentBox = Callable[[Account, Credential, Line, Provider | None], SentBox]
Box = TypeVar("Box", Mailbox, SentBox)
Proof = str | Grant  # of who the user is: a password, or what a sign-in by browser gave
_PORTS = range(1, 65536)
# Worth a try at the provider's other server: this one is not there, or not what it should be.
_OTHER_SERVER = {
    ProblemKind.NO_NAME,
    ProblemKind.NO_PORT,
    ProblemKind.NO_ANSWER,
    ProblemKind.NO_TLS,
}


def connect_imap(
    account: Account, credential: Credential, line: Line, provider: Provider | None
) -> Mailbox:
    """Sign in over IMAP; imported when the first connection is made, for a quick start."""
    from bounce_assistant.mail import imap  # noqa: PLC0415 - costs start-up time

    return imap.connect_imap(account, credential, line, provider)


def connect_sent_box(
    account: Account, credential: Credential, line: Line, provider: Provider | None
) -> SentBox:
    """Sign in for copies of what was sent."""
    from bounce_assistant.mail import imap  # noqa: PLC0415 - costs start-up time

    return imap.connect_sent_box(account, credential, line, provider)


class PasswordMissingError(SignInRefusedError):
    """Nothing is kept to sign in with, or the keychain doesn't give it; ask for it.

    ``by_browser``: what is missing is the permission that was given on the company's page.
    """

    def __init__(self, email: str, *, is_locked: bool = False, by_browser: bool = False) -> None:
        what = "sign-in" if by_browser else "password"
        title, next_step = f"There's no {what} kept for {email}.", "Sign in again"
        if is_locked:
            title = f"This computer's keychain is locked, and the {what} for {email} is in it."
            next_step = "Unlock the keychain and check again, or sign in again"
        super().__init__(title, "", f"{next_step} to go on checking it.")


def explain_not_found(email: str, found: autodiscover.Discovery) -> AppError:
    """Say what a look-up that found no settings did find."""
    domain, why = domain_of(email), ""
    if found.gateway:
        why = f"Its mail goes through {found.gateway} first, which doesn't show where it is kept."
    elif found.is_open_only:
        why = "The servers it names take sign-ins without encryption only, so we don't use them."
    return AppError(
        f"We couldn't find the mail servers of {domain}.",
        why,
        "Name the incoming one by hand; your email provider's help page has it.",
    )


class Accounts:
    """Settings live in the store, passwords in the keychain; they meet here only."""

    def __init__(  # noqa: PLR0913 - the edges, each of which a test may change
        self,
        stored: StoredAccounts,
        secrets: Secrets,
        connect: Connect = connect_imap,
        connect_sent: ConnectSentBox = connect_sent_box,
        *,
        browser: Browser | None = None,
        outside: autodiscover.Outside | None = None,
        try_sending: TrySending = try_sending,
    ) -> None:
        self._stored = stored
        self._secrets = secrets
        self._lent = MemorySecrets()
        self._connect, self._connect_sent = connect, connect_sent
        self._try_sending = try_sending
        self._outside = outside or Network()
        self.browser = browser or Browser(secrets, MemoryApps())
        self._checked: set[int] = set()
        self._lock = threading.Lock()

    @property
    def are_passwords_kept(self) -> bool:
        """Whether passwords outlive the program; if not, say so where one is asked for."""
        return self._secrets.is_lasting

    def settings_for(self, email: str) -> ProviderSettings | None:
        """Return the settings of an address by its domain; None when they have to be looked up."""
        return autodiscover.settings_for(email, load_providers())

    def settings_at(self, provider: str, email: str) -> ProviderSettings | None:
        """Return the settings of an address that a provider we know looks after."""
        found = load_providers().by_id(provider)
        return load_providers().settings_of(found, email) if found else None

    def look_up(self, email: str, job: Job) -> autodiscover.Discovery:
        """Ask the network where an address has its mail; seconds at most, AppError if offline."""
        stopped = threading.Event()
        job.on_cancel(stopped.set)
        return autodiscover.discover(email, load_providers(), self._outside, stopped)

    def list(self) -> list[Account]:
        """Return all accounts, oldest first."""
        return [account_of(row) for row in self._stored.list()]

    def find(self, email: str) -> Account | None:
        """Return the account of an address, however it is written."""
        wanted = email.strip().lower()
        return next((a for a in self.list() if a.email.lower() == wanted), None)

    def add(self, account: Account, proof: Proof, job: Job | None = None) -> Account:
        """Keep a new account (``mail.accounts.account_from`` makes one) and what it signs in with.

        Returns it with its id. Nothing is tried; call ``test`` first. Raises AppError when it is
        here already or can't work. The keychain may ask its owner first, for as long as he likes:
        an account whose ``job`` was stopped meanwhile isn't kept, and CancelledError is raised.
        """
        _refuse_unusable(account)
        account = _signing_in(account, proof)
        if self.find(account.email) is None:
            self._keep(account, proof)
            if job and job.is_cancelled:
                self._forget(account.email)
                raise CancelledError
        return replace(account, id=self._stored.add(row_of(account)))

    def change(self, account: Account) -> None:
        """Keep what was changed of an account: its servers, what may be read, how far back."""
        _refuse_unusable(account)
        self._stored.change(row_of(account))

    def sign_in_again(self, account: Account, proof: Proof) -> Account:
        """Keep a new password or sign-in for an account that is here; nothing is tried."""
        changed = _signing_in(account, proof)
        if changed != account:
            self._stored.change(row_of(changed))
        self._keep(changed, proof)
        return changed

    def bounces(self, account: Account) -> int:
        """Return how many bounces an account would take with it."""
        return self._stored.bounces(AccountId(account.id))

    def remove(self, account: int, *, keep_history: bool) -> None:
        """Forget an account and its password; its bounces as well, unless history is kept."""
        for known in self.list():
            if known.id == account:
                self._forget(known.email)
        self._stored.remove(AccountId(account), keep_history=keep_history)

    def set_leaving(self, account: Account, *, is_leaving: bool) -> None:
        """Have an account removed, its history kept, once its mail has left; or keep it."""
        self._stored.set_leaving(AccountId(account.id), is_leaving)

    def leaving(self) -> Sequence[Account]:
        """Return the accounts that are to be removed once their mail has left."""
        leaving = self._stored.leaving()
        return [account for account in self.list() if account.id in leaving] if leaving else []

    def password(self, account: Account) -> str:
        """Return the password of an account; empty when none is kept."""
        return self._lent.get(account.email) or self._secrets.get(account.email)

    def set_password(self, account: Account, password: str) -> None:
        """Keep a password in the keychain, or until the program ends where there is none."""
        self._lent.remove(account.email)
        self._secrets.put(account.email, password)

    def lend_password(self, account: Account, password: str) -> None:
        """Use a password until the program ends and keep it nowhere."""
        self._lent.put(account.email, password)

    def test(self, account: Account, proof: Proof | None, job: Job) -> Trial:
        """Sign in to read and to send, side by side; nothing is read and nothing is sent.

        AppError says what is in the way of reading; what is in the way of sending comes with the
        answer. Without a proof, what is kept for the account is tried.
        """
        if proof is None:
            credential = self.credential(account, job)
        elif isinstance(proof, Grant):
            credential = Token(lambda _is_refused: proof.access_token)
        else:
            credential = _password(account, proof)

        def read() -> None:
            try:
                mailbox = self._open(account, credential, job)
            except SignInRefusedError as problem:
                raise _with_spaces_told(problem, credential) from None
            try:
                mailbox.open("INBOX")
            finally:
                mailbox.close()

        def send(line: Line, admit: Callable[[], object]) -> Account:
            provider, problems = provider_of(account), []
            for way in sending_ways(account, provider):
                try:
                    self._try_sending(way, credential, line, provider, admit)
                except NotReachedError as problem:
                    problems.append(problem)
                else:
                    return way
            raise problems[0]

        return try_both(account, read, send, job)

    def try_settings(self, settings: ProviderSettings, proof: Proof, job: Job) -> Trial:
        """Return what came of trying the account that these settings make.

        A provider's second server is tried where the first isn't there. AppError says what is in
        the way of reading; nothing is kept.
        """
        try:
            trial = self.test(account_from(settings), proof, job)
        except MailServerError as problem:
            if settings.imap_also is None or problem.kind not in _OTHER_SERVER:
                raise
            other = replace(settings, imap=settings.imap_also)
            trial = self.test(account_from(other), proof, job)
        return replace(trial, account=_signing_in(trial.account, proof))

    def open_mailbox(self, account: Account, job: Job) -> Mailbox:
        """Return a signed-in mailbox, which Stop hangs up; the caller closes it."""
        return self._open(account, self.credential(account, job), job)

    def open_sent_box(self, account: Account, job: Job) -> SentBox:
        """Return a signed-in connection that can add to Sent; the caller closes it."""
        return self._sign_in(self._connect_sent, account, self.credential(account, job), job)

    def credential(self, account: Account, job: Job | None = None) -> Credential:
        """Return what an account signs in with, for IMAP and SMTP alike.

        Raises PasswordMissingError when nothing is kept: ask the user to sign in again. ``job``
        stops the renewal of a token, which happens when it is used.
        """
        if account.sign_in == "browser":
            provider = provider_of(account)
            if provider is None or not self.browser.is_signed_in(account.email):
                raise PasswordMissingError(
                    account.email, is_locked=self._secrets.is_locked, by_browser=True
                )
            return self.browser.token(account, provider, job or Job())
        password = self.password(account)
        if not password:
            raise PasswordMissingError(account.email, is_locked=self._secrets.is_locked)
        return _password(account, password)

    @contextmanager
    def checking(self, account: Account) -> Iterator[None]:
        """Hold the one check that may run per account; AppError when one runs already."""
        with self._lock:
            if account.id in self._checked:
                raise AppError(
                    f"{account.email} is being checked already.", "", "Wait until that is done."
                )
            self._checked.add(account.id)
        try:
            yield
        finally:
            with self._lock:
                self._checked.discard(account.id)

    def _forget(self, email: str) -> None:
        self._secrets.remove(email)
        self._lent.remove(email)
        self.browser.forget(email)

    def _keep(self, account: Account, proof: Proof) -> None:
        if isinstance(proof, Grant):
            self._lent.remove(account.email)
            self._secrets.remove(account.email)  # a password that was used before
            self.browser.keep(account.email, proof)
        else:
            self.browser.forget(account.email)
            self.set_password(account, proof)

    def _open(self, account: Account, credential: Credential, job: Job) -> Mailbox:
        return self._sign_in(self._connect, account, credential, job)

    def _sign_in(
        self,
        connect: Callable[[Account, Credential, Line, Provider | None], Box],
        account: Account,
        credential: Credential,
        job: Job,
    ) -> Box:
        line = Line()
        job.on_cancel(line.hang_up)
        return connect(account, credential, line, provider_of(account))


def provider_of(account: Account) -> Provider | None:
    """Return who runs an account's mailbox, as far as resources/providers knows."""
    providers = load_providers()
    if account.provider:
        return providers.by_id(account.provider)
    by_domain = providers.by_domain(domain_of(account.email))
    if by_domain and by_domain.imap and by_domain.imap.host == account.imap_host.lower():
        return by_domain
    return providers.by_host(account.imap_host)


def _signing_in(account: Account, proof: Proof) -> Account:
    return replace(account, sign_in="browser" if isinstance(proof, Grant) else "password")


def _password(account: Account, password: str) -> Credential:
    provider = provider_of(account)
    if provider and provider.login == "app_password":
        password = "".join(password.split())  # shown in groups, typed with or without spaces
    return Password(password)


def _with_spaces_told(problem: SignInRefusedError, credential: Credential) -> SignInRefusedError:
    """Return a refusal that points out a space around the password; it is seen in no field."""
    if not isinstance(credential, Password) or credential.text == credential.text.strip():
        return problem
    return SignInRefusedError(
        problem.title,
        "There is a space before or after it, which may have been copied along.",
        "Take it away and try again.",
        kind=problem.kind,
    )


def _refuse_unusable(account: Account) -> None:
    local, _, domain = account.email.rpartition("@")
    if not local or not domain or account.email != "".join(account.email.split()):
        raise AppError(f'"{account.email}" isn\'t a complete address.', "", "Check it for typos.")
    if not account.imap_host or account.imap_port not in _PORTS:
        raise AppError(
            "The incoming mail server isn't complete.", "", "Give its name and a port, often 993."
        )
