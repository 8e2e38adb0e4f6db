"""Exim: sends, and receives for elm-office.example with its own refusals and vacation reply."""

from pathlib import Path

from . import Server

_CONFIG = """\
primary_hostname = {host}
qualify_domain = {domain}
local_interfaces = {ip}
disable_ipv6
domainlist local_domains = elm-office.example
hostlist relay_from_hosts = 192.0.2.1
acl_smtp_rcpt = acl_check_rcpt
acl_smtp_data = accept
never_users =
host_lookup =
rfc1413_query_timeout = 0s
ignore_bounce_errors_after = 1m
timeout_frozen_after = 1m
delay_warning = 6s:24h
return_size_limit = 20K
smtputf8_advertise_hosts =
dsn_advertise_hosts = *
dsn_from = Mail Delivery System <Mailer-Daemon@{domain}>
queue_run_in_order = false
{more}
begin acl
acl_check_rcpt:
  accept hosts = +relay_from_hosts
  deny message = relay not permitted
       !domains = +local_domains
  deny local_parts = checked
       message = Sender verify failed for <$sender_address>, ask your postmaster
  deny !verify = recipient
  accept
begin routers
known_away:
  driver = accept
  domains = +local_domains
  local_parts = away
  transport = vacation
known_stuffed:
  driver = accept
  domains = +local_domains
  local_parts = stuffed
  transport = small_box
known_machine:
  driver = accept
  domains = +local_domains
  local_parts = machine
  transport = program
retired:
  driver = redirect
  domains = +local_domains
  local_parts = retired
  allow_fail
  data = :fail: Mr. Retired left us last summer and his account is closed
checked:
  driver = redirect
  domains = +local_domains
  local_parts = checked
  data = :blackhole:
willow:
  driver = manualroute
  domains = willow-homes.example
  transport = lmtp
  route_list = willow-homes.example 192.0.2.70
far:
  driver = dnslookup
  domains = ! +local_domains
  transport = remote_smtp
  no_more
begin transports
remote_smtp:
  driver = smtp
  interface = {ip}
  connect_timeout = 4s
  command_timeout = 4s
  data_timeout = 4s
  hosts_try_fastopen =
  hosts_avoid_tls = *
  hosts_try_chunking =
lmtp:
  driver = smtp
  protocol = lmtp
  port = 24
  interface = {ip}
  hosts_avoid_tls = *
  allow_localhost
small_box:
  driver = appendfile
  file = /var/mail/stuffed
  user = mail
  group = mail
  quota = 10
  quota_is_inclusive
program:
  driver = pipe
  command = /bin/sh -c "echo no paper in the machine; exit 69"
  user = mail
  return_fail_output
vacation:
  driver = autoreply
  to = $sender_address
  from = "Wim Away <away@elm-office.example>"
  subject = Away until Monday: Re: $h_subject:
  text = "Thank you for your mail. I am out of the office until Monday.\\n\\nWim\\n"
  user = mail
begin retry
* * F,18s,4s
begin rewrite
begin authenticators
"""
_PLAIN_BOUNCE = """\
Subject: Mail delivery failed: ${if eq{$sender_address}{$bounce_recipient}{yours}{a copy}}
****
Sorry, the mail that you sent could not be brought to these people:
****
****
The words after each address are what the other server said.
****
Your mail follows. It was cut to $return_size_limit characters.
****
Your mail follows.
****
"""


def configure(server: Server, root: Path) -> list[str]:
    """Write exim4.conf; return the start command."""
    more = ""
    if server.key == "exim-plain":
        (root / "etc/exim4/bounce.txt").write_text(_PLAIN_BOUNCE)
        more = "bounce_message_file = /etc/exim4/bounce.txt"
    config = _CONFIG.format(host=server.host, domain=server.domain, ip=server.ip, more=more)
    (root / "etc/exim4/exim4.conf").write_text(config)
    return ["exim4", "-bd", "-q4s"]
