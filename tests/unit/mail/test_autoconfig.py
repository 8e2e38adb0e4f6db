"""What a domain says of its mail servers is read with care: anybody may have written it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_assistant.mail.accounts import Server
from bounce_assistant.mail.autoconfig import MOST_BYTES, is_host, read_autoconfig

EMAIL = "dana@reyes-realty.example"
WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="reyes-realty.example">
    <domain>reyes-realty.example</domain>
    <incomingServer type="pop3">
      <hostname>pop.hoster.example</hostname><port>995</port><socketType>SSL</socketType>
    </incomingServer>
    {incoming}
    <outgoingServer type="smtp">
      <hostname>smtp.%EMAILDOMAIN%</hostname><port>587</port><socketType>STARTTLS</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
    </outgoingServer>
  </emailProvider>
</clientConfig>"""


def server(
    host: str = "imap.hoster.example",
    port: str = "993",
    security: str = "SSL",
    name: str = "%EMAILLOCALPART%",
    way: str = "password-cleartext",
) -> str:
    return (
        f'<incomingServer type="imap"><hostname>{host}</hostname><port>{port}</port>'
        f"<socketType>{security}</socketType><username>{name}</username>"
        f"<authentication>{way}</authentication></incomingServer>"
    )


def xml(*incoming: str) -> bytes:
    return WHOLE.replace("{incoming}", "".join(incoming)).encode()


def test_servers_and_user_name_are_read() -> None:
    said = read_autoconfig(xml(server()), EMAIL)
    assert said
    assert said.imap == Server("imap.hoster.example", 993, "tls")
    assert said.smtp == Server("smtp.reyes-realty.example", 587, "starttls")
    assert said.username == "dana"
    assert said.takes_passwords


def test_tls_from_the_start_is_preferred() -> None:
    said = read_autoconfig(xml(server(port="143", security="STARTTLS"), server()), EMAIL)
    assert said
    assert said.imap == Server("imap.hoster.example", 993, "tls")


def test_servers_without_encryption_are_passed_over() -> None:
    said = read_autoconfig(xml(server(port="143", security="plain")), EMAIL)
    assert said
    assert said.imap is None


def test_a_sign_in_page_only_is_told_apart() -> None:
    said = read_autoconfig(xml(server(way="OAuth2")), EMAIL)
    assert said
    assert not said.takes_passwords


@pytest.mark.parametrize(
    "broken",
    [
        server(host="imap.hoster.example/../x"),
        server(host="localhost"),
        server(host="127.0.0.1"),
        server(host="evil.example&#10;LOGIN"),
        server(host="-x.example"),
        server(host=f"{'a' * 64}.example"),
        server(port="0"),
        server(port="70000"),
        server(port="993x"),
        server(port="٩٩٣"),
        server(host=""),
    ],
)
def test_what_is_no_server_is_passed_over(broken: str) -> None:
    said = read_autoconfig(xml(broken), EMAIL)
    assert said
    assert said.imap is None
    assert read_autoconfig(xml(broken, server()), EMAIL) == read_autoconfig(xml(server()), EMAIL)


def test_a_user_name_with_control_characters_is_not_taken() -> None:
    said = read_autoconfig(xml(server(name="a&#10;b")), EMAIL)
    assert said
    assert said.username == EMAIL


BOMB = b"""<?xml version="1.0"?><!DOCTYPE clientConfig [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]><clientConfig><emailProvider>&c;</emailProvider></clientConfig>"""
FILE = b"""<!DOCTYPE clientConfig [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<clientConfig><emailProvider>&x;</emailProvider></clientConfig>"""


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<html><body>Sign in to the hotel's Wi-Fi</body></html>",
        b"<clientConfig>",
        b"<clientConfig/>",
        BOMB,
        FILE,
        b"<clientConfig>" + b"<a>" * 20_000,
        b" " * MOST_BYTES + xml(server()),
        '<?xml version="1.0" encoding="utf-7"?><clientConfig/>'.encode("utf-16"),
        b"\x00\xff\xfe",
    ],
)
def test_what_is_no_such_text_is_refused(text: bytes) -> None:
    assert read_autoconfig(text, EMAIL) is None


@given(st.binary(max_size=300) | st.text(max_size=200).map(xml))
def test_any_bytes_have_an_answer(text: bytes) -> None:
    read_autoconfig(text, EMAIL)


def test_host_names_are_told_from_other_words() -> None:
    assert is_host("imap.hoster.example")
    assert is_host("xn--mnchen-3ya.example")
    for other in ("localhost", "10.0.0.1", "a..b", "a_b.example", ".", "", "imap.example "):
        assert not is_host(other), other
