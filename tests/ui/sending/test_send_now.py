"""``Send it now`` on the card gives ten seconds for Undo, as the review page does."""

from pytestqt.qtbot import QtBot

from bounce_assistant.services.fixes.resend import Order
from bounce_assistant.store.outgoing import OutgoingState
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.main_window import MainWindow
from tests.servers.submission import Submission
from tests.ui.sending.conftest import LIMIT, MakeWindow, notice, rows
from tests.ui.windows import settled


def press_send_now(window: MainWindow, submission: Submission, qtbot: QtBot) -> None:
    """Have an email refused, then press what the card offers."""
    desk = window._desk
    submission.mood.replies["rcpt"] = "550 5.7.1 Not for you"
    submission.mood.once = True
    (row,) = rows(window, CaseState.NEEDS_YOU)
    review = desk.resend.review(Order(row.key.case, "new@example.org"))
    window.sending.watch(desk.resend.send([review]))
    qtbot.waitUntil(lambda: window.frame.bands.band("not sent") is not None, timeout=LIMIT)
    desk.outbox._undo_seconds = 60
    window.frame.rows.pick_first_bounce()
    settled(window, qtbot)
    standing = window.frame.pane.case_page.card.standing
    qtbot.waitUntil(lambda: "send_now" in standing.links, timeout=LIMIT)
    standing.links["send_now"].click()


def test_undo_takes_send_it_now_back(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice())
    press_send_now(window, submission, qtbot)
    band = window.frame.bands.band("sending")
    assert band is not None
    assert band.text.startswith("Sending to Dana Reyes in ")
    assert len(rows(window, CaseState.WAITING)) == 1
    (button,) = band.buttons
    assert button.text() == "Undo"
    button.click()
    assert window.toast.text == "Called back. It is as it was before."
    (row,) = rows(window, CaseState.NEEDS_YOU)
    message = window._desk.outbox.of_case(row.key.case)[-1]
    assert message.state is OutgoingState.REFUSED
    assert submission.received == []


def test_it_leaves_once_the_time_is_over(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice())
    press_send_now(window, submission, qtbot)
    assert submission.received == []
    window._desk.outbox._undo_seconds = 0.1
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)
    qtbot.waitUntil(lambda: window.toast.text == "Sent to new@example.org.", timeout=LIMIT)
