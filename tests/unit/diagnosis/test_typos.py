"""Slips in the part after the @, and names that only look like slips."""

import pytest

from tests.unit.diagnosis.reports import KNOWLEDGE

ADDRESSES = KNOWLEDGE.addresses


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("GMIAL.COM", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("yaho.com", "yahoo.com"),
        ("yahooo.com", "yahoo.com"),
        ("yahoo.con", "yahoo.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotnail.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("iclould.com", "icloud.com"),
        ("icloud.con", "icloud.com"),
        ("comcast.nte", "comcast.net"),
        ("oakfield.con", "oakfield.com"),
    ],
)
def test_a_slip_is_seen(written: str, meant: str) -> None:
    assert ADDRESSES.suggest(written) == meant


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "yahoo.com",
        "outlook.com",
        "hotmail.com",
        "oakfield.example",
        "larkspur-homes.com",
        "google.com",
        "mail.com",
        "",
        "x",
        "nodots",
        ".",
    ],
)
def test_a_good_or_quite_other_name_is_left_alone(domain: str) -> None:
    assert ADDRESSES.suggest(domain) == ""


@pytest.mark.parametrize("domain", sorted(ADDRESSES.known))
def test_no_mail_company_is_a_slip_of_another(domain: str) -> None:
    assert ADDRESSES.suggest(domain) == ""
    assert not ADDRESSES.is_slip(domain)


@pytest.mark.parametrize(("written", "meant"), sorted(ADDRESSES.domain_slips.items()))
def test_a_known_slip_leads_to_another_name(written: str, meant: str) -> None:
    assert ADDRESSES.is_slip(written.upper())
    assert ADDRESSES.suggest(written) == meant != written
