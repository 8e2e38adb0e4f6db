"""``verify`` as its own process: an address is checked, and nobody is written to."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bounce_assistant.checks.resolver import Resolver
from tests.end2end.program import ROOT, Done, Program
from tests.servers.ports import free_port

SCHEMA = json.loads((ROOT / "resources" / "schema" / "verify.schema.json").read_text("utf-8"))


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path, tmp_path / "no-ca.pem")


def told(done: Done) -> list[dict[str, Any]]:
    objects = [json.loads(line) for line in done.out.splitlines()]
    for each in objects:
        jsonschema.validate(each, SCHEMA)
    return objects


def test_without_a_network_a_slip_is_seen(program: Program) -> None:
    done = program.run(["verify", "--offline", "--json", "dana@gmial.com", "dana@gmail"])
    slip, half = told(done)
    assert (done.code, done.err) == (0, "")
    assert (slip["result"], slip["looked_up"]) == ("looks wrong", "no")
    assert slip["suggestions"][0]["address"] == "dana@gmail.com"
    assert (half["result"], half["title"]) == ("looks wrong", "This isn't a complete address")


@pytest.mark.real
def test_the_name_server_is_asked(program: Program, nsd: Resolver) -> None:
    server = f"127.0.0.1:{nsd.port}"
    words = ["verify", "--json", "--name-server", server]
    done = program.run([*words, "dana@good.example", "dana@null.example", "dana@gone.example"])
    assert [one["result"] for one in told(done)] == ["fine", "doesn't exist", "doesn't exist"]
    assert {one["looked_up"] for one in told(done)} == {"yes"}
    assert (done.code, done.err) == (0, "")


def test_what_could_not_be_checked_is_said(program: Program) -> None:
    server = f"127.0.0.1:{free_port()}"
    done = program.run(["verify", "--name-server", server, "dana@oakfield-homes.com"])
    assert done.code == 1
    assert done.out.startswith("dana@oakfield-homes.com: can't tell\n  We couldn't check this one.")
    assert done.err == "Not everything could be checked. Try again later.\n"


@pytest.mark.parametrize("words", [[], ["--name-server", "localhost", "a@b.com"]])
def test_wrong_usage_is_said(program: Program, words: list[str]) -> None:
    done = program.run(["verify", *words])
    assert done.code == 2
    assert "usage" in done.err


def test_an_address_can_not_steer_the_terminal(program: Program) -> None:
    done = program.run(["verify", "--offline", "da\x1b[31mna@gmial.com\x07"])
    assert done.code == 0
    assert not {"\x1b", "\x07"} & set(done.out + done.err)


def test_sent_is_looked_in_only_when_that_is_asked_for(program: Program) -> None:
    server = f"127.0.0.1:{free_port()}"
    words = ["verify", "--json", "--name-server", server, "dana@oakfield-homes.com"]
    (without,) = told(program.run(words))
    assert without["looked_in_sent"] == "no"
    done = program.run([*words, "--sent"])
    (asked,) = told(done)
    assert (done.code, asked["looked_in_sent"]) == (1, "could not look")
    both = program.run(["verify", "--offline", "--sent", "dana@oakfield-homes.com"])
    assert (both.code, both.out) == (2, "")
