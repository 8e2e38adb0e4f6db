"""Command: python -m make [--work DIR] [--only SERVER,...]; see ../README.md."""

import argparse
import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

from .harvest import harvest
from .mailings import load_mailings
from .network import enter, make_network, remove_network
from .roots import make_root
from .run import run
from .world import BY_KEY, far_side, filled

MESSAGES = Path(__file__).parent.parent / "messages"


def main() -> None:
    """Build what is missing, run the servers, write messages and labels."""
    parser = argparse.ArgumentParser(prog="make", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("/var/cache/bounce-corpus"))
    parser.add_argument("--only", default=",".join(BY_KEY), help="servers that send")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if os.geteuid():
        raise SystemExit("This needs root: it makes Debian roots and a network namespace.")
    only = wanted.only.split(",")
    mailings = [mailing for mailing in filled(load_mailings()) if mailing.server in only]
    inbox = wanted.work / "inbox"
    if wanted.inside:
        table, hosts = far_side(mailings, inbox)
        try:
            run(mailings, table, hosts, wanted.work)
        finally:
            if sys.exc_info()[0]:
                traceback.print_exc()
            sys.stdout.flush()
            os._exit(bool(sys.exc_info()[0]))  # the far side's thread never ends by itself
    for name in {server.root for server in BY_KEY.values()}:
        make_root(name, wanted.work)
    for folder in (inbox, wanted.work / "layers"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    make_network(server.ip for server in BY_KEY.values())
    try:
        command = [sys.executable, "-m", "make", "--inside", *sys.argv[1:]]
        subprocess.run(enter(command), check=True)
    finally:
        remove_network()
    harvest(mailings, inbox, MESSAGES)


main()
