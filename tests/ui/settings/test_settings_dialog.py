"""Settings hold at once: accounts, the name under drafts, light and dark."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.diagnosis.verdict import CauseId
from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import account_from
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.intake import add_text
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import Knowledge, load_knowledge
from bounce_assistant.services.removing import remove_when_sent
from bounce_assistant.store import open_store
from bounce_assistant.store.outgoing import NewOutgoing, OutgoingId, OutgoingState
from bounce_assistant.store.rows import AccountId, CaseQuery
from bounce_assistant.ui import theme
from bounce_assistant.ui.settings.account_dialogs import (
    ReadingDialog,
    RemoveDialog,
    ServersDialog,
)
from bounce_assistant.ui.settings.account_rows import AccountRow
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.accounts.conftest import MailServer
from tests.ui.desks import BOUNCE, desk_of


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def desk(tmp_path: Path, knowledge: Knowledge, server: MailServer) -> Iterator[Desk]:
    store = open_store(tmp_path / "store.db")
    accounts = Accounts(
        store.accounts, MemorySecrets(), server.connect, try_sending=server.try_sending
    )
    settings = accounts.settings_for("sam.hill@gmail.com")
    assert settings is not None
    accounts.add(account_from(settings), "abcd")
    yield desk_of(knowledge, store, accounts)
    store.close()


@pytest.fixture
def dialog(qtbot: QtBot, look: None, tasks: TaskRunner, desk: Desk) -> SettingsDialog:
    opened = SettingsDialog(desk, tasks)
    qtbot.addWidget(opened)
    opened.show()
    return opened


def first_row(dialog: SettingsDialog) -> AccountRow:
    return dialog.accounts.account_rows[0]


def test_the_privacy_line_is_there(dialog: SettingsDialog) -> None:
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert (
        "Diagnosis happens on this computer. We look things up on the internet only when you "
        "press a Check button."
    ) in words


def test_a_sign_in_is_tried_and_the_outcome_stands_below_the_account(
    dialog: SettingsDialog, server: MailServer, qtbot: QtBot
) -> None:
    row = first_row(dialog)
    row.test.click()
    works = "Reading works. Sending works, through smtp.gmail.com."
    qtbot.waitUntil(lambda: row.outcome.words.text() == works)
    server.sending_problem = AppError("Google didn't let sam.hill@gmail.com sign in to send.")
    row.test.click()
    half = f"Reading works. Sending doesn't work yet: {server.sending_problem}"
    qtbot.waitUntil(lambda: row.outcome.words.text() == half)
    server.problem = AppError("Can't reach imap.gmail.com.", next_step="Check your connection.")
    row.test.click()
    qtbot.waitUntil(
        lambda: row.outcome.words.text() == "Can't reach imap.gmail.com. Check your connection."
    )
    assert row.test.isEnabled()


def test_each_account_says_when_it_was_looked_through_or_why_not(
    dialog: SettingsDialog, desk: Desk
) -> None:
    state, number = first_row(dialog).state, AccountId(desk.accounts.list()[0].id)
    assert state.words.text() == "Not checked yet"
    desk.store.accounts.note_check(number, at=datetime.now(UTC), looked_at=4)
    state.refresh()
    assert state.words.text().startswith("Last checked ")
    said = "Google didn't accept that app password."
    desk.store.accounts.note_check(number, at=datetime.now(UTC), looked_at=0, problem=said)
    state.refresh()
    assert state.words.text() == f"Not checked: {said}"


def test_stop_ends_a_trial_that_hangs(
    dialog: SettingsDialog, server: MailServer, qtbot: QtBot, tasks: TaskRunner
) -> None:
    server.is_silent = True
    row = first_row(dialog)
    row.test.setFocus()
    row.test.click()
    assert row.stop.isVisible()
    assert dialog.focusWidget() is row.stop
    row.stop.click()
    assert dialog.focusWidget() is row.test
    assert row.outcome.words.text() == "Stopped."
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=2000)


@pytest.mark.parametrize("answer", ["keep", "forget"])
def test_removing_an_account_asks_first_what_becomes_of_its_bounces(
    dialog: SettingsDialog, desk: Desk, qtbot: QtBot, answer: str
) -> None:
    first_row(dialog).remove.click()
    (question,) = dialog.findChildren(RemoveDialog)
    assert len(desk.accounts.list()) == 1, "nothing happens before the answer"
    with qtbot.waitSignal(dialog.accounts_changed):
        getattr(question, answer).click()
    assert question.keep_history == (answer == "keep")
    assert desk.accounts.list() == []
    assert dialog.accounts.account_rows == []


def test_the_question_names_how_many_bounces_would_go(dialog: SettingsDialog, desk: Desk) -> None:
    (account,) = desk.accounts.list()
    for number in range(2):
        add_text(BOUNCE.format(number=number), desk.store, desk.knowledge, Job())
    with desk.store._connections.write() as db:
        db.execute("UPDATE message SET account_id = ?", (account.id,))
    first_row(dialog).remove.click()
    (question,) = dialog.findChildren(RemoveDialog)
    assert question.forget.accessibleDescription() == (
        "2 bounces and what you decided about them go too. This can't be undone."
    )


def test_tab_goes_down_the_page_also_after_an_account_came(
    dialog: SettingsDialog, desk: Desk, qtbot: QtBot
) -> None:
    (account,) = desk.accounts.list()
    desk.accounts.add(replace(account, id=0, email="second@gmail.com"), "abcd")
    dialog.accounts.refresh()
    first, second = dialog.accounts.account_rows
    qtbot.waitUntil(second.remove.isVisible)
    first.test.setFocus()
    passed: list[QWidget | None] = []
    while dialog.focusWidget() is not dialog.watching.watch and len(passed) < 20:
        passed.append(dialog.focusWidget())
        dialog.focusNextChild()
    buttons = [b for row in (first, second) for b in row.buttons if b is not row.stop]
    assert passed == [*buttons, dialog.accounts.add]


def test_cancel_keeps_the_account(dialog: SettingsDialog, desk: Desk) -> None:
    first_row(dialog).remove.click()
    (question,) = dialog.findChildren(RemoveDialog)
    question.reject()
    assert len(desk.accounts.list()) == 1


def let_one_wait(desk: Desk) -> OutgoingId:
    """Put an email into the outbox that leaves in two days."""
    add_text(BOUNCE.format(number=1), desk.store, desk.knowledge, Job())
    (key,) = desk.cases.keys(CaseQuery())
    (account,) = desk.accounts.list()
    due = datetime.now(UTC) + timedelta(days=2)
    message = NewOutgoing(
        key.case,
        AccountId(account.id),
        account.email,
        "dana@example.net",
        "Keys",
        "<1@example.com>",
        b"Subject: Keys\r\n\r\nHere.\r\n",
        due_at=due,
    )
    (waiting,) = desk.outbox.put([message])
    return waiting


def test_removing_an_account_says_what_still_waits_to_be_sent(
    dialog: SettingsDialog, desk: Desk, qtbot: QtBot
) -> None:
    message = let_one_wait(desk)
    first_row(dialog).remove.click()
    (question,) = dialog.findChildren(RemoveDialog)
    words = [label.text() for label in question.findChildren(QLabel)]
    assert "1 email is still waiting to be sent." in words
    assert "The email won't be sent." in question.keep.accessibleDescription()
    question.reject()
    assert len(desk.accounts.list()) == 1
    assert first_row(dialog).leaving.isHidden()
    first_row(dialog).remove.click()
    question = dialog.findChildren(RemoveDialog)[-1]
    with qtbot.waitSignal(dialog.accounts_changed):
        question.keep.click()
    assert desk.accounts.list() == []
    dropped = desk.outbox.get(message)
    assert dropped is not None
    assert dropped.state is OutgoingState.CANCELLED


def test_an_account_that_stays_until_its_mail_has_left_says_so_and_can_be_kept(
    dialog: SettingsDialog, desk: Desk, qtbot: QtBot
) -> None:
    let_one_wait(desk)
    first_row(dialog).remove.click()
    (question,) = dialog.findChildren(RemoveDialog)
    assert "Then it's removed, and its bounces stay." in question.wait.accessibleDescription()
    with qtbot.waitSignal(dialog.accounts_changed):
        question.wait.click()
    leaving = first_row(dialog).leaving
    qtbot.waitUntil(leaving.isVisible)
    assert leaving.words.text() == "It's removed once 1 email has left. Its bounces stay."
    assert desk.accounts.leaving() == desk.accounts.list()
    leaving.button.click()
    assert leaving.isHidden()
    assert desk.accounts.leaving() == []
    assert len(desk.accounts.list()) == 1


def test_an_account_that_went_by_itself_goes_from_the_page_and_the_others_stay_as_they_are(
    dialog: SettingsDialog, desk: Desk, server: MailServer, qtbot: QtBot
) -> None:
    (first,) = desk.accounts.list()
    other = desk.accounts.add(replace(first, email="info@gmail.com"), "abcd")
    dialog.accounts.refresh()
    gone, stays = dialog.accounts.account_rows
    stays.test.click()
    qtbot.waitUntil(lambda: stays.outcome.words.text().startswith("Reading works."))
    dialog.accounts.bring_up_to_date()
    assert dialog.accounts.account_rows == [gone, stays]
    desk.accounts.remove(first.id, keep_history=True)
    dialog.accounts.bring_up_to_date()
    assert dialog.accounts.account_rows == [stays]
    assert (gone.isVisible(), stays.isVisible()) == (False, True)
    assert stays.outcome.words.text().startswith("Reading works.")
    desk.accounts.remove(other.id, keep_history=True)
    dialog.accounts.bring_up_to_date()
    none = "No account is connected. Files you drop are diagnosed all the same."
    assert none in [label.text() for label in dialog.findChildren(QLabel)]


def test_no_account_waits_for_zero_emails(dialog: SettingsDialog, desk: Desk, qtbot: QtBot) -> None:
    waiting = let_one_wait(desk)
    (account,) = desk.accounts.list()
    assert remove_when_sent(account, desk.accounts, desk.outbox) == 1
    dialog.accounts.refresh()
    leaving = first_row(dialog).leaving
    assert leaving.words.text() == "It's removed once 1 email has left. Its bounces stay."
    desk.outbox.cancel([waiting])
    dialog.accounts.bring_up_to_date()
    words = "No email waits any more, so it's about to be removed. Its bounces stay."
    assert first_row(dialog).leaving is leaving
    assert leaving.words.text() == words


def test_mail_that_came_to_wait_meanwhile_stops_the_removal(
    dialog: SettingsDialog, desk: Desk, qtbot: QtBot
) -> None:
    first_row(dialog).remove.click()
    (question,) = dialog.findChildren(RemoveDialog)
    let_one_wait(desk)
    question.keep.click()
    qtbot.waitUntil(dialog.accounts.banner.isVisible, timeout=20_000)
    assert len(desk.accounts.list()) == 1
    assert dialog.accounts.banner.words.text().startswith("1 email is still waiting to be sent")


def test_dark_is_put_on_at_once_and_remembered(dialog: SettingsDialog, desk: Desk) -> None:
    assert dialog.looks[theme.Look.SYSTEM].isChecked()
    dialog.looks[theme.Look.DARK].click()
    assert theme.is_dark()
    assert desk.store.settings.load().theme == "dark"
    assert not dialog.looks[theme.Look.SYSTEM].isChecked()


def test_a_name_is_kept_even_if_the_window_is_closed_while_typing(
    dialog: SettingsDialog, desk: Desk
) -> None:
    dialog.name.edit.setText("  Sam   Hill ")
    dialog.reject()
    assert desk.store.settings.load().my_name == "Sam Hill"


def test_rules_are_listed_and_can_be_switched_off(
    qtbot: QtBot, look: None, tasks: TaskRunner, desk: Desk
) -> None:
    add_text("550 5.0.0 we keep this door closed for you", desk.store, desk.knowledge, Job())
    (key,) = desk.cases.keys(CaseQuery())
    diagnosis = desk.cases.look_at(key.case).diagnosis
    desk.cases.rules.remember(diagnosis, CauseId("loop"), Job())
    dialog = SettingsDialog(desk, tasks)
    qtbot.addWidget(dialog)
    (row,) = dialog.rules.rule_rows
    assert row.box.text() == "The email went in circles"
    assert "we keep this door closed" in row.box.accessibleDescription()
    with qtbot.waitSignal(dialog.rules.changed, timeout=20_000):
        row.box.click()
    assert desk.cases.look_at(key.case).row.cause != "loop"
    assert not desk.cases.rules.all()[0].is_on
    with qtbot.waitSignal(dialog.rules.changed, timeout=20_000):
        row.remove.click()
    assert desk.cases.rules.all() == ()
    assert dialog.rules.rule_rows == []


def test_what_is_read_of_an_account_can_be_chosen_again(dialog: SettingsDialog, desk: Desk) -> None:
    row = first_row(dialog)
    assert (
        row.facts.text()
        == "imap.gmail.com, sends through smtp.gmail.com - password - Inbox, Spam, 30 days back"
    )
    row.reading.click()
    (question,) = dialog.findChildren(ReadingDialog)
    question.choices.spam.setChecked(False)
    question.choices.days.setCurrentText("The last 365 days")
    question.keep.click()
    (account,) = desk.accounts.list()
    assert (account.reads, account.since_days) == (("inbox",), 365)
    assert (
        row.facts.text()
        == "imap.gmail.com, sends through smtp.gmail.com - password - Inbox, 365 days back"
    )


def test_servers_can_be_changed_and_the_incoming_one_cannot_be_left_out(
    dialog: SettingsDialog, desk: Desk
) -> None:
    first_row(dialog).servers.click()
    (question,) = dialog.findChildren(ServersDialog)
    question.fields.host.edit.clear()
    question.keep.click()
    assert question.fields.host.problem.isVisible()
    question.fields.host.edit.setText("imap.elsewhere.example")
    question.fields.smtp.host.edit.clear()
    question.keep.click()
    (account,) = desk.accounts.list()
    assert account.imap_host == "imap.elsewhere.example"
    assert account.smtp is None


def test_an_organisations_app_id_holds_at_its_button(dialog: SettingsDialog, desk: Desk) -> None:
    signing_in = dialog.signing_in
    assert not signing_in.section.is_open
    signing_in.section.set_open(is_open=True)
    google, microsoft = signing_in.panels["google"], signing_in.panels["microsoft"]
    assert not microsoft.fields.secret.isVisible()
    google.fields.client_id.edit.setText("123.apps.googleusercontent.com")
    google.use.click()
    apps = desk.accounts.browser.apps
    assert apps.own("google") == "123.apps.googleusercontent.com"
    assert "used with Google from now on" in signing_in.banner.words.text()
    google.usual.click()
    assert apps.own("google") == ""
    assert google.fields.client_id.text == ""
