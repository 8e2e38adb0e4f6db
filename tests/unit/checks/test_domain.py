"""What may be said of a domain, asked of a real name server."""

import pytest

from bounce_assistant.advice.findings import FindingId
from bounce_assistant.checks.domain import check_domain
from bounce_assistant.checks.resolver import Resolver

PARKED = ("park-mx.", "mx.sedoparking", "localhost")


@pytest.mark.real
@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("good.example", FindingId.TAKES_MAIL),
        ("GOOD.example", FindingId.TAKES_MAIL),
        ("six.example", FindingId.TAKES_MAIL),
        ("alias.example", FindingId.TAKES_MAIL),
        ("chain1.example", FindingId.TAKES_MAIL),
        ("many.example", FindingId.TAKES_MAIL),
        ("bücher.example", FindingId.TAKES_MAIL),
        ("null.example", FindingId.NULL_MX),
        ("website.example", FindingId.ONLY_A_SERVER),
        ("sixsite.example", FindingId.ONLY_A_SERVER),
        ("nomail.example", FindingId.NO_MAIL),
        ("insidesite.example", FindingId.NO_MAIL),
        ("gone.example", FindingId.NO_DOMAIN),
        ("deadend.example", FindingId.NO_DOMAIN),
        ("inside.example", FindingId.UNREACHABLE_MAIL),
        ("nowhere.example", FindingId.UNREACHABLE_MAIL),
        ("homed.example", FindingId.UNREACHABLE_MAIL),
        ("home.example", FindingId.PARKED),
        ("parked.example", FindingId.PARKED),
        ("trouble.example", FindingId.COULD_NOT_CHECK),
        ("loop1.example", FindingId.COULD_NOT_CHECK),
        ("abroad.example", FindingId.COULD_NOT_CHECK),
        ("elsewhere.invalid", FindingId.COULD_NOT_CHECK),
    ],
)
def test_a_domain_is_what_its_records_say(nsd: Resolver, domain: str, found: FindingId) -> None:
    assert check_domain(domain, nsd, lambda: False, PARKED).id is found
