"""A hundred emails as agents really send them: nested, signed, invitations, pictures, charsets."""

import random
from base64 import b64encode, encodebytes
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.policy import SMTP
from quopri import encodestring

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

PERSON = "Dana Reyes <dana@far.example>"
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
_WORDS = {
    "us-ascii": "The open house is on Saturday at 10 AM.",
    "iso-8859-1": "Schöne Grüße aus Zürich, façade à vendre.",
    "iso-8859-15": "Der Preis beträgt 450.000 € und ist verhandelbar.",
    "windows-1252": "“Sold” – for 1,200 €… the buyer’s agent called.",
    "utf-8": "Visite samedi ✨ 東京 Ünïcödé \U0001f3e1",
    "koi8-r": "Приглашаем на показ дома в субботу.",
    "windows-1251": "Дом продан, поздравляем!",
    "iso-2022-jp": "土曜日の内覧会のご案内です。",
    "shift_jis": "お問い合わせありがとうございます。",
    "euc-kr": "토요일 오픈 하우스에 초대합니다.",
    "gb18030": "周六开放日，欢迎参观。",
    "big5": "週六開放參觀，歡迎光臨。",
    "iso-8859-8": "בית פתוח ביום שבת",
    "windows-1256": "منزل للبيع",
    "utf-16": "Sixteen bits – ünïcode",
    "iso-8859-2": "Zapraszamy na pokaz domu w sobotę.",
}
_NAMES = (
    "floor plan.pdf", "Grundriß Süd.pdf", "東京の間取り図.pdf", "a" * 120 + ".pdf",
    "offer (final) v2.docx", "semi;colon,comma.txt", "\U0001f3e1 house.png", "résumé.pdf",
)  # fmt: skip
Letter = tuple[str, bytes]


