"""Signing in with an access token, on a real Dovecot that asks an authorisation server."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

import pytest

from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.credentials import (
    OAUTHBEARER,
    XOAUTH2,
    Token,
    token_mechanism,
    token_message,
)
from bounce_assistant.mail.imap import ImapMailbox, connect_imap
from bounce_assistant.mail.line import Line
from bounce_assistant.mail.problems import SignInRefusedError
from bounce_assistant.mail.providers import load_providers
from tests.servers.authorisation import Authorisation, running_authorisation
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.scripted_imap import Script, scripted_imap


@dataclass
class Fetched:
    """Gives tokens one after the other, and remembers whether a new one was asked for."""

    tokens: list[str]
    asked: list[bool] = field(default_factory=list)

    def __call__(self, is_refused: bool) -> str:  # noqa: FBT001 - as Token.fetch
        self.asked.append(is_refused)
        return self.tokens[len(self.asked) - 1]


@pytest.fixture(scope="module")
def authorisation(authority: Authority) -> Iterator[Authorisation]:
    with running_authorisation(authority.issue("authorisation")) as state:
        yield state


@pytest.fixture(scope="module")
def server(authority: Authority, authorisation: Authorisation) -> Iterator[Dovecot]:
    certificate = authority.issue("token-dovecot")
    url = authorisation.introspection
    with running_dovecot(authority, certificate, introspection=url) as running:
        yield running


def sign_in(server: Dovecot, fetched: Fetched, security: str = "tls") -> ImapMailbox:
    account = replace(server.account("rosa", security=security), sign_in="browser")
    context = ssl.create_default_context(cafile=server.ca)
    provider = load_providers().by_id("gmail")
    return connect_imap(account, Token(fetched), Line(), provider, context)


@pytest.mark.real
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_good_token_opens_the_inbox(
    server: Dovecot, authorisation: Authorisation, security: str
) -> None:
    server.folder("rosa")
    fetched = Fetched([authorisation.grant_access()])
    with closing(sign_in(server, fetched, security)) as mailbox:
        assert mailbox.open("INBOX").exists == 0
    assert fetched.asked == [False]


@pytest.mark.real
def test_a_token_that_ended_early_is_replaced_once(
    server: Dovecot, authorisation: Authorisation
) -> None:
    fetched = Fetched(["long gone", authorisation.grant_access()])
    with closing(sign_in(server, fetched)) as mailbox:
        assert mailbox.folders()
    assert fetched.asked == [False, True]


@pytest.mark.real
def test_two_refused_tokens_ask_the_user_to_sign_in_again(server: Dovecot) -> None:
    fetched = Fetched(["long gone", "gone as well"])
    with pytest.raises(SignInRefusedError) as told:
        sign_in(server, fetched)
    assert told.value.title == "Google asked you to sign in again."
    assert "gone" not in str(told.value)


def test_a_server_that_takes_no_tokens_is_told_apart(authority: Authority) -> None:
    fetched = Fetched(["never sent"])
    script = Script(certificate=authority.issue("passwords-only"), capability=b"IMAP4rev1")
    with scripted_imap(script) as scripted:
        server = Dovecot(authority.ca.parent, scripted.port, scripted.port, authority.ca)
        with pytest.raises(SignInRefusedError, match="doesn't take a sign-in made in the browser"):
            sign_in(server, fetched)
    assert fetched.asked == []


def test_mechanisms_are_chosen_and_written_as_their_papers_say() -> None:
    at = Server("imap.example.com", 993, "tls")
    assert token_mechanism(["PLAIN", "OAUTHBEARER", "xoauth2"]) == XOAUTH2
    assert token_mechanism(["plain", "oauthbearer"]) == OAUTHBEARER
    assert token_mechanism(["PLAIN"]) == ""
    # https://developers.google.com/gmail/imap/xoauth2-protocol, and RFC 7628, section 4.1
    wanted = b"user=someuser@example.com\x01auth=Bearer ya29.vF9\x01\x01"
    assert token_message(XOAUTH2, "someuser@example.com", "ya29.vF9", at) == wanted
    wanted = (
        b"n,a=user@example.com,\x01host=imap.example.com\x01port=993\x01auth=Bearer vF9\x01\x01"
    )
    assert token_message(OAUTHBEARER, "user@example.com", "vF9", at) == wanted
