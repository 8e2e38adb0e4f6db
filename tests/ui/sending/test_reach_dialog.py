"""Past the email: ready words, and the number that somebody typed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from bounce_assistant.advice.playbooks import WayKind
from bounce_assistant.services.intake import add_files
from bounce_assistant.services.job import Job
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.sending.reach_dialog import ReachDialog
from bounce_assistant.ui.widgets.buttons import CopyButton
from tests.ui.desks import empty_desk, write_bounces
from tests.ui.sending.conftest import dialog_of
from tests.ui.windows import opened


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, look: None) -> MainWindow:
    desk = empty_desk(tmp_path)
    add_files([str(file) for file in write_bounces(tmp_path, 1)], desk.store, desk.knowledge, Job())
    return opened(desk, qtbot)


def reached(window: MainWindow, qtbot: QtBot) -> ReachDialog:
    card = window.frame.pane.case_page.card
    assert card.second.text().startswith("Reach ")
    card.second.click()
    return dialog_of(window, ReachDialog, qtbot)


def test_the_words_are_ready_to_copy(window: MainWindow, qtbot: QtBot) -> None:
    dialog = reached(window, qtbot)
    assert "came back" in dialog.words_of(WayKind.TEXT)
    copy = dialog.panels[WayKind.TEXT].findChild(CopyButton)
    assert copy is not None
    assert copy.text() == "Copy text message"
    copy.click()
    assert QGuiApplication.clipboard().text() == dialog.words_of(WayKind.TEXT)


def test_a_number_is_kept_and_opens_the_computers_own_program(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def take(address: QUrl) -> bool:
        seen.append(address.toEncoded().data().decode())  # type: ignore[union-attr]  # bytes here
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    dialog = reached(window, qtbot)
    assert not dialog.call.isEnabled()
    dialog.number.edit.setText("+1 555 010 0123")
    dialog.call.click()
    dialog.text.click()
    assert seen[0] == "tel:+15550100123"
    assert seen[1].startswith("sms:+15550100123?body=")
    dialog.accept()
    again = reached(window, qtbot)
    assert again.number.text == "+1 555 010 0123"


def test_what_is_no_number_is_said_at_the_field(window: MainWindow, qtbot: QtBot) -> None:
    dialog = reached(window, qtbot)
    dialog.number.edit.setText("call me")
    dialog.call.click()
    assert "isn't a phone number" in dialog.number.problem.text()


def test_the_steps_stay_within_reach(window: MainWindow) -> None:
    menu = window.frame.pane.case_page.card.more.menu()
    steps = next(action for action in menu.actions() if action.text() == "Show the steps...")
    steps.trigger()
    assert window.frame.pane.steps.isVisible()
