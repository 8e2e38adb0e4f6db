"""Postfix: sends, and receives for cedar-bank.example with many ways to say no."""

import re
import subprocess
from email.header import Header
from pathlib import Path

from . import Server

TEMPLATES = Path(__file__).parent / "postfix_templates"
_MAIN = """\
compatibility_level = 3.6
myhostname = {host}
mydomain = {domain}
myorigin = {domain}
mydestination = localhost
inet_interfaces = {ip}
inet_protocols = ipv4
mynetworks = 192.0.2.1/32 {ip}/32
maillog_file = /var/log/postfix.log
smtputf8_enable = yes
biff = no
maximal_queue_lifetime = 22s
bounce_queue_lifetime = 22s
delay_warning_time = 6s
queue_run_delay = 4s
minimal_backoff_time = 4s
maximal_backoff_time = 5s
smtp_connect_timeout = 4s
smtp_helo_timeout = 4s
smtp_destination_concurrency_failed_cohort_limit = 100
bounce_size_limit = 30000
message_size_limit = 12000
notify_classes =
bounce_template_file = /etc/postfix/bounce.cf
"""
_RECEIVING = """\
relay_domains = willow-homes.example
virtual_mailbox_domains = cedar-bank.example
virtual_mailbox_base = /var/mail/virtual
virtual_mailbox_maps = texthash:/etc/postfix/mailboxes
virtual_mailbox_limit = 12000
virtual_minimum_uid = 1
virtual_uid_maps = static:8
virtual_gid_maps = static:8
relocated_maps = texthash:/etc/postfix/relocated
transport_maps = texthash:/etc/postfix/transport
unverified_recipient_reject_code = 550
hopcount_limit = 12
body_checks = regexp:/etc/postfix/body_checks
lmtp_host_lookup = native
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions =
 permit_mynetworks,
 check_recipient_access texthash:/etc/postfix/recipient_access,
 reject_unlisted_recipient
"""
_FILES = {
    "mailboxes": "small.box@cedar-bank.example small.box\narchive@cedar-bank.example archive\n"
    "front.office@cedar-bank.example front\nfront.desk@cedar-bank.example desk\n"
    "board@cedar-bank.example board\nslow.lane@cedar-bank.example slow\n"
    "scanner@cedar-bank.example scanner\n",
    "relocated": "ivy.moved@cedar-bank.example ivy.moved@example.net\n",
    "transport": "willow-homes.example lmtp:inet:192.0.2.70:24\n"
    "scanner@cedar-bank.example scanner:\n"
    "loop.cedar-bank.example smtp:[{ip}]\n",
    "recipient_access": "board@cedar-bank.example reject\n"
    "front.desk@cedar-bank.example reject_rbl_client dnsbl.example\n"
    "slow.lane@cedar-bank.example 450 4.2.0 Greylisted for five minutes, as all new senders\n"
    "archive@cedar-bank.example check_sender_access static:permit\n",
    "body_checks": "/casino bonus/ REJECT This text has been seen in a lot of unwanted mail\n",
}
_SCANNER = """
scanner unix - n n - - pipe flags=R user=mail argv=/usr/local/bin/scanner
"""
_SCANNER_PROGRAM = "#!/bin/sh\necho the document scanner is out of paper\nexit 70\n"
_DAYS = {"$delay_warning_time_hours": "4", "$maximal_queue_lifetime_days": "5"}


def configure(server: Server, root: Path) -> list[str]:
    """Write main.cf and the tables; return the start command."""
    main = _MAIN.format(host=server.host, domain=server.domain, ip=server.ip)
    if server.hosts:
        main += _RECEIVING
    language = server.key.partition("-")[2]
    if language:
        templates = _encode_headers((TEMPLATES / f"{language}.txt").read_text())
    else:  # Postfix's own words, with the times that a server in real use has
        printed = subprocess.run(
            ["chroot", root, "postconf", "-t"], check=True, capture_output=True
        )
        templates = re.sub(
            "|".join(map(re.escape, _DAYS)), lambda m: _DAYS[m[0]], printed.stdout.decode()
        )
    (root / "etc/postfix/bounce.cf").write_text(templates)
    scanner = root / "usr/local/bin/scanner"
    scanner.write_text(_SCANNER_PROGRAM)
    scanner.chmod(0o755)
    (root / "etc/postfix/main.cf").write_text(main)
    (root / "etc/postfix/master.cf").write_text(
        (root / "usr/share/postfix/master.cf.dist").read_text() + _SCANNER
    )
    for name, text in _FILES.items():
        (root / "etc/postfix" / name).write_text(text.format(ip=server.ip))
    mailboxes = root / "var/mail/virtual"
    mailboxes.mkdir(exist_ok=True)
    (mailboxes / "small.box").write_text("From rosa Mon Jan  5 10:00:00 2026\n\n" + "full\n" * 2380)
    subprocess.run(["chown", "-R", "8:8", mailboxes], check=True)
    subprocess.run(["chroot", root, "postconf", "-F", "*/*/chroot=n"], check=True)
    return ["postfix", "start"]


def _encode_headers(template: str) -> str:
    """Postfix takes 8-bit text in a template's body only."""
    return "".join(f"{_encode_header(line)}\n" for line in template.splitlines())


def _encode_header(line: str) -> str:
    name, colon, value = line.partition(": ")
    if not colon or value.isascii() or name not in {"Subject", "Postmaster-Subject", "From"}:
        return line
    return f"{name}: {Header(value, 'utf-8', maxlinelen=500).encode()}"
