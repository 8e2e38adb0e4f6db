"""What a check saw, as a name and facts; resources/address_checks.toml has the words for it."""

from dataclasses import dataclass
from enum import StrEnum


class AddressResult(StrEnum):
    """What may be said of an address: never more than was learned."""

    FINE = "fine"
    LOOKS_WRONG = "looks wrong"
    DOES_NOT_EXIST = "doesn't exist"
    CANT_TELL = "can't tell"


class FindingId(StrEnum):
    """Everything that checking an address can find."""

    INCOMPLETE = "incomplete"  # how it is written
    TIDIED = "tidied"
    MENDED = "mended"
    INTERNATIONAL = "international"
    LOOKALIKE = "lookalike"
    RESERVED = "reserved"
    COMPANY_RULE = "company_rule"
    ROLE = "role"
    DISPOSABLE = "disposable"
    SLIP = "slip"  # what it is close to
    MAYBE_SLIP = "maybe_slip"
    NEAR_COMMON = "near_common"
    NEAR_DOMAIN = "near_domain"
    NEAR_CONTACT = "near_contact"
    UNLIKE_NAME = "unlike_name"
    TAKES_MAIL = "takes_mail"  # what the part after the @ answers
    ONLY_A_SERVER = "only_a_server"
    NULL_MX = "null_mx"
    NO_MAIL = "no_mail"
    NO_DOMAIN = "no_domain"
    UNREACHABLE_MAIL = "unreachable_mail"
    PARKED = "parked"
    NOT_CHECKED = "not_checked"
    COULD_NOT_CHECK = "could_not_check"
    ARRIVED_BEFORE = "arrived_before"  # what the user's own history says
    QUIET_BEFORE = "quiet_before"
    GONE_BEFORE = "gone_before"
    OFF_BEFORE = "off_before"
    MOVED_BEFORE = "moved_before"
    NO_DOMAIN_BEFORE = "no_domain_before"
    FULL_BEFORE = "full_before"
    OTHER_ADDRESS = "other_address"
    OTHER_IN_SENT = "other_in_sent"
    SENT_NOT_LOOKED_IN = "sent_not_looked_in"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check saw. ``facts`` fill the slots of its words."""

    id: FindingId
    facts: tuple[tuple[str, str], ...] = ()
    suggestion: str = ""  # the whole address that may be meant; never put in by itself
