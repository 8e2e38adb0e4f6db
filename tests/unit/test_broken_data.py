"""Whoever corrects a data file reads what is wrong with it, and where, in plain words."""

import msgspec
import pytest

from bounce_assistant.diagnosis.reasons import parse_reason
from bounce_assistant.errors import broken_data_file

RULE = '[[rule]]\ntext = ["{text}"]\nstrength = "certain"\nsays = "so"\nsource = "a server"\n'
GOOD = RULE.format(text="full box") + 'hits = ["full box"]\nmisses = ["empty"]\n'
HEAD = 'id = "mailboxfull"\nbounce_type = "soft"\ncause = "inbox_full"\n\n'


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD + 'colour = "red"\n', "Rule 2: there is no key colour."),
        (GOOD.replace("hits", "hit"), "Rule 2: "),
        (GOOD.replace('misses = ["empty"]\n', ""), "Rule 2: the key misses is missing."),
        (GOOD.replace("certain", "sure"), "Rule 2, strength: 'sure' is not one of the words"),
        (GOOD.replace('["full box"]', '"full box"', 1), "Rule 2, text: a list is needed, in [ ]."),
        (GOOD.replace('"so"', '["so"]'), "Rule 2, says: one text is needed, without [ ]."),
        (GOOD.replace("[[rule]]", "[[rule]"), "Expected ']]'"),
    ],
)
def test_what_is_wrong_with_a_data_file_is_said_where_it_is(wrong: str, said: str) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError)) as problem:
        parse_reason(f"{HEAD}{GOOD}{wrong}")
    told = broken_data_file("reasons/mailboxfull.toml", problem.value)
    assert told.detail.startswith(said)
    assert "If it was changed here, put that right" in told.next_step