def letters(count: int = 100, seed: int = 5322) -> list[Letter]:
    """Return so many emails, each with a name; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - variety, not secrets
    makers: list[Callable[[random.Random], Iterator[Letter]]] = [
        _texts, _pages, _pictures, _attachments, _invitations, _nested, _signed, _odd,
    ]  # fmt: skip
    found = [letter for maker in makers for letter in maker(chance)]
    assert len(found) >= count, len(found)
    return found[:count]


def head(number: int, subject: str = "Open house on Saturday") -> list[tuple[str, str]]:
    """Return the header of a usual email of an agent, with what a former journey leaves in it."""
    return [
        ("Received", "from laptop by mail.example.com; Mon, 2 Mar 2026 08:59:00 +0000"),
        ("DKIM-Signature", "v=1; a=rsa-sha256; d=example.com; s=a; bh=AAAA; b=BBBB"),
        ("Authentication-Results", "mail.example.com; dkim=pass"),
        ("From", "Agent Smith <agent@example.com>"),
        ("To", PERSON),
        ("Cc", "Boss <boss@example.com>"),
        ("Reply-To", "Team <team@example.com>"),
        ("Subject", subject),
        ("Date", "Mon, 2 Mar 2026 08:59:00 +0000"),
        ("Message-ID", f"<old{number}@example.com>"),
        ("In-Reply-To", "<question@far.example>"),
        ("References", "<first@far.example>\r\n <question@far.example>"),
        ("X-Mailer", "Old Mailer 1.0"),
        ("X-Campaign-Id", "spring-554"),
        ("List-Unsubscribe", "<https://track.example.org/u/1>"),
    ]


_numbers = iter(range(1, 100_000))


def _whole(body_head: str, body: bytes, subject: str = "Open house on Saturday") -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in head(next(_numbers), subject))
    return f"{fields}MIME-Version: 1.0\r\n{body_head}\r\n\r\n".encode() + body


def _of(message: EmailMessage, subject: str = "Open house on Saturday") -> bytes:
    """Return a message of the standard library under our header."""
    del message["MIME-Version"]
    first = EmailMessage(policy=SMTP)
    for name, value in head(next(_numbers), subject):
        Message.__setitem__(first, name, value.replace("\r\n", ""))
    made = message.as_bytes(policy=SMTP)
    top = first.as_bytes(policy=SMTP).rstrip(b"\r\n") + b"\r\nMIME-Version: 1.0\r\n"
    return top + made


def _texts(_: random.Random) -> Iterator[Letter]:
    for charset, words in _WORDS.items():
        text = (words + "\r\n") * 3
        data = text.encode(charset)
        kind = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: "
        yield f"text {charset} base64", _whole(kind + "base64", _b64(data))
        if charset != "utf-16":
            yield f"text {charset} quoted", _whole(kind + "quoted-printable", _quoted(data))
        if charset not in {"utf-16", "us-ascii", "iso-2022-jp"}:
            yield f"text {charset} 8bit", _whole(kind + "8bit", data)


def _pages(_: random.Random) -> Iterator[Letter]:
    for charset in ("utf-8", "iso-8859-1", "windows-1252"):
        words = _WORDS[charset]
        message = EmailMessage(policy=SMTP)
        message.set_content(words, charset=charset)
        page = f"<html><head><title>x</title></head><body><p>{words}</p></body></html>"
        message.add_alternative(page, subtype="html", charset=charset)
        yield f"alternative {charset}", _of(message)
        only = EmailMessage(policy=SMTP)
        only.set_content(page, subtype="html", charset=charset)
        yield f"html only {charset}", _of(only, "Grüße ✨" if charset == "utf-8" else "Greetings")


def _pictures(chance: random.Random) -> Iterator[Letter]:
    for number in (1, 3, 8):
        message = EmailMessage(policy=SMTP)
        message.set_content("See the pictures.")
        tags = "".join(f'<img src="cid:p{n}@x">' for n in range(number))
        message.add_alternative(f"<html><body>{tags}</body></html>", subtype="html")
        page = list(message.iter_parts())[1]
        assert isinstance(page, EmailMessage)
        for n in range(number):
            data = _PNG + chance.randbytes(200 * n)
            page.add_related(data, "image", "png", cid=f"<p{n}@x>", filename=f"p{n}.png")
        message.add_attachment(chance.randbytes(3000), "application", "pdf", filename="plan.pdf")
        yield f"{number} pictures in the text", _of(message)


def _attachments(chance: random.Random) -> Iterator[Letter]:
    for name in _NAMES:
        message = EmailMessage(policy=SMTP)
        message.set_content(_WORDS["utf-8"])
        message.add_attachment(chance.randbytes(2000), "application", "octet-stream", filename=name)
        yield f"attachment {name[:20]}", _of(message)
    name = "=?utf-8?B?" + b64encode("Grundriß.pdf".encode()).decode() + "?="
    body = _multi(
        "B1", ("text/plain", b"Hi"), (f'application/pdf; name="{name}"', b"%PDF-1.4 not really")
    )
    yield "name in an encoded word", _whole("Content-Type: multipart/mixed; boundary=B1", body)
    message = EmailMessage(policy=SMTP)
    message.set_content("Big one.")
    message.add_attachment(chance.randbytes(300_000), "image", "jpeg", filename="house.jpg")
    yield "attachment of 300 kB", _of(message)


def _invitations(_: random.Random) -> Iterator[Letter]:
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@x\r\n"
        "DTSTART:20260307T100000Z\r\nSUMMARY:Visite privée – maison\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    for method in ("REQUEST", "CANCEL"):
        text = calendar.replace("REQUEST", method)
        message = EmailMessage(policy=SMTP)
        message.set_content("You are invited.")
        message.add_alternative(text, subtype="calendar", params={"method": method})
        message.add_attachment(text.encode(), "application", "ics", filename="invite.ics")
        yield f"invitation {method}", _of(message)
    kind = "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n"
    yield (
        "invitation alone, 8bit",
        _whole(kind + "Content-Transfer-Encoding: 8bit", calendar.encode()),
    )


def _nested(_: random.Random) -> Iterator[Letter]:
    inner = _whole("Content-Type: text/plain; charset=utf-8", _WORDS["utf-8"].encode() + b"\r\n")
    for depth in (1, 2, 3):
        outer = inner
        for level in range(depth):
            mark = f"N{level}"
            body = _multi(mark, ("text/plain", b"Forwarded below"), ("message/rfc822", outer))
            outer = _whole(f"Content-Type: multipart/mixed; boundary={mark}", body)
        yield f"email in email, {depth} deep", outer
    digest = _multi("D", ("message/rfc822", inner), ("message/rfc822", inner))
    yield "digest", _whole("Content-Type: multipart/digest; boundary=D", digest)
    deep = _multi("L0", ("text/plain", b"leaf"))
    for level in range(1, 8):
        deep = _multi(f"L{level}", (f"multipart/mixed; boundary=L{level - 1}", deep))
    yield "eight levels of mixed", _whole("Content-Type: multipart/mixed; boundary=L7", deep)


def _signed(chance: random.Random) -> Iterator[Letter]:
    key, certificate = _identity()
    for number, charset in enumerate(("us-ascii", "utf-8", "iso-8859-1")):
        text = _quoted((_WORDS[charset] + "\r\n").encode(charset))
        part = (
            f"Content-Type: text/plain; charset={charset}\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        ).encode() + text
        if number == 2:
            inner = _multi("S", (f"text/plain; charset={charset}", b"signed parts"),
                           ("application/pdf", encodebytes(chance.randbytes(500))))  # fmt: skip
            part = b"Content-Type: multipart/mixed; boundary=S\r\n\r\n" + inner
            part = part.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        signature = (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(part)
            .add_signer(certificate, key, hashes.SHA256())
            .sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature])
        )
        yield f"S/MIME signed {charset}", _signed_whole(
            part, 'protocol="application/pkcs7-signature"; micalg=sha-256',
            'application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64',
            _b64(signature),
        )  # fmt: skip
    for number in range(4):
        part = b"Content-Type: text/plain; charset=utf-8\r\n\r\nSigned  \r\n- -dash\r\n" * 1
        armour = b"-----BEGIN PGP SIGNATURE-----\r\n\r\n" + _b64(chance.randbytes(90 + number))
        yield f"PGP signed {number}", _signed_whole(
            part, 'protocol="application/pgp-signature"; micalg=pgp-sha512',
            'application/pgp-signature; name="signature.asc"',
            armour + b"-----END PGP SIGNATURE-----\r\n",
        )  # fmt: skip
    secret = b"-----BEGIN PGP MESSAGE-----\r\n" + _b64(chance.randbytes(400))
    secret += b"-----END PGP MESSAGE-----\r\n"
    kinds = "application/pgp-encrypted", "application/octet-stream"
    sealed = _multi("E", (kinds[0], b"Version: 1\r\n"), (kinds[1], secret))
    kind = 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=E'
    yield "PGP encrypted", _whole(kind, sealed)
    opaque = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(b"Content-Type: text/plain\r\n\r\nopaque\r\n")
        .add_signer(certificate, key, hashes.SHA256())
        .sign(serialization.Encoding.DER, [])
    )
    kind = 'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"\r\n'
    yield "S/MIME opaque", _whole(kind + "Content-Transfer-Encoding: base64", _b64(opaque))


def _odd(chance: random.Random) -> Iterator[Letter]:
    plain = "Content-Type: text/plain; charset=us-ascii"
    yield "dots at line starts", _whole(plain, b".\r\n..\r\n.x\r\n. \r\nend\r\n")
    yield "From at a line start", _whole(plain, b"From here on\r\n\r\nFrom me\r\n>From you\r\n")
    yield "white space at line ends", _whole(plain, b"a \r\nb\t\r\n\r\n\r\n  \r\nend   \r\n")
    yield "a line of 900", _whole(plain, b"x" * 900 + b"\r\ny\r\n")
    yield "flowed", _whole(plain + "; format=flowed; delsp=yes", b"Some \r\nflowed \r\ntext\r\n")
    yield "no type at all", _whole("X-Nothing: 1", b"Just text\r\n")
    yield "no line end at the end", _whole(plain, b"no end")
    yield "blank lines at the end", _whole(plain, b"text\r\n\r\n\r\n\r\n")
    yield "uuencoded", _whole(plain, b"begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n")
    body = b"preamble\r\n" + _multi("P", ("text/plain", b"part")) + b"epilogue\r\nmore\r\n"
    yield "preamble and epilogue", _whole("Content-Type: multipart/mixed; boundary=P", body)
    tricky = _multi("AA", ("multipart/mixed; boundary=AAA", _multi("AAA", ("text/plain", b"in"))))
    yield (
        "a boundary that begins another",
        _whole("Content-Type: multipart/mixed; boundary=AA", tricky),
    )
    body = _multi("=_strange'()+_,-./:=?", ("text/plain", b"strange"))
    yield (
        "a strange boundary",
        _whole('Content-Type: multipart/mixed;\r\n\tboundary="=_strange\'()+_,-./:=?"', body),
    )
    body = _multi("T", ("text/plain", b"see attached"), ("application/ms-tnef", b"\x78\x9f\x3e"))
    yield "winmail.dat", _whole("Content-Type: multipart/mixed; boundary=T", body)
    body = _multi("V", ("text/plain", b""), ("text/html", b""), ("image/png", b""))
    yield "empty parts", _whole("Content-Type: multipart/mixed; boundary=V", body)
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ágent Smith\r\nEND:VCARD\r\n".encode()
    body = _multi("C", ("text/plain", b"my card"), ("text/vcard; charset=utf-8", card))
    yield "a visiting card in 8bit", _whole("Content-Type: multipart/mixed; boundary=C", body)
    subject = "=?utf-8?Q?Sch=C3=B6ne_W=C3=B6hnung_?=\r\n =?utf-8?Q?am_See_f=C3=BCr_Sie?="
    yield "a folded subject", _whole(plain, b"x\r\n", subject)
    yield (
        "a long subject",
        _whole(plain, b"x\r\n", "Very long subject\r\n\t" + "word " * 60 + "end"),
    )
    yield "a subject in raw 8bit", _whole(plain, b"x\r\n", "Grüße an alle")
    yield "random bytes, attached", _of(_random_file(chance))
    kind = 'Content-Type: message/external-body; access-type=URL;\r\n URL="https://example.com/x"'
    yield "a body elsewhere", _whole(kind, b"Content-Type: text/plain\r\n\r\n")


def _random_file(chance: random.Random) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message.set_content("Here.")
    message.add_attachment(chance.randbytes(40_000), "application", "zip", filename="x.zip")
    return message


def _signed_whole(part: bytes, how: str, kind: str, signature: bytes) -> bytes:
    body = b"--SIG\r\n" + part + b"\r\n--SIG\r\nContent-Type: " + kind.encode()
    body += b"\r\n\r\n" + signature + b"\r\n--SIG--\r\n"
    return _whole(f"Content-Type: multipart/signed; {how}; boundary=SIG", body)


def _multi(mark: str, *parts: tuple[str, bytes]) -> bytes:
    pieces = []
    for kind, data in parts:
        is_text = data.isascii() or kind.startswith(("message/", "multipart/"))
        encoding = "8bit" if is_text or "charset=utf-8" in kind else "base64"
        if encoding == "base64":
            data = _b64(data)  # noqa: PLW2901 - its written form from here on
        field = "" if is_text else f"Content-Transfer-Encoding: {encoding}\r\n"
        pieces.append(f"--{mark}\r\nContent-Type: {kind}\r\n{field}\r\n".encode() + data + b"\r\n")
    return b"".join(pieces) + f"--{mark}--\r\n".encode()


def _b64(data: bytes) -> bytes:
    return encodebytes(data).replace(b"\n", b"\r\n")


def _quoted(data: bytes) -> bytes:
    return encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")


def _identity() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Agent Smith")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    built = built.public_key(key.public_key()).serial_number(x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    return key, built.sign(key, hashes.SHA256())
