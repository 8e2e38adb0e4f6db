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
from .world import BY_KEY

_KINDS = {"failed": "bounce", "delayed": "delay", "delivered": "delivered",
          "relayed": "delivered", "expanded": "delivered"}  # fmt: skip
_SUFFIXES = {"delay": "-delay", "delivered": "-delivered"}
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]+)\}")


def harvest(mailings: Sequence[Mailing], inbox: Path, messages: Path) -> None:
    """Write each notice and its label; print what arrived for no mailing, and what never came."""
    for mailing in mailings:
        for old in messages.glob(f"{mailing.name}*"):
            old.unlink()
    names = Counter[str]()
    seen = set()
    for path in sorted(inbox.glob("*.eml")):
        raw = path.read_bytes()
        mailing = _find(raw, mailings)
        if not mailing:
            print(f"{path.name}: belongs to nothing that was sent")
            continue
        label = _label(raw, mailing)
        name = mailing.name + _SUFFIXES.get(label.kind, "")
        names[name] += 1
        name += f"-{names[name]}" if names[name] > 1 else ""
        seen.add(mailing.name)
        (messages / f"{name}.eml").write_bytes(raw)
        write_label(messages / f"{name}.toml", label)
    for mailing in mailings:
        if mailing.name not in seen:
            print(f"{mailing.name}: no notice came")


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
    mail = email.message_from_bytes(raw)
    groups = list(_groups(mail))
    shown = re.sub(r"\W+", "", raw.decode(errors="replace")).lower()
    deliveries, kinds = [], set()
    for fate in mailing.to:
        group = next((group for group in groups if fate.address.lower() in _addresses(group)), None)
        if groups and group is None:
            continue
        action = str(group["Action"]).strip().lower() if group else "failed"
        kinds.add(_KINDS[action.split()[0]])
        status = str(group["Status"] or "").split(" ")[0].strip() if group else ""
        deliveries.append(_delivery(fate, _KINDS[action.split()[0]], status, shown))
    kind = mailing.kind or next(k for k in ("bounce", "delay", "delivered") if k in kinds)
    return Label(kind, BY_KEY[mailing.server].made_with, tuple(deliveries))


def _delivery(fate: Fate, kind: str, status: str, shown: str) -> Delivery:
    """The answer for one recipient; what the notice does not repeat cannot be asked of a reader."""
    last_line = fate.reply.splitlines()[-1][4:] if fate.reply[:1] in {"4", "5"} else ""
    words = re.sub(r"\W+", "", last_line).lower()
    if kind == "delivered":
        return Delivery(fate.address, "delivered", status=status)
    answer = Delivery(
        fate.address, fate.reason, fate.reason_alt, fate.bounce_type,
        status=fate.status or status, reply_code=fate.reply_code, reason_sure=fate.reason_sure,
        bounce_type_sure=fate.bounce_type_sure,
        status_sure=fate.status[:1] == fate.reply_code[:1] if fate.status and fate.reply_code
        else bool(fate.status) or (status != "" and not status.endswith(".0.0")),
        reply_code_sure=bool(fate.reply_code),
    )  # fmt: skip
    if words and words[-30:] not in shown:
        reason = "expired" if fate.reply_code[0] == "4" or kind == "delay" else "undefined"
        answer = replace(answer, reason=reason, reason_alt=(fate.reason, "networkerror"),
                         reason_sure=reason == "expired", status=status, status_sure=False,
                         reply_code="", reply_code_sure=False, bounce_type_sure=False)  # fmt: skip
    if kind == "delay":
        alternatives = dict.fromkeys((*answer.reason_alt, "expired"))
        alternatives.pop(answer.reason, None)
        answer = replace(answer, reason_alt=tuple(alternatives), bounce_type="soft")
    return answer


def _groups(mail: Message) -> Iterable[Message]:
    for part in mail.walk():
        if part.get_content_type().endswith("delivery-status"):
            payload = part.get_payload()
            if isinstance(payload, str):  # global-delivery-status is not taken apart by the library
                raw = part.get_payload(decode=True)
                assert isinstance(raw, bytes)
                payload = [email.message_from_string(g) for g in raw.decode().split("\n\n")]
            yield from (g for g in payload if isinstance(g, Message) and g["Action"])


def _addresses(group: Message) -> str:
    fields = [str(group[name] or "") for name in ("Original-Recipient", "Final-Recipient")]
    text = " ".join(fields).replace("+2B", "+").replace("+3D", "=")
    return _HEX.sub(lambda code: chr(int(code[1], 16)), text).lower()
