"""What is sent, to whom, and what becomes of it: the files in cases/, as values."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_USERS = (
    "dana.whitfield", "k.oyelaran", "martin", "s.pereira", "jun.sato", "helen_ward", "abbot",
    "priya.n", "louis.meyer", "tessa", "r.dimitrov", "omar.haddad", "f.lindqvist", "grace.kim",
)  # fmt: skip
_PLACES = (
    "maple", "harbor", "canyon", "meadow", "summit", "prairie", "orchard", "lagoon",
    "oldtown", "hillside", "sunset", "riverbend", "northend", "parkway", "bayview", "stonegate",
)  # fmt: skip
_SPECIAL_FROM = 300  # rejections are numbered below this, special mailings from here
_TRADES = (
    "mortgage", "dental", "travel", "books", "law", "garden", "motors", "school", "bakery",
    "design", "clinic", "press", "tools", "music", "energy", "yoga", "pets", "homes", "bank",
    "studio", "coffee", "tiles", "roofing", "insure", "farm", "sports", "optics", "film",
    "lumber", "wines", "cycles", "glass", "taxi", "florist", "pottery", "sailing",
)  # fmt: skip
# A rotation: each rejection is carried by one server, the common ones more often.
_ROTATION = (
    "postfix", "exim", "postfix", "sendmail", "opensmtpd", "exim", "postfix", "courier",
    "exim-plain", "postfix", "sendmail", "postfix-de", "exim", "postfix-es", "opensmtpd",
    "postfix-fr", "sendmail", "exim-plain", "postfix-ja",
)  # fmt: skip
_TROUBLES: Mapping[str, Mapping[str, Any]] = {
    "refused": {"reason": "networkerror", "reason_alt": ["expired", "systemerror", "blocked"]},
    "silent": {"reason": "networkerror", "reason_alt": ["expired", "systemerror"]},
    "unreachable": {"reason": "networkerror", "reason_alt": ["expired", "systemerror"]},
    "servfail": {"reason": "networkerror", "reason_alt": ["expired", "hostunknown", "systemerror"]},
    "drop": {"reason": "networkerror", "reason_alt": ["expired", "systemerror"]},
    "nxdomain": {"reason": "hostunknown", "bounce_type": "hard"},
    "nomx": {"reason": "hostunknown", "bounce_type": "hard", "reason_alt": ["networkerror"]},
    "nullmx": {"reason": "notaccept", "bounce_type": "hard", "reason_alt": ["hostunknown"]},
}


@dataclass(frozen=True, slots=True)
class Fate:
    """One recipient and what their side does; the answer a reader of the notice must find."""

    address: str
    reason: str
    reason_alt: tuple[str, ...] = ()
    reason_sure: bool = True
    bounce_type: str = ""
    bounce_type_sure: bool = True
    stage: str = "rcpt"
    reply: str = ""
    trouble: str = ""
    utf8: bool = False
    status: str = ""
    reply_code: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Mailing:
    """One message from one server to one or more recipients."""

    id: str
    server: str
    to: tuple[Fate, ...]
    letter: str = "plain"
    notify: str = ""
    ret: str = ""
    kind: str = ""  # given where the message's own report does not say it
    made_with: str = ""  # given where another server than the sender's writes the answer

    @property
    def name(self) -> str:
        return f"{self.server}-{self.id}"


def load_mailings() -> list[Mailing]:
    """Return every mailing, in a fixed order."""
    return [*_rejections(), *_special()]


def _rejections() -> Iterator[Mailing]:
    letters = ("plain", "html", "plain", "utf8", "attachment", "plain", "list")
    number = 0
    for file in ("recipient.toml", "sender.toml", "message.toml", "hard.toml"):
        for group in tomllib.loads((CASES / file).read_text())["group"]:
            name, replies = group.pop("name"), group.pop("replies")
            for place, entry in enumerate(replies, start=1):
                facts = group | (entry if isinstance(entry, dict) else {"reply": entry})
                server = facts.pop("via", _ROTATION[number % len(_ROTATION)])
                letter = facts.pop("letter", letters[number % len(letters)])
                fate = _fate(facts, _address(number))
                yield Mailing(f"{name}-{place:02}", server, (fate,), letter)
                number += 1


def _special() -> Iterator[Mailing]:
    number = _SPECIAL_FROM
    for entry in tomllib.loads((CASES / "mailings.toml").read_text())["mailing"]:
        fates, servers = entry.pop("to"), entry.pop("via")
        shared = entry.pop("shared_host", False)
        for server in servers:
            first = _address(number).rpartition("@")[2]
            placed = []
            for fate in fates:
                address = _address(number)
                user = fate.get("user", address.partition("@")[0])
                domain = first if shared else address.rpartition("@")[2]
                placed.append(_fate(fate, f"{user}@{domain}"))
                number += 1
            yield Mailing(server=server, to=tuple(placed), **entry)


def _address(number: int) -> str:
    place = _PLACES[number % len(_PLACES)]
    trade = _TRADES[number // len(_PLACES) % len(_TRADES)]
    return f"{_USERS[number % len(_USERS)]}@{place}-{trade}.example"


def _fate(facts: Mapping[str, Any], address: str) -> Fate:
    known = {"bounce_type": "soft", **_TROUBLES.get(facts.get("trouble", ""), {}), **facts}
    known.pop("user", None)
    known["reason_alt"] = tuple(known.get("reason_alt", ()))
    if known["reason"] in {"delivered", "vacation"}:
        known["bounce_type"] = ""
    return Fate(**({"address": address} | known))


def fill(fate: Fate, *, ip: str, sender: str) -> Fate:
    """Return the fate with the slots of its reply filled, and its codes read from the reply."""
    if not fate.reply:
        return fate
    user, _, domain = fate.address.partition("@")
    slots = {
        "recipient": fate.address, "user": user, "domain": domain, "mx": f"mail.{domain}",
        "ip": ip, "sender": sender, "sender_domain": sender.partition("@")[2],
    }  # fmt: skip
    reply = re.sub(r"\{(\w+)\}", lambda slot: slots[slot.group(1)], fate.reply)
    status = _STATUS.search(reply)
    if reply[0] not in "45" or fate.status:
        return replace(fate, reply=reply)
    return replace(fate, reply=reply, reply_code=reply[:3], status=status[0] if status else "")
