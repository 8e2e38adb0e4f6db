"""Settings are looked up all ways at once; the best answer wins, and the time is bounded."""

import ssl
import threading
from collections.abc import Iterator

import dns.resolver
import pytest

from bounce_assistant.errors import AppError, CancelledError
from bounce_assistant.mail import autodiscover
from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.autodiscover import Discovery, discover
from bounce_assistant.mail.line import NoAnswerError
from bounce_assistant.mail.outside import Network
from bounce_assistant.mail.providers import load_providers
from tests.servers.certificates import Authority
from tests.servers.names import name_server
from tests.servers.pages import Pages, serving_pages
from tests.servers.ports import free_port
from tests.servers.scripted_imap import Script, scripted_imap
from tests.servers.tls import client_context
from tests.unit.mail.test_autoconfig import server, xml

RECORDS = [
    "mx-host=agency.example,aspmx.l.google.com,1",
    "mx-host=office.example,office-example.mail.protection.outlook.com,0",
    "mx-host=filtered.example,mx1-us1.ppe-hosted.com,10",
    "mx-host=filtered.example,mx2-us1.ppe-hosted.com,20",
    "mx-host=hosted.example,mail.hosted.example,10",
    "mx-host=bluehosted.example,box123.bluehost.com,10",
    "srv-host=_imaps._tcp.srv.example,imap2.srv.example,993,20,0",
    "srv-host=_imaps._tcp.srv.example,imap1.srv.example,994,10,0",
    "srv-host=_submissions._tcp.srv.example,smtp.srv.example,465,0,0",
    "srv-host=_imap._tcp.start.example,imap.start.example,143,0,0",
    "srv-host=_imaps._tcp.none.example,.,0,0,0",
    "srv-host=_imaps._tcp.xn--mller-immobilien-jzb.example,imap.hoster.example,993,0,0",
]


class Outside(Network):
    """Real questions to a name server and a web server of this computer's own."""

    def __init__(self, resolver: dns.resolver.Resolver, pages: Pages, ca: ssl.SSLContext) -> None:
        super().__init__(resolver, ca)
        self.pages = pages
        self.imap_hosts: set[str] = set()

    def page(self, url: str) -> bytes | None:
        return super().page(self.pages.url("/" + url.removeprefix("https://")))

    def speaks_imap(self, host: str) -> bool:
        return host in self.imap_hosts


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    with name_server(RECORDS) as running:
        yield running


@pytest.fixture
def pages(authority: Authority) -> Iterator[Pages]:
    with serving_pages(authority.issue("pages")) as running:
        yield running


@pytest.fixture
def outside(resolver: dns.resolver.Resolver, pages: Pages, authority: Authority) -> Outside:
    return Outside(resolver, pages, client_context(authority.ca))


def found(email: str, outside: autodiscover.Outside) -> Discovery:
    return discover(email, load_providers(), outside, threading.Event())


def test_a_known_domain_asks_nobody(outside: Outside) -> None:
    outside._resolver = None  # whoever asks would leave this computer, which ends the test
    settings = found("dana@gmail.com", outside).settings
    assert settings
    assert (settings.provider, settings.found) == ("gmail", "known")
    assert outside.pages.heard == []


@pytest.mark.parametrize(
    ("email", "provider", "company"),
    [
        ("dana@agency.example", "google_workspace", "Google"),
        ("dana@office.example", "microsoft365", "Microsoft"),
    ],
)
def test_who_runs_an_own_domain_is_seen_by_where_its_mail_goes(
    outside: Outside, email: str, provider: str, company: str
) -> None:
    domain = email.partition("@")[2]
    page = f"/autoconfig.{domain}/mail/config-v1.1.xml"
    outside.pages.found[page] = xml(server("imap.old-hoster.example"))
    settings = found(email, outside).settings
    assert settings
    assert (settings.provider, settings.company, settings.found) == (provider, company, "mx")
    assert settings.email == email


def test_a_filter_in_front_is_named(outside: Outside) -> None:
    assert found("dana@filtered.example", outside) == Discovery(None, "Proofpoint")


@pytest.mark.parametrize(
    ("page", "way"),
    [
        ("/autoconfig.hosted.example/mail/config-v1.1.xml", "published"),
        ("/hosted.example/.well-known/autoconfig/mail/config-v1.1.xml", "published"),
        ("/autoconfig.thunderbird.net/v1.1/hosted.example", "directory"),
    ],
)
def test_what_a_domain_publishes_is_used(outside: Outside, page: str, way: str) -> None:
    outside.pages.found[page] = xml(server())
    settings = found("dana@hosted.example", outside).settings
    assert settings
    assert settings.imap == Server("imap.hoster.example", 993, "tls")
    assert settings.username == "dana"
    assert settings.found == way
    assert not settings.is_confirmed


