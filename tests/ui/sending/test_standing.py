"""What the card says of an email that went out again, days later."""

from datetime import UTC, datetime, timedelta

from pytestqt.qtbot import QtBot

from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.store.outgoing import Outgoing
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.main_window import MainWindow
from tests.servers.submission import Submission
from tests.ui.sending.conftest import LIMIT, MakeWindow, notice, rows
from tests.ui.sending.test_send_dialog import press_main, reviewed, use_address
from tests.ui.windows import settled
from tests.unit.services.notices import bounce

NEW = "dana.reyes@example.org"


def send_to_new_address(window: MainWindow, submission: Submission, qtbot: QtBot) -> Outgoing:
    """Correct the address, send, and return what is in the outbox."""
    (row,) = rows(window, CaseState.NEEDS_YOU)
    dialog = press_main(window, qtbot)
    use_address(dialog, NEW, qtbot)
    reviewed(dialog, qtbot)
    dialog.review_page.send.click()
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)
    qtbot.waitUntil(lambda: bool(rows(window, CaseState.WAITING)), timeout=LIMIT)
    settled(window, qtbot)
    return window._desk.outbox.of_case(row.key.case)[-1]


def standing_words(window: MainWindow, qtbot: QtBot, expected: str) -> None:
    card = window.frame.pane.case_page.card
    qtbot.waitUntil(lambda: card.standing.words.text() == expected, timeout=LIMIT)
    assert card.standing.isVisible()


def test_a_second_bounce_says_to_try_another_way(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice())
    sent = send_to_new_address(window, submission, qtbot)
    again = bounce(NEW).replace(b"<1@example.com>", sent.message_id.encode())
    desk = window._desk
    (case,) = add_text(again.decode(), desk.store, desk.knowledge, Job()).cases
    window.refresh()
    window.views.needs_you()
    assert window.frame.rows.pick_case(case)
    settled(window, qtbot)
    standing_words(window, qtbot, "Bounced again - let's try another way")
    row = window.frame.model.row(0)
    assert row is not None
    assert row.key.case == case
    history = window.frame.pane.case_page.card.history
    assert not history.isVisible()  # of the new address it is the first


def test_three_quiet_days_look_delivered(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice())
    send_to_new_address(window, submission, qtbot)
    desk = window._desk
    later = datetime.now(UTC) + timedelta(days=4)
    account = desk.store.accounts.list()[0].id
    desk.store.accounts.note_check(account, at=later, looked_at=1, problem="")
    assert Outbox(desk.store, desk.accounts, now=lambda: later).settle_quiet() == 1
    window.refresh()
    window.views.done()
    window.frame.rows.pick_first_bounce()
    settled(window, qtbot)
    standing_words(window, qtbot, "Looks delivered")


def test_an_unknown_send_is_looked_for_in_sent_and_a_closed_door_is_said(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    submission.mood.replies["data"] = "drop"
    window = make_window(notice())
    dialog = press_main(window, qtbot)
    use_address(dialog, NEW, qtbot)
    reviewed(dialog, qtbot)
    dialog.review_page.send.click()
    qtbot.waitUntil(lambda: window.frame.bands.band("not sent") is not None, timeout=LIMIT)
    look_at_unknown(window, qtbot)
    window.frame.pane.case_page.card.standing.links["look_up"].click()
    banner = window.frame.pane.case_page.banner
    qtbot.waitUntil(banner.isVisible, timeout=LIMIT)
    standing_words(window, qtbot, "We don't know whether it was sent")
    assert len(submission.received) == 1  # nothing is repeated by itself


def look_at_unknown(window: MainWindow, qtbot: QtBot) -> None:
    window.views.needs_you()
    window.frame.rows.pick_first_bounce()
    settled(window, qtbot)
    standing_words(window, qtbot, "We don't know whether it was sent")


def test_the_history_of_an_address_lists_what_came_back_and_what_went_out(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    second = notice().replace(b"<1@example.com>", b"<2@example.com>")
    second = second.replace(b"Open house on Saturday", b"Price drop on Elm Street")
    window = make_window(notice(), second)
    page = window.frame.pane.case_page
    window.frame.rows.pick_first_bounce()
    settled(window, qtbot)
    assert page.card.history.text().startswith("2nd bounce from this address")
    assert page.sections["past"].isVisible()
    page.open_section("past")
    assert len(page.past.lines) == 2
    assert sum(line.endswith("(this one)") for line in page.past.lines) == 1
    assert all("This address doesn't exist" in line for line in page.past.lines)
    shown = window.frame.pane.case
    assert shown is not None
    other = next(r for r in rows(window, CaseState.NEEDS_YOU) if r.key.case != shown.id)
    window.acting.mark_done([other])
    settled(window, qtbot)
    page.past.case_wanted.emit(int(other.key.case))
    settled(window, qtbot)
    now_shown = window.frame.pane.case
    assert now_shown is not None
    assert now_shown.id == other.key.case
    assert window.frame.model.query.state is CaseState.DONE
