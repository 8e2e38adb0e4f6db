"""Check now: each account for itself, Stop within a second, and nothing frozen meanwhile."""

import errno
import socket
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.mail.imap import connect_imap
from bounce_assistant.mail.problems import CertificateError
from bounce_assistant.mail.secrets import MemorySecrets
from bounce_assistant.mail.sign_in_problems import explain_passwords_off
from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.fetch import CheckResult, check_account
from bounce_assistant.services.intake import add_files
from bounce_assistant.services.job import Job
from bounce_assistant.services.knowledge import load_knowledge
from bounce_assistant.store import open_store
from bounce_assistant.store.rows import AccountId
from bounce_assistant.store.set_aside import SetAsideMail
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.surroundings import Surroundings
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.widgets.details import DetailsDialog
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, running_dovecot
from tests.ui.desks import desk_of, write_bounces
from tests.ui.inbox.conftest import DANA, INFO, Open
from tests.ui.windows import bands

pytestmark = pytest.mark.usefixtures("look")
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def desk_at(folder: Path, account: Account | None, authority: Authority) -> Desk:
    """Return a desk in a folder, new or known, that reads over real connections."""
    store = open_store(folder / "again.sqlite3")
    context = ssl.create_default_context(cafile=authority.ca)
    accounts = Accounts(
        store.accounts,
        MemorySecrets(),
        lambda one, credential, line, of: connect_imap(one, credential, line, of, context),
    )
    if account:
        accounts.add(account, PASSWORD)
    return desk_of(load_knowledge(), store, accounts)


def test_what_is_found_appears_in_the_list(
    desk: Desk, window_with: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    files = [str(file) for file in write_bounces(tmp_path, 2)]

    def check(account: Account, _days: int, job: Job) -> CheckResult:
        if account.email == INFO:
            return CheckResult(account, looked_at=4)
        intake = add_files(files, desk.store, desk.knowledge, job)
        return CheckResult(account, looked_at=1200, found=intake.read)

    window = window_with(check)
    assert window.frame.list_pane.empty.button.text() == "Check now"
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: not window.checks.is_running)
    assert window.frame.model.rowCount() == 2
    assert window.frame.check_panel.isHidden()  # it was quick


def test_mail_that_could_not_be_read_is_told_of(window_with: Open, qtbot: QtBot) -> None:
    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        mail = SetAsideMail(AccountId(account.id), "INBOX", 1, 7, 50_000_000)
        aside = (mail,) if account.email == INFO else ()
        return CheckResult(account, looked_at=10, set_aside=aside)

    window = window_with(check)
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
    (words,) = bands(window)
    assert words.startswith(f"{INFO}: One mail could not be read: localhost hangs up")
    assert words.endswith("It is a mail of 48 MB in your inbox. Everything else was checked.")


def test_the_band_offers_another_try_at_that_mail(window_with: Open, qtbot: QtBot) -> None:
    tries: list[str] = []

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        mail = SetAsideMail(AccountId(account.id), "INBOX", 1, 7, 50_000_000)
        return CheckResult(account, set_aside=(mail,) if account.email == INFO else ())

    def again(account: Account, _days: int, _job: Job) -> CheckResult:
        tries.append(account.email)
        return CheckResult(account, read_again=1, found=1)

    window = window_with(check)
    window.checks._checking._again = again
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
    band = window.frame.bands.band(f"unread-{window._desk.accounts.list()[1].id}")
    assert band
    (button,) = band.buttons
    assert button.text() == "Try that mail again"
    button.click()
    qtbot.waitUntil(lambda: not bands(window), timeout=20_000)
    assert tries == [INFO]
    assert window.toast.text == "The mail that was passed over could be read now."


def test_while_the_first_check_runs_the_empty_list_says_so(window_with: Open, qtbot: QtBot) -> None:
    release = threading.Event()

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        release.wait(20)
        return CheckResult(account, looked_at=10)

    window = window_with(check)
    empty = window.frame.list_pane.empty
    window.commands.check.trigger()
    assert empty.shown is not None
    assert empty.shown.title == "Looking for bounces"
    assert not empty.button.isVisible()
    release.set()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
    assert empty.shown.title != "Looking for bounces"


def test_each_account_is_looked_at_as_far_back_as_chosen_for_it(
    window_with: Open, qtbot: QtBot
) -> None:
    asked: dict[str, int] = {}

    def check(account: Account, days: int, _job: Job) -> CheckResult:
        asked[account.email] = days
        return CheckResult(account, looked_at=10)

    window = window_with(check)
    accounts = window._desk.accounts
    accounts.change(replace(accounts.list()[0], since_days=365))
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
    assert sorted(asked.values()) == [30, 365]
    window.checks.start(90)
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
    assert sorted(asked.values()) == [90, 90]


def test_a_problem_that_was_raised_is_shown_the_same_way(window_with: Open, qtbot: QtBot) -> None:
    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        raise AppError(f"{account.email} can't be checked.")

    window = window_with(check)
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: len(bands(window)) == 2)


def test_a_problem_comes_with_the_button_that_fits_it(
    desk: Desk, window_with: Open, qtbot: QtBot
) -> None:
    unsure = CertificateError("We couldn't be sure this was really localhost.")
    unsure.technical = "localhost\nOpenSSL 62: Hostname mismatch"
    problems = {DANA: unsure, INFO: explain_passwords_off("Microsoft")}
    for account in desk.accounts.list():
        desk.accounts.change(replace(account, provider="microsoft365"))
    window = window_with(lambda account, *_: CheckResult(account, problem=problems[account.email]))
    window.commands.check.trigger()
    qtbot.waitUntil(lambda: not window.checks.is_running, timeout=20_000)
    ways = []
    for account in desk.accounts.list():
        band = window.frame.bands.band(f"account-{account.id}")
        assert band is not None
        ways.append([button.text() for button in band.buttons])
    assert ways == [["Try again", "Details"], ["Sign in with Microsoft"]]


