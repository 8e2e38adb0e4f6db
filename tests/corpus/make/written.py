"""Command: python -m make.written. Writes the messages that were made by hand, from written/*.toml.

For services whose servers nobody can run at home, and for ordinary mail that looks like a bounce.
"""

import email
import hashlib
import tomllib
from collections.abc import Mapping
from email.charset import BASE64, QP, Charset
from email.header import Header
from pathlib import Path
from typing import Any

from .labels import Delivery, Label, write_label

WRITTEN = Path(__file__).parent / "written"
MESSAGES = Path(__file__).parent.parent / "messages"
_SENDER = {"sender": "rosa@sunrise-homes.example", "sender_name": "Rosa Delgado"}
_ORIGINALS = ("Open house on Saturday", "Your offer on 22 Bay Street", "Three new homes for you")
_DAYS = ("Mon, 2 Mar", "Tue, 14 Apr", "Fri, 8 May", "Wed, 17 Jun", "Thu, 30 Jul")
_BODY_ENCODINGS: Mapping[str, int | None] = {"base64": BASE64, "quoted-printable": QP, "7bit": None}


def main() -> None:
    """Write every hand-made message and its label."""
    count = 0
    for path in sorted(WRITTEN.glob("*.toml")):
        book = tomllib.loads(path.read_text())
        for old in MESSAGES.glob(f"{path.stem}-*"):
            old.unlink()
        for notice in book["notice"]:
            name = f"{path.stem}-{notice['id']}"
            slots = {**book.get("slots", {}), **notice}
            text = _fill(notice.get("shape", book.get("shape", "")), slots, name)
            (MESSAGES / f"{name}.eml").write_bytes(_encode(text, notice))
            made_with = notice.get("made_with", book["made_with"])
            write_label(MESSAGES / f"{name}.toml", _label(notice, made_with))
            count += 1
    print(f"{count} messages written")  # noqa: T201 -- a command says what it did


def _fill(shape: str, slots: Mapping[str, Any], name: str) -> str:
    """Fill the slots; a slot's text may name other slots."""
    number = int(hashlib.sha256(name.encode()).hexdigest(), 16)
    token = f"{number % 16**14:014x}"
    user, _, domain = str(slots.get("recipient", "")).partition("@")
    known = {
        **_SENDER, "user": user, "domain": domain, "token": token,
        "original": _ORIGINALS[number % len(_ORIGINALS)],
        "date": f"{_DAYS[number % len(_DAYS)]} 2026 {8 + number % 10:02}:{number % 60:02}:07 +0000",
        **slots,
    }  # fmt: skip
    text = shape.lstrip("\n")
    for _ in range(3):
        for slot, value in known.items():
            if isinstance(value, str):
                text = text.replace("{" + slot + "}", value)
    return text.replace("{{", "{").replace("}}", "}")


def _encode(text: str, notice: Mapping[str, Any]) -> bytes:
    """Return the message's bytes: header fields encoded, text parts as the notice asks."""
    head, _, body = text.partition("\n\n")
    text = f"{_encode_fields(head, notice.get('charset', 'utf-8'))}\n\n{body}"
    if "encoding" not in notice and "charset" not in notice:
        return text.encode()
    charset = Charset(notice.get("charset", "utf-8"))
    charset.body_encoding = _BODY_ENCODINGS[notice.get("encoding", "7bit")]  # type: ignore[assignment]  # None is documented
    mail = email.message_from_string(text)
    for part in mail.walk():
        payload = part.get_payload()
        if part.get_content_maintype() == "text" and isinstance(payload, str):
            part.set_payload(payload, charset)
    return mail.as_bytes()


def _encode_fields(head: str, charset: str) -> str:
    lines = []
    for line in head.split("\n"):
        name, colon, value = line.partition(": ")
        if value.isascii() or not colon:
            lines.append(line)
            continue
        words, angle, address = value.partition(" <")  # an address is never encoded
        encoded = Header(words, charset, header_name=name).encode()
        lines.append(f"{name}: {encoded}{angle}{address}")
    return "\n".join(lines)


def _label(notice: Mapping[str, Any], made_with: str) -> Label:
    facts = dict(notice.get("label", {}))
    kind = facts.pop("kind", "bounce" if facts else "not-a-bounce")
    deliveries = facts.pop("deliveries", [facts] if facts else [])
    found = []
    for delivery in deliveries:
        known = {"recipient": notice.get("recipient", ""), **delivery}
        known["reason_alt"] = tuple(known.get("reason_alt", ()))
        found.append(Delivery(**known))
    return Label(kind, made_with, tuple(found))


if __name__ == "__main__":
    main()
