"""An account that is kept until its mail has left goes from the window by itself."""

from pytestqt.qtbot import QtBot

from bounce_assistant.services.fixes.resend import Order
from bounce_assistant.services.removing import remove_when_sent
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from tests.servers.submission import Submission
from tests.ui.sending.conftest import LIMIT, MakeWindow, notice, rows


def test_the_account_goes_once_its_email_has_left_and_its_bounce_stays(
    make_window: MakeWindow, submission: Submission, qtbot: QtBot
) -> None:
    window = make_window(notice(), undo=60)
    desk = window._desk
    (account,) = desk.accounts.list()
    (row,) = rows(window, CaseState.NEEDS_YOU)
    review = desk.resend.review(Order(row.key.case, "new@example.org"))
    window.sending.watch(desk.resend.send([review]))
    assert remove_when_sent(account, desk.accounts, desk.outbox) == 1
    assert submission.received == []
    window.dialogs.settings()
    (settings,) = window.findChildren(SettingsDialog)
    (waiting,) = settings.accounts.account_rows
    assert waiting.leaving.words.text().startswith("It's removed once 1 email has left.")
    desk.outbox._undo_seconds = 0.1
    words = f"{account.email} was removed, as its emails have left. Its bounces stay."
    qtbot.waitUntil(lambda: words in window.frame.bands.texts(), timeout=LIMIT)
    assert len(submission.received) == 1
    assert desk.accounts.list() == []
    qtbot.waitUntil(lambda: settings.accounts.account_rows == [], timeout=LIMIT)
    settings.close()
    sidebar = window.frame.sidebar_model
    shown = [sidebar.index(number, 0).data() for number in range(sidebar.rowCount())]
    assert not any(account.email in str(words) for words in shown)
    assert len(rows(window, CaseState.WAITING)) == 1