def test_the_whole_address_is_told_to_its_own_domain_only(outside: Outside) -> None:
    found("dana+x@nobody.example", outside)
    told = [path for path in outside.pages.heard if "dana" in path]
    assert told == [
        "/autoconfig.nobody.example/mail/config-v1.1.xml?emailaddress=dana%2Bx%40nobody.example"
    ]


def test_servers_of_a_firm_we_know_bring_what_we_know(outside: Outside) -> None:
    page = "/autoconfig.hosted.example/mail/config-v1.1.xml"
    outside.pages.found[page] = xml(server("imap.mail.yahoo.com"))
    settings = found("dana@hosted.example", outside).settings
    assert settings
    assert (settings.company, settings.login) == ("Yahoo", "app_password")


def test_the_domains_own_word_comes_before_the_directory(outside: Outside) -> None:
    outside.pages.found |= {
        "/hosted.example/.well-known/autoconfig/mail/config-v1.1.xml": xml(
            server("a.hosted.example")
        ),
        "/autoconfig.thunderbird.net/v1.1/hosted.example": xml(server("b.hosted.example")),
    }
    settings = found("dana@hosted.example", outside).settings
    assert settings
    assert settings.imap
    assert settings.imap.host == "a.hosted.example"


def test_srv_records_name_servers_in_their_order(outside: Outside) -> None:
    settings = found("dana@srv.example", outside).settings
    assert settings
    assert settings.found == "srv"
    assert settings.imap == Server("imap1.srv.example", 994, "tls")
    assert settings.smtp == Server("smtp.srv.example", 465, "tls")
    start = found("dana@start.example", outside).settings
    assert start
    assert start.imap == Server("imap.start.example", 143, "starttls")
    assert start.smtp is None


def test_a_service_that_is_declared_absent_is_none(outside: Outside) -> None:
    assert found("dana@none.example", outside).settings is None


def test_a_hoster_nobody_confirmed_comes_after_the_domains_own_word(outside: Outside) -> None:
    settings = found("dana@bluehosted.example", outside).settings
    assert settings
    assert (settings.provider, settings.found) == ("bluehost", "mx")
    assert settings.imap == Server("mail.bluehosted.example", 993, "tls")
    page = "/autoconfig.bluehosted.example/mail/config-v1.1.xml"
    outside.pages.found[page] = xml(server("box123.bluehost.com"))
    settings = found("dana@bluehosted.example", outside).settings
    assert settings
    assert settings.imap == Server("box123.bluehost.com", 993, "tls")


def test_the_usual_names_are_tried_last(outside: Outside) -> None:
    outside.imap_hosts.add("mail.nobody.example")
    settings = found("dana@nobody.example", outside).settings
    assert settings
    assert settings.imap == Server("mail.nobody.example", 993, "tls")
    assert settings.found == "guess"


def test_servers_without_encryption_are_not_used_and_said(outside: Outside) -> None:
    page = "/autoconfig.hosted.example/mail/config-v1.1.xml"
    outside.pages.found[page] = xml(server(port="143", security="plain"))
    assert found("dana@hosted.example", outside) == Discovery(None, is_open_only=True)


def test_hostile_pages_are_no_answer_and_hold_up_nothing(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autodiscover, "_SECONDS", 3.0)
    pages = outside.pages
    pages.endless.add("/autoconfig.srv.example/mail/config-v1.1.xml")
    pages.silent.add("/srv.example/.well-known/autoconfig/mail/config-v1.1.xml")
    pages.moved["/autoconfig.thunderbird.net/v1.1/srv.example"] = "http://localhost/plain.xml"
    settings = found("dana@srv.example", outside).settings
    assert settings
    assert settings.found == "srv"


def test_redirects_lead_to_https_only_and_end(outside: Outside) -> None:
    pages = outside.pages
    start = "/autoconfig.hosted.example/mail/config-v1.1.xml"
    pages.found["/there.xml"] = xml(server())
    pages.moved[start] = pages.url("/there.xml")
    assert found("dana@hosted.example", outside).settings
    pages.moved[start] = pages.url("/there.xml").replace("https", "http")
    assert found("dana@hosted.example", outside).settings is None
    pages.moved[start] = "https://localhost:1/\x00"
    assert found("dana@hosted.example", outside).settings is None
    pages.moved[start] = pages.url(start)
    assert found("dana@hosted.example", outside).settings is None
    assert pages.heard.count(start + "?emailaddress=dana%40hosted.example") <= 7


