"""Sendmail: sends, and receives for oak-clinic.example."""

import subprocess
from pathlib import Path

from . import Server

_MC = """\
divert(0)dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
VERSIONID(`corpus')dnl
OSTYPE(`debian')dnl
DOMAIN(`debian-mta')dnl
define(`confDOMAIN_NAME', `{host}')dnl
define(`confDONT_PROBE_INTERFACES', `True')dnl
define(`confTO_QUEUERETURN', `20s')dnl
define(`confTO_QUEUEWARN', `6s')dnl
define(`confTO_QUEUEWARN_NORMAL', `6s')dnl
define(`confMIN_QUEUE_AGE', `3s')dnl
define(`confTO_ICONNECT', `4s')dnl
define(`confTO_CONNECT', `4s')dnl
define(`confTO_INITIAL', `4s')dnl
define(`confTO_IDENT', `0')dnl
define(`confTO_RESOLVER_RETRANS', `2s')dnl
define(`confHOST_STATUS_DIRECTORY', `')dnl
define(`confTO_HOSTSTATUS', `1s')dnl
define(`confMAX_HOP', `12')dnl
define(`confDOUBLE_BOUNCE_ADDRESS', `')dnl
FEATURE(`no_default_msa')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`access_db', `hash -T<TMPF> /etc/mail/access')dnl
FEATURE(`blocklist_recipients')dnl
DAEMON_OPTIONS(`Family=inet, Name=MTA, Port=25, Addr={ip}')dnl
CLIENT_OPTIONS(`Family=inet, Addr={ip}')dnl
define(`SMTP_MAILER_ARGS', `TCP $h')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
LOCAL_CONFIG
Cwoak-clinic.example
"""
_ACCESS = """\
Connect:192.0.2.1 RELAY
To:closed@oak-clinic.example ERROR:5.2.1:"550 This mailbox has been closed, call the front desk"
"""


def configure(server: Server, root: Path) -> list[str]:
    """Make sendmail.cf from m4; return the start command."""
    mail = root / "etc/mail"
    mail.mkdir(exist_ok=True)
    (mail / "corpus.mc").write_text(_MC.format(host=server.host, ip=server.ip))
    (mail / "access").write_text(_ACCESS)
    (mail / "local-host-names").write_text("")
    (mail / "aliases").write_text("postmaster: /dev/null\n")
    prepare = """
        cd /etc/mail && m4 corpus.mc > sendmail.cf &&
        makemap hash access < access &&
        mkdir -p /var/spool/mqueue /var/run/sendmail/mta && chmod 700 /var/spool/mqueue &&
        newaliases
    """
    subprocess.run(["chroot", root, "sh", "-c", prepare], check=True, capture_output=True)
    return ["/usr/libexec/sendmail/sendmail", "-bd", "-q4s", "-C/etc/mail/sendmail.cf"]
