"""From the sender's mailbox to messages with labels. The labels come from what was set up."""

import email
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from email.message import Message
from pathlib import Path

from .labels import Delivery, Label, write_label
from .mailings import Fate, Mailing
from .world import BY_KEY, SERVERS

_KINDS = {"failed": "bounce", "delayed": "delay", "delivered": "delivered",
          "relayed": "delivered", "expanded": "delivered"}  # fmt: skip
_SUFFIXES = {"delay": "-delay", "delivered": "-delivered"}
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]+)\}")


def harvest(mailings: Sequence[Mailing], inbox: Path, messages: Path) -> None:
    """Write each notice and its label; print what arrived for no mailing, and what never came."""
    senders = {mailing.server for mailing in mailings}
    for old in messages.iterdir():
        if (
            max((key for key in BY_KEY if old.name.startswith(f"{key}-")), key=len, default="")
            in senders
        ):
            old.unlink()
    names = Counter[str]()
    seen = set()
    for path in sorted(inbox.glob("*.eml")):
        raw = path.read_bytes()
        found = _find(raw, mailings)
        if found is None:
            print(f"{path.name}: belongs to nothing that was sent")  # noqa: T201 -- a command says what it did
            continue
        mailing = found
        label = _label(raw, mailing)
        name = mailing.name + _SUFFIXES.get(label.kind, "")
        names[name] += 1
        if label.kind == "delay" and names[name] > 1:
            continue  # a second warning teaches nothing
        name += f"-{names[name]}" if names[name] > 1 else ""
        seen.add(mailing.name)
        (messages / f"{name}.eml").write_bytes(raw)
        write_label(messages / f"{name}.toml", label)
    for mailing in mailings:
        if mailing.name not in seen:
            print(f"{mailing.name}: no notice came")  # noqa: T201 -- a command says what it did


def _find(raw: bytes, mailings: Iterable[Mailing]) -> Mailing | None:
    """The original's Message-ID names its mailing; else an address that only one mailing has."""
    text = raw.decode(errors="replace").lower()
    for mailing in mailings:
        if f".{mailing.id}@{BY_KEY[mailing.server].host}>" in text:
            return mailing
    for mailing in mailings:
        server = BY_KEY[mailing.server]
        if any(fate.address.lower() in text and server.domain in text for fate in mailing.to):
            return mailing
    return None


def _label(raw: bytes, mailing: Mailing) -> Label:
    text = raw.decode(errors="replace")
    groups = list(_groups(email.message_from_string(text)))
    deliveries, kinds = [], set()
    for fate in mailing.to:
        group = next((group for group in groups if fate.address.lower() in _addresses(group)), None)
        if groups and group is None:
            continue
        action = str(group["Action"]).lower().split()[0] if group else "failed"
        status = str(group["Status"] or "").split(" ")[0].strip() if group else ""
        kinds.add(_KINDS[action])
        deliveries.append(_delivery(fate, _KINDS[action], status, text))
    kind = mailing.kind or next(k for k in ("bounce", "delay", "delivered") if k in kinds)
    return Label(kind, _author(raw, mailing), tuple(deliveries))


def _author(raw: bytes, mailing: Mailing) -> str:
    """Name the server that wrote the notice; it may be the one that had accepted the mail."""
    for server in SERVERS:
        if f"Reporting-MTA: dns; {server.host}".encode() in raw:
            return server.made_with
    return mailing.made_with or BY_KEY[mailing.server].made_with


def _delivery(fate: Fate, kind: str, reported: str, text: str) -> Delivery:
    """The answer for one recipient; what the notice does not repeat cannot be asked of a reader."""
    if kind == "delivered":
        return Delivery(fate.address, "delivered", status=reported, reply_code_sure=False)
    status = fate.status if fate.status in text else ""
    reply_code = fate.reply_code if fate.reply_code in text else ""
    answer = Delivery(
        fate.address, fate.reason, fate.reason_alt, fate.bounce_type,
        status=status or reported, reply_code=reply_code, reason_sure=fate.reason_sure,
        bounce_type_sure=fate.bounce_type_sure, reply_code_sure=bool(reply_code),
        status_sure=status[:1] == (reply_code or status)[:1] if status else _says(reported, text),
    )  # fmt: skip
    if not _repeats(text, fate.reply):
        reason = "expired" if fate.reply[0] == "4" or kind == "delay" else "undefined"
        answer = replace(answer, reason=reason, reason_alt=(fate.reason, "networkerror"),
                         reason_sure=reason == "expired", status=reported, status_sure=False,
                         reply_code="", reply_code_sure=False, bounce_type_sure=False)  # fmt: skip
    if kind == "delay":
        alternatives = dict.fromkeys((*answer.reason_alt, "expired"))
        alternatives.pop(answer.reason, None)
        answer = replace(answer, reason_alt=tuple(alternatives), bounce_type="soft")
    return answer


def _says(status: str, text: str) -> bool:
    """Tell whether a report's status says more than that it failed or took long, undisputed."""
    return not status.endswith((".0.0", ".4.7")) and set(_STATUS.findall(text)) == {status}


def _repeats(text: str, reply: str) -> bool:
    """Tell whether the notice repeats the end of a refusal, however it wraps the lines."""
    if reply[:1] not in {"4", "5"}:
        return True
    words = re.sub(r"\W+", "", reply.splitlines()[-1][4:])
    return words[-12:].lower() in re.sub(r"\W+", "", text).lower()


def _groups(mail: Message) -> Iterable[Message]:
    for part in mail.walk():
        if part.get_content_type().endswith("delivery-status"):
            groups = re.split(r"\n\n+", part.as_string().partition("\n\n")[2])
            parsed = (email.message_from_string(group) for group in groups)
            yield from (group for group in parsed if group["Action"])


def _addresses(group: Message) -> str:
    fields = [str(group[name] or "") for name in ("Original-Recipient", "Final-Recipient")]
    text = " ".join(fields).replace("+2B", "+").replace("+3D", "=")
    return _HEX.sub(lambda code: chr(int(code[1], 16)), text).lower()