@pytest.mark.parametrize("written", ["müller-immobilien", "MÜLLER-Immobilien"])
def test_a_domain_with_an_umlaut_is_looked_up_as_name_servers_write_it(
    outside: Outside, written: str
) -> None:
    settings = found(f"dana@{written}.example", outside).settings
    assert settings
    assert settings.found == "srv"
    assert settings.imap == Server("imap.hoster.example", 993, "tls")
    assert settings.name == "müller-immobilien.example", "as its people write it"


def test_servers_of_an_umlaut_domain_are_guessed_as_well(outside: Outside) -> None:
    outside.imap_hosts.add("mail.xn--bro-hoa.example")
    settings = found("dana@büro.example", outside).settings
    assert settings
    assert settings.imap == Server("mail.xn--bro-hoa.example", 993, "tls")


def test_what_can_be_no_domain_is_known_to_nobody(outside: Outside) -> None:
    assert found("dana@\u200b\u0378.example", outside).settings is None


class Nobody:
    """No way out of the house."""

    def records(self, name: str, kind: str) -> tuple[str, ...]:
        raise NoAnswerError

    def page(self, url: str) -> bytes | None:
        raise OSError(101, "Network is unreachable")

    def speaks_imap(self, host: str) -> bool:
        raise OSError(101, "Network is unreachable")


class NobodyAnswers(Nobody):
    """Names are asked for and nobody answers, as where a hotel wants to be paid first."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def records(self, name: str, kind: str) -> tuple[str, ...]:
        self.released.wait(60)
        raise NoAnswerError

    def speaks_imap(self, host: str) -> bool:
        self.released.wait(60)
        return False


def test_silence_is_not_taken_for_an_unknown_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autodiscover, "_SECONDS", 0.5)
    nobody = NobodyAnswers()
    with pytest.raises(AppError, match="You're offline"):
        found("dana@agency.example", nobody)
    nobody.released.set()


def test_offline_is_said_and_not_taken_for_an_unknown_domain() -> None:
    with pytest.raises(AppError, match="You're offline") as told:
        found("dana@agency.example", Nobody())
    assert told.value.next_step


def test_stop_is_heard_while_everybody_is_silent() -> None:
    started, stopped, release = threading.Event(), threading.Event(), threading.Event()

    class Silent(Nobody):
        def records(self, name: str, kind: str) -> tuple[str, ...]:
            started.set()
            release.wait(20)
            return ()

    def stop() -> None:
        started.wait(20)
        stopped.set()

    threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(CancelledError):
        discover("dana@agency.example", load_providers(), Silent(), stopped)
    release.set()


def test_a_greeting_counts_behind_a_certificate_of_that_name_only(authority: Authority) -> None:
    context = client_context(authority.ca)
    with scripted_imap(Script(certificate=authority.issue("greets"))) as imap:
        assert Network(None, context, imap.port).speaks_imap("localhost")
    other = Script(certificate=authority.issue("other", host="imap.elsewhere.example"))
    with scripted_imap(other) as imap, pytest.raises(OSError, match="certificate"):
        Network(None, context, imap.port).speaks_imap("localhost")
    with pytest.raises(OSError, match="refused"):
        Network(None, context, free_port()).speaks_imap("localhost")


def test_a_name_server_that_refuses_is_no_answer(outside: Outside) -> None:
    with pytest.raises(OSError, match=r"^$"):
        outside.records("elsewhere.test", "MX")


@pytest.mark.parametrize(
    ("host", "gateway"),
    [
        ("mx1-us1.ppe-hosted.com", "Proofpoint"),
        ("us-smtp-inbound-1.mimecast.com", "Mimecast"),
        ("d1.ess.barracudanetworks.com", "Barracuda"),
        ("mx1.improvmx.com", "ImprovMX"),
        ("mail.improvmx.com", ""),
    ],
)
def test_gateways_are_known_by_their_hosts(host: str, gateway: str) -> None:
    providers = load_providers()
    assert providers.gateway_of([host]) == gateway
    assert len(providers.gateways) == 15
    assert len(providers.all) == 45
    assert providers.by_mx([host]) is None