def test_the_details_of_a_certificate_outlive_the_program(
    tmp_path: Path, authority: Authority, qtbot: QtBot
) -> None:
    wrong = authority.issue("not-this-one", host="other.example")
    with running_dovecot(authority, wrong) as server:
        first = desk_at(tmp_path, server.account("dana"), authority)
        account = first.accounts.list()[0]
        check_account(account, first.accounts, first.store, first.knowledge, Job())
        first.store.close()
    again = desk_at(tmp_path, None, authority)
    window = MainWindow(again, TaskRunner())
    qtbot.addWidget(window)
    band = window.frame.bands.band(f"account-{account.id}")
    assert band
    assert "couldn't be sure this was really localhost" in band.text
    assert [button.text() for button in band.buttons] == ["Try again", "Details"]
    band.buttons[1].click()
    (details,) = window.findChildren(DetailsDialog)
    assert details.shown.text().startswith("localhost\nOpenSSL 62")
    window.close()


def test_without_a_network_one_band_says_so_for_all(window_with: Open, qtbot: QtBot) -> None:
    def check(_account: Account, _days: int, _job: Job) -> CheckResult:
        try:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        except OSError as cause:
            raise AppError("Can't reach imap.example.com.") from cause

    window = window_with(check)
    window.commands.check.trigger()
    words = "You're offline. You can still open and diagnose saved emails."
    qtbot.waitUntil(lambda: bands(window) == [words])
    assert window.status.text.endswith("you're offline; saved emails still work")
    band = window.frame.bands.band("offline")
    assert band is not None
    assert band.buttons[0].text() == "Try again"


def test_a_check_without_a_network_waits_and_goes_on_when_there_is_one(
    window_with: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[tuple[str, int]] = []
    is_online = threading.Event()

    def check(account: Account, days: int, _job: Job) -> CheckResult:
        looked.append((account.email, days))
        if is_online.is_set():
            return CheckResult(account, looked_at=1)
        problem = AppError("Can't reach imap.example.com.")
        problem.__cause__ = OSError(errno.ENETUNREACH, "Network is unreachable")
        return CheckResult(account, problem=problem)

    window = window_with(check)
    window.checks.start(90)
    qtbot.waitUntil(lambda: window.checks.is_offline)
    band = window.frame.bands.band("offline")
    pauses = [window.checks._again.interval()]
    for _ in range(6):
        with qtbot.waitSignal(window.checks.checked):
            window.checks._again.timeout.emit()
        pauses.append(window.checks._again.interval())
    assert pauses == [15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000]
    assert window.frame.bands.band("offline") is band  # said once
    assert window.frame.check_panel.isHidden()
    is_metered = [True]  # the network that is back costs money
    monkeypatch.setattr(Surroundings, "is_metered", property(lambda _self: is_metered[0]))
    is_online.set()
    window.surroundings.changed.emit()
    window.checks._again.timeout.emit()
    assert not window.checks.is_running
    is_metered[0] = False
    with qtbot.waitSignal(window.checks.checked):
        window.surroundings.changed.emit()
    assert bands(window) == []
    assert window.status.text.endswith("works offline")
    assert not window.checks._again.isActive()
    assert looked[-2:] in ([(DANA, 90), (INFO, 90)], [(INFO, 90), (DANA, 90)])  # as it was asked
    window.surroundings.changed.emit()
    assert not window.checks.is_running  # nothing waits


def test_what_was_in_the_way_is_gone_from_the_window_once_it_works_by_itself(
    desk: Desk, window_with: Open, qtbot: QtBot
) -> None:
    problems = [AppError("The server was busy.")]

    def check(account: Account, _days: int, _job: Job) -> CheckResult:
        return CheckResult(account, problem=problems.pop() if problems else None)

    window = window_with(check)
    dana = desk.accounts.list()[0]
    with qtbot.waitSignal(window.checks.checked):
        window.checks.look_at(dana)
    assert bands(window) == [f"{DANA}: The server was busy."]
    with qtbot.waitSignal(window.checks.checked):
        window.checks.look_at(dana)
    assert bands(window) == []


def test_looking_further_back_asks_for_more_days(
    desk: Desk, window_with: Open, qtbot: QtBot
) -> None:
    asked: list[int] = []

    def check(account: Account, days: int, _job: Job) -> CheckResult:
        asked.append(days)
        return CheckResult(account)

    window = window_with(check)
    window.views.act_on_emptiness("look_further")
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked == [90, 90]


@pytest.mark.parametrize("is_online", [True, False])
def test_a_network_that_was_missing_last_time_is_only_spoken_of_where_it_still_is(
    desk: Desk, window_with: Open, monkeypatch: pytest.MonkeyPatch, *, is_online: bool
) -> None:
    for account in desk.accounts.list():
        desk.store.accounts.note_check(
            AccountId(account.id), at=NOW, looked_at=0, problem="Can't reach it.", kind="offline"
        )
    before = Surroundings.__init__

    def somewhere(self: Surroundings, parent: QObject) -> None:
        before(self, parent)
        self.is_online = is_online

    monkeypatch.setattr(Surroundings, "__init__", somewhere)
    window = window_with(lambda account, _days, _job: CheckResult(account))
    assert bool(bands(window)) is not is_online
    ending = "works offline" if is_online else "you're offline; saved emails still work"
    assert window.status.text == f"Mail not checked yet - {ending}"
    assert not window.checks.is_running  # nobody asked for a check in this run
