"""``verify``: what can be said of an address without sending to it."""

import argparse
import json
import sys
from ipaddress import ip_address

from bounce_assistant.checks.resolver import Resolver
from bounce_assistant.checks.written import read_address
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fixes.describe_address import describe_address
from bounce_assistant.services.fixes.verify_address import (
    AddressCheck,
    AddressQuestion,
    system_names,
    verify_address,
)
from bounce_assistant.services.job import Job
from bounce_assistant.services.sent_people import SentPeople, look_in_sent

_DNS = 53
_PORTS = range(1, 65536)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``verify``."""
    parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help="as typed or copied")
    parser.add_argument("--json", action="store_true", help="one JSON object per address")
    parser.add_argument("--name", default="", metavar="NAME", help="whose address it is")
    network = parser.add_mutually_exclusive_group()
    network.add_argument(
        "--offline", action="store_true", help="ask nobody: only what this computer knows"
    )
    network.add_argument(
        "--sent",
        action="store_true",
        help="also search the Sent folders of your accounts for other addresses of that person",
    )
    parser.add_argument(
        "--name-server",
        type=_server,
        metavar="IP[:PORT]",
        help="ask this name server, not the ones this computer is set up with",
    )
    parser.epilog = (
        "Asks the domain name system whether the part after the @ takes mail. No mail server is"
        " connected to, but for your own with --sent, which is read and not changed. Ends with 1"
        " when that could not be checked."
    )


def run(options: argparse.Namespace, desk: Desk) -> int:
    """Print what was learned of each address; 1 when a look-up could not be made."""
    names = None if options.offline else options.name_server or system_names()
    is_all_checked = True
    for typed in options.addresses:
        question = AddressQuestion(
            typed, options.name, sent=_sent(typed, options, desk) if options.sent else None
        )
        check = verify_address(question, desk.store, desk.knowledge, Job(), names=names)
        is_checked = check.looked_up != "could not check"
        is_all_checked = is_all_checked and is_checked and check.looked_in_sent != "could not look"
        if options.json:
            print(json.dumps(describe_address(check), ensure_ascii=False), flush=True)
        else:
            print("\n".join(_lines(check)), flush=True)
    if not is_all_checked:
        print("Not everything could be checked. Try again later.", file=sys.stderr)
    return 0 if is_all_checked else 1


def _sent(typed: str, options: argparse.Namespace, desk: Desk) -> SentPeople:
    """Return whom Sent knows; no account to look in is a look that could not be made."""
    address = read_address(typed).address
    data = desk.knowledge.addresses
    found = look_in_sent(options.name, address, desk.accounts, data, Job())
    return found or SentPeople(problem="No account is connected.")


def _lines(check: AddressCheck) -> list[str]:
    advice = check.advice
    end = "" if advice.title.endswith("?") else "."
    lines = [f"{check.address or check.typed}: {advice.result}", f"  {advice.title}{end}"]
    lines += [f"  - {sentence}" for sentence in advice.sentences]
    lines += [f"  ({advice.caution})"] if advice.caution else []
    lines += [f"  Did you mean {one.address}?" for one in advice.suggestions]
    return [_shown(line) for line in lines]


def _shown(line: str) -> str:
    """Return a line without what could steer a terminal; an address can come from anywhere."""
    return "".join(letter for letter in line if letter.isprintable())


def _server(text: str) -> Resolver:
    """Read 192.0.2.1, 192.0.2.1:5353, 2001:db8::1 or [2001:db8::1]:5353."""
    host, port = text, str(_DNS)
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":") or str(_DNS)
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    try:
        ip_address(host)
        number = int(port)
    except ValueError as problem:
        raise argparse.ArgumentTypeError("must be an IP address, or that with :PORT") from problem
    if number not in _PORTS:
        raise argparse.ArgumentTypeError("has a port that doesn't exist")
    return Resolver([host], port=number)
