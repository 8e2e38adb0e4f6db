"""What a refused sign-in held up is offered again once the person has signed in; real server."""

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.fixes.resend import Order
from bounce_assistant.services.trial import Trial
from bounce_assistant.store.rows import CaseState
from bounce_assistant.ui.accounts.sign_in_again import SignInDialog
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from tests.servers.submission import PASSWORD, Submission
from tests.ui.sending.conftest import LIMIT, MakeWindow, dialog_of, notice, rows
from tests.ui.windows import bands

OLD = "changed since"


def refused(window: MainWindow, qtbot: QtBot) -> None:
    """Send again to everybody with a password that holds no longer."""
    desk = window._desk
    desk.accounts.set_password(desk.accounts.list()[0], OLD)
    cases = [row.key.case for row in rows(window, CaseState.NEEDS_YOU)]
    reviews = [
        desk.resend.review(Order(case, f"new{number}@example.org"))
        for number, case in enumerate(cases)
    ]
    window.sending.watch(desk.resend.send(reviews))
    qtbot.waitUntil(lambda: window.frame.bands.band("not sent") is not None, timeout=LIMIT)


def sign_in(dialog: SignInDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    # There is no mailbox to read here.
    monkeypatch.setattr(Accounts, "test", lambda _self, account, *_: Trial(account))
    dialog.page.password.edit.setText(PASSWORD)
    dialog.page.sign_in.click()


def test_after_signing_in_again_they_go_with_one_press(
    make_window: MakeWindow,
    submission: Submission,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = make_window(notice(), notice("lee@example.net"))
    refused(window, qtbot)
    assert submission.received == []
    assert window.frame.bands.band("held up") is None
    window.dialogs.sign_in(window._desk.accounts.list()[0])
    sign_in(dialog_of(window, SignInDialog, qtbot), monkeypatch)
    qtbot.waitUntil(lambda: window.frame.bands.band("held up") is not None, timeout=LIMIT)
    band = window.frame.bands.band("held up")
    assert band is not None
    assert band.text == "2 emails couldn't be sent before you signed in again."
    assert [button.text() for button in band.buttons] == ["Send them now"]
    assert submission.received == []  # offered, not done
    assert window.frame.bands.band("not sent") is None
    band.buttons[0].click()
    qtbot.waitUntil(lambda: len(submission.received) == 2, timeout=LIMIT)
    qtbot.waitUntil(lambda: len(rows(window, CaseState.WAITING)) == 2, timeout=LIMIT)
    assert window.frame.bands.band("held up") is None
    assert not any("let" in text for text in bands(window))


def test_a_sign_in_from_the_settings_offers_it_as_well(
    make_window: MakeWindow,
    submission: Submission,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = make_window(notice())
    refused(window, qtbot)
    window.dialogs.settings()
    settings = dialog_of(window, SettingsDialog, qtbot)
    settings.accounts.account_rows[0].again.click()
    sign_in(dialog_of(window, SignInDialog, qtbot), monkeypatch)
    qtbot.waitUntil(lambda: window.frame.bands.band("held up") is not None, timeout=LIMIT)
    band = window.frame.bands.band("held up")
    assert band is not None
    assert band.text == "An email to Dana Reyes couldn't be sent before you signed in again."
    settings.close()
    band.buttons[0].click()
    qtbot.waitUntil(lambda: len(submission.received) == 1, timeout=LIMIT)


def test_nothing_is_offered_where_nothing_was_held_up(make_window: MakeWindow) -> None:
    window = make_window(notice())
    window.sending.offer_held_up(window._desk.accounts.list()[0].email)
    assert window.frame.bands.band("held up") is None
