"""The far side: an SMTP server that answers as scripted, and the sender's own mailbox."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_ADDRESS = re.compile(r":\s*<([^>]*)>")


@dataclass(frozen=True, slots=True)
class FarHost:
    """One mail host. Keys of replies: connect, ehlo, mail, rcpt, rcpt ADDRESS, data, end, quit."""

    name: str
    ip: str
    replies: Mapping[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES")
    silent: bool = False  # accepts the connection and never says a word
    inbox: Path | None = None  # keeps what arrives


class _Session:
    def __init__(
        self, host: FarHost, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.host, self.reader, self.writer = host, reader, writer
        self.sender, self.recipients = "", list[str]()

    async def say(self, default: str, *keys: str) -> bool:
        """Send the scripted reply, or the default; tell whether it accepts."""
        reply = next((self.host.replies[key] for key in keys if key in self.host.replies), default)
        self.writer.write(reply.replace("\n", "\r\n").encode() + b"\r\n")
        await self.writer.drain()
        return reply[0] in "23"

    async def run(self) -> None:
        if self.host.silent:
            await self.reader.read()
            return
        if not await self.say(f"220 {self.host.name} ESMTP", "connect"):
            return
        while line := await self.reader.readline():
            text = line.decode(errors="replace").strip()
            if not await self.command(text.split(" ")[0].split(":")[0].upper(), text):
                return

    async def command(self, verb: str, text: str) -> bool:
        found = _ADDRESS.search(text)
        address = found.group(1) if found else ""
        if verb == "EHLO":
            lines = [self.host.name, *self.host.features]
            dashes = ["-"] * (len(lines) - 1) + [" "]
            hello = "\n".join(f"250{d}{text}" for d, text in zip(dashes, lines, strict=True))
            return await self.say(hello, "ehlo") or True
        if verb == "HELO":
            return await self.say(f"250 {self.host.name}", "ehlo") or True
        if verb == "MAIL":
            self.sender, self.recipients = address, []
            await self.say("250 2.1.0 Ok", "mail")
        elif verb == "RCPT":
            if await self.say("250 2.1.5 Ok", f"rcpt {address.lower()}", "rcpt"):
                self.recipients.append(address)
        elif verb == "DATA":
            if not self.recipients:
                await self.say("554 5.5.1 No valid recipients")
            elif await self.say("354 Go ahead", "data"):
                await self.data()
        elif verb == "QUIT":
            await self.say("221 2.0.0 Bye")
            return False
        else:
            await self.say("250 2.0.0 Ok")
        return True

    async def data(self) -> None:
        lines = []
        while (line := await self.reader.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".").replace(b"\r\n", b"\n"))
        if self.host.replies.get("end") == "drop":
            self.writer.close()
            return
        if await self.say("250 2.0.0 Ok: queued", "end") and self.host.inbox:
            for _ in self.recipients:
                number = len(list(self.host.inbox.iterdir()))
                mail = f"Return-Path: <{self.sender}>\n".encode() + b"".join(lines)
                (self.host.inbox / f"{number:04}.eml").write_bytes(mail)


async def serve(host: FarHost) -> None:
    """Listen on port 25 of the host's address until the loop ends."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Session(host, reader, writer).run()
        except ConnectionError:
            pass
        finally:
            writer.close()

    await asyncio.start_server(handle, host.ip, 25)
