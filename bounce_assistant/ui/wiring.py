"""The wires of the main window: which command and which signal leads where."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from bounce_assistant.store.rows import CaseId
from bounce_assistant.ui import theme

if TYPE_CHECKING:
    from bounce_assistant.ui.main_window import MainWindow


def connect_commands(window: "MainWindow") -> None:
    """Let each command of the menus do what it says."""
    c, pane = window.commands, window.frame.pane
    acts: dict[QAction, Callable[[], object]] = {
        c.add: lambda: window.incoming.add_paths(window.dialogs.files()),
        c.paste_now: window.incoming.paste_now,
        c.connect_mail: window.connect_mail,
        c.export: lambda: window.exporting.show_list(window.frame.model.query),
        c.print: window.print_case,
        c.quit: window.presence.quit,
        c.undo: window.undo,
        c.paste: window.paste,
        c.search: window.frame.toolbar.search.setFocus,
        c.needs_you: window.views.needs_you,
        c.waiting: window.views.waiting,
        c.done_view: window.views.done,
        c.next_pane: window.frame.focus_next_pane,
        c.main: pane.press_main_button,
        c.send_again: window.send_picked_again,
        c.mark_done: lambda: window.acting.mark_done(window.picked()),
        c.snooze: window.choose_snooze,
        c.reopen: lambda: window.acting.reopen(window.picked()),
        c.raw: pane.show_raw,
        c.check: window.checks.start,
        c.questions: lambda: window.dialogs.questions(pane.case),
        c.settings: window.dialogs.settings,
        c.help: window.help,
        c.shortcuts: lambda: window.dialogs.shortcuts(c.all()),
        c.about: window.dialogs.about,
    }
    for action, act in acts.items():
        action.triggered.connect(lambda _=False, act=act: act())
    c.keep_for_list(window.frame.rows)
    c.sorts.triggered.connect(lambda action: window.views.sort(action.data()))
    c.looks.triggered.connect(lambda action: window.choose_look(theme.Look(action.data())))
    window.reasons.aboutToShow.connect(
        lambda: window.acting.fill_reason_menu(window.reasons, window.picked)
    )


def connect_parts(window: "MainWindow") -> None:
    """Let each part of the window hear of the others; one function for each part."""
    _connect_views(window)
    _connect_frame(window)
    _connect_bulk_bar(window)
    _connect_pane(window)
    _connect_acting(window)
    _connect_sending(window)
    _connect_incoming(window)
    _connect_checks(window)
    _connect_dialogs(window)


def _connect_views(window: "MainWindow") -> None:
    views, frame = window.views, window.frame
    frame.sidebar.view_chosen.connect(views.show_entry)
    frame.toolbar.search_changed.connect(views.search)
    frame.list_pane.act_requested.connect(views.act_on_emptiness)
    views.title_changed.connect(lambda t: window.setWindowTitle(f"Bounce Assistant - {t}"))
    views.connect_requested.connect(window.connect_mail)
    views.check_requested.connect(window.checks.start)
    views.sign_in_requested.connect(window.dialogs.sign_in)


def _connect_frame(window: "MainWindow") -> None:
    frame = window.frame
    frame.rows.rows_picked.connect(window.show_picked)
    frame.rows.main_requested.connect(frame.pane.press_main_button)
    frame.rows.customContextMenuRequested.connect(window.open_context_menu)
    frame.connect_requested.connect(window.connect_mail)
    frame.sign_in_requested.connect(window.dialogs.sign_in)
    frame.files_requested.connect(window.commands.add.trigger)
    frame.sample_requested.connect(window.sample_requested)
    frame.example_requested.connect(window.incoming.add_words)


def _connect_bulk_bar(window: "MainWindow") -> None:
    bulk, acting = window.frame.toolbar.bulk, window.acting
    bulk.done_button.clicked.connect(lambda: acting.mark_done(window.picked()))
    bulk.send_button.clicked.connect(window.send_picked_again)
    bulk.export_button.clicked.connect(window.export_picked)
    bulk.cleared.connect(window.frame.rows.clearSelection)
    bulk.set_menus(
        lambda menu: acting.fill_snooze_menu(menu, window.picked),
        lambda menu: acting.fill_reason_menu(menu, window.picked),
    )


def _connect_pane(window: "MainWindow") -> None:
    pane = window.frame.pane
    pane.case_changed.connect(lambda _case: window.refresh())
    pane.undo_offered.connect(lambda words: window.toast.show_words(words, can_undo=True))
    pane.questions_requested.connect(lambda _case: window.dialogs.questions(pane.case))
    pane.flow_wanted.connect(window.start_flow)
    pane.group_flow_wanted.connect(window.fixing.start_group)
    pane.case_page.original.find_wanted.connect(window.find_original)
    pane.standing_acted.connect(window.act_on_standing)
    pane.paste_requested.connect(window.incoming.paste)
    pane.past_case_wanted.connect(window.show_case_anywhere)
    pane.member_selected.connect(lambda case: window.frame.rows.pick_case(CaseId(case)))
    window.reading.case_opened.connect(window.on_case_opened)


def _connect_acting(window: "MainWindow") -> None:
    window.acting.acted.connect(window.on_acted)
    window.acting.undone.connect(window.on_undone)
    window.toast.undo_requested.connect(window.undo)


def _connect_sending(window: "MainWindow") -> None:
    fixing, sending, toast = window.fixing, window.sending, window.toast
    fixing.sent.connect(sending.watch)
    fixing.scheduled.connect(window.on_acted)
    fixing.changed.connect(window.show_changed)
    fixing.said.connect(lambda words: toast.show_words(words, can_undo=False))
    fixing.refused.connect(window.frame.pane.say_problem)
    fixing.connect_wanted.connect(window.connect_mail)
    fixing.remind_wanted.connect(window.frame.pane.remind)
    sending.waiting_wanted.connect(window.views.waiting)
    sending.changed.connect(window.show_changed)
    sending.account_removed.connect(window.on_settings_closed)
    sending.account_removed.connect(window.dialogs.accounts_moved)
    sending.changed.connect(window.dialogs.accounts_moved)
    sending.said.connect(lambda words: toast.show_words(words, can_undo=False))


def _connect_incoming(window: "MainWindow") -> None:
    window.incoming.cases_added.connect(window.on_cases_added)
    window.incoming.stopped.connect(window.on_adding_stopped)
    window.incoming.help_requested.connect(lambda: window.dialogs.help("5-files"))


def _connect_checks(window: "MainWindow") -> None:
    window.checks.rows_changed.connect(window.refresh)
    window.checks.account_wanted.connect(window.connect_mail)
    window.checks.started.connect(lambda: window.views.show_checking(is_checking=True))
    window.checks.account_checked.connect(window.presence.tell_account)
    window.checks.account_checked.connect(lambda result, _: window.on_account_checked(result))
    window.checks.checked.connect(lambda _: window.views.show_checking(is_checking=False))
    window.checks.checked.connect(window.on_checked)
    window.watching.mail_expected.connect(window.checks.look_at)
    window.watching.watch_ended.connect(
        lambda account, problem: window.frame.show_problems(
            [(account, problem)], again=window.checks.start
        )
    )
    window.surroundings.changed.connect(window.on_surroundings_changed)
    window.status.check_wanted.connect(window.checks.start)
    window.presence.notices.clicked.connect(window.show_new)
    window.presence.check_wanted.connect(window.checks.start)
    window.presence.watch_changed.connect(window.on_watch_changed)


def _connect_dialogs(window: "MainWindow") -> None:
    dialogs = window.dialogs
    dialogs.account_added.connect(window.on_account_added)
    dialogs.limited.connect(window.show_problem)
    dialogs.signed_in.connect(lambda _email: window.checks.start())
    dialogs.signed_in.connect(lambda _email: window.watching.refresh())
    dialogs.signed_in.connect(window.sending.offer_held_up)
    dialogs.own_mail_requested.connect(window.own_mail_requested)
    dialogs.settings_closed.connect(window.on_settings_closed)
    dialogs.cause_chosen.connect(window.on_cause_chosen)
