"""An Outlook file through the program, as its own process."""

import json
from pathlib import Path

from tests.end2end.test_commands import lines, program
from tests.unit.services.msg_writer import MAGIC, Msg, write_msg

CLASS, SUBJECT, SENDER_NAME, RECEIVER = 0x001A, 0x0037, 0x0C1A, 0x5D07
SMTP, SUPPLEMENTARY, SENDER, MESSAGE_ID = 0x39FE, 0x0C1B, 0x5D01, 0x1035
ORIGINAL = Msg(
    {SUBJECT: "Open house on Saturday", SENDER: "agent@example.org", MESSAGE_ID: "<1@example.org>"},
    [{SMTP: "dana@example.com"}],
)
REPORT = Msg(
    {
        CLASS: "REPORT.IPM.Note.NDR",
        SUBJECT: "Undeliverable: Open house on Saturday",
        SENDER_NAME: "Microsoft Outlook",
        RECEIVER: "agent@example.org",
    },
    [
        {
            SMTP: "dana@example.com",
            SUPPLEMENTARY: "<mx.example.com #5.1.1 smtp;550 5.1.1 user unknown>",
        }
    ],
    [ORIGINAL],
)


def test_a_bounce_saved_from_outlook_is_diagnosed(tmp_path: Path) -> None:
    (tmp_path / "Undeliverable.msg").write_bytes(write_msg(REPORT))
    done = program("diagnose", "--json", "Undeliverable.msg", folder=tmp_path)
    (bounce,) = lines(done)
    (delivery,) = bounce["deliveries"]
    assert (done.returncode, bounce["file"], bounce["kind"]) == (0, "Undeliverable.msg", "bounce")
    assert (delivery["recipient"], delivery["cause"]) == ("dana@example.com", "user_unknown")
    assert (delivery["status"], delivery["remote_mta"]) == ("5.1.1", "mx.example.com")
    assert bounce["original"]["subject"] == "Open house on Saturday"
    assert bounce["original"]["message_id"] == "<1@example.org>"


def test_a_broken_outlook_file_stops_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "1.msg").write_bytes(MAGIC + b"\x00" * 5000)
    (folder / "2.msg").write_bytes(write_msg(REPORT))
    done = program("diagnose", "--json", "--jobs", "2", "saved", folder=tmp_path)
    broken, bounce = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert broken["error"].startswith("This file isn't an email we can read.")
    assert bounce["kind"] == "bounce"
