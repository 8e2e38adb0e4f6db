"""Dovecot's LMTP with Pigeonhole: full mailboxes, refusals and vacation replies of people."""

from pathlib import Path

from . import Server

_CONFIG = """\
protocols = lmtp
listen = {ip}
log_path = /var/log/dovecot.log
hostname = {host}
postmaster_address = postmaster@willow-homes.example
mail_location = maildir:/var/mail/%n/Maildir
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
ssl = no
mail_plugins = quota
plugin {{
  quota = maildir:User quota
  quota_rule = *:storage=1M
  sieve = /etc/dovecot/sieve/%n.sieve
  sieve_vacation_send_from_recipient = yes
}}
submission_host = 192.0.2.99:25
passdb {{
  driver = static
  args = password=unused
}}
userdb {{
  driver = passwd-file
  args = /etc/dovecot/users
}}
protocol lmtp {{
  mail_plugins = quota sieve
}}
service lmtp {{
  inet_listener lmtp {{
    address = {ip}
    port = 24
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
_USER = "{name}:::::/var/mail/{name}::{extra}\n"
_SIEVE = {
    "picky": 'require "reject";\nreject "I read no mail from estate agents.";\n',
    "holiday": 'require "vacation";\nvacation :days 1 :subject "I am on holiday"\n'
    '"Hello, I am on holiday until the 12th and read no mail. Call the office if it is urgent.";\n',
}


def configure(server: Server, root: Path) -> list[str]:
    """Write dovecot.conf, users and their sieve scripts; return the start command."""
    folder = root / "etc/dovecot"
    (folder / "dovecot.conf").write_text(_CONFIG.format(host=server.host, ip=server.ip))
    people = {"full.house": "userdb_quota_rule=*:bytes=100", "picky": "", "holiday": ""}
    users = (
        _USER.format(name=f"{name}@{server.hosts[0]}", extra=extra)
        for name, extra in people.items()
    )
    (folder / "users").write_text("".join(users))
    (folder / "sieve").mkdir(exist_ok=True)
    for name, script in _SIEVE.items():
        (folder / f"sieve/{name}.sieve").write_text(script)
    (root / "var/mail").chmod(0o777)
    return ["dovecot"]
