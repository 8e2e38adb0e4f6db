"""Every command of the window: its words, its key, its place in a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from bounce_assistant.store.rows import CaseRow, CaseState
from bounce_assistant.ui.theme import Look, set_icon

Keys = str | QKeySequence.StandardKey | list[str]


class Commands(QObject):
    """The actions; the window connects them. What is not built yet is not here."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        tr = self.tr
        self.add = self._make(tr("&Add bounce..."), "Ctrl+O", icon="add")
        self.paste_now = self._make(tr("&Diagnose pasted text"), "Ctrl+Shift+V")
        self.connect_mail = self._make(tr("&Connect my email..."))
        self.export = self._make(tr("&Export list..."), "Ctrl+E")
        self.print = self._make(tr("&Print this case..."), "Ctrl+P")
        self.quit = self._make(tr("&Quit"), QKeySequence.StandardKey.Quit)
        self.undo = self._make(tr("&Undo"), "Ctrl+Z")
        self.paste = self._make(tr("&Paste a bounce"), "Ctrl+V")
        self.search = self._make(tr("&Search"), "Ctrl+F")
        self.needs_you = self._make(tr("&Needs you"), "Ctrl+1")
        self.waiting = self._make(tr("&Waiting"), "Ctrl+2")
        self.done_view = self._make(tr("&Done"), "Ctrl+3")
        self.next_pane = self._make(tr("Next &pane"), "F6")
        self.main = self._make(tr("&Start the fix..."), "Return")
        self.send_again = self._make(tr("Send a&gain..."))
        self.mark_done = self._make(tr("&Mark done"), "E")
        self.snooze = self._make(tr("&Snooze..."), "S")
        self.reopen = self._make(tr("Move &back to Needs you"))
        self.raw = self._make(tr("&Raw message"), "Ctrl+U")
        self.check = self._make(tr("&Check now"), ["F5", "Ctrl+R"], icon="check")
        self.questions = self._make(tr("&Help me work it out..."))
        self.settings = self._make(tr("S&ettings..."), "Ctrl+,")
        self.help = self._make(tr("&Help"), "F1")
        self.shortcuts = self._make(tr("&Keyboard shortcuts"), "Ctrl+/")
        self.about = self._make(tr("&About Bounce Assistant"))
        self.sorts = self._choices(
            {
                "when": tr("&Newest first"),
                "when-oldest": tr("&Oldest first"),
                "name": tr("&Person"),
                "title": tr("&Reason"),
                "subject": tr("&Subject"),
            }
        )
        self.looks = self._choices(
            {
                Look.SYSTEM.value: tr("As the &system"),
                Look.LIGHT.value: tr("&Light"),
                Look.DARK.value: tr("&Dark"),
            }
        )

    def all(self) -> list[QAction]:
        """Return the actions that have a key, in menu order."""
        return [a for a in self.children() if isinstance(a, QAction) and not a.shortcut().isEmpty()]

    def show_picked(self, rows: Sequence[CaseRow], *, has_raw: bool) -> None:
        """Switch on what makes sense for the picked rows."""
        is_any = bool(rows)
        self.main.setEnabled(len(rows) == 1)
        self.mark_done.setEnabled(any(row.state is not CaseState.DONE for row in rows))
        self.send_again.setEnabled(is_any)
        self.snooze.setEnabled(is_any)
        self.reopen.setEnabled(any(row.state is not CaseState.NEEDS_YOU for row in rows))
        self.raw.setEnabled(has_raw)
        self.print.setEnabled(has_raw)

    def show_look(self, look: Look) -> None:
        """Mark the look that is on."""
        for action in self.looks.actions():
            action.setChecked(action.data() == look.value)

    def keep_for_list(self, rows: QWidget) -> None:
        """Let the single keys work only while the list has the focus."""
        for action in (self.mark_done, self.snooze, self.main):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            rows.addAction(action)

    def _make(self, text: str, keys: Keys = "", icon: str = "") -> QAction:
        action = QAction(text, self)
        if isinstance(keys, list):
            action.setShortcuts([QKeySequence(key) for key in keys])
        elif keys:
            action.setShortcut(QKeySequence(keys))
        if icon:
            set_icon(action, icon)
            action.setIconVisibleInMenu(False)
        return action

    def _choices(self, words: dict[str, str]) -> QActionGroup:
        group = QActionGroup(self)
        for key, text in words.items():
            action = group.addAction(text)
            action.setCheckable(True)
            action.setData(key)
        group.actions()[0].setChecked(True)
        return group


def fill_menu_bar(window: QMainWindow, c: Commands, reasons: QMenu) -> None:
    """Build File, Edit, View, Message, Tools and Help."""
    tr, bar = window.tr, window.menuBar()
    _fill(
        bar.addMenu(tr("&File")),
        c.add,
        c.paste_now,
        None,
        c.connect_mail,
        None,
        c.export,
        c.print,
        None,
        c.quit,
    )
    _fill(bar.addMenu(tr("&Edit")), c.undo, None, c.paste, c.search)
    view = bar.addMenu(tr("&View"))
    _fill(view, c.needs_you, c.waiting, c.done_view, None)
    view.addMenu(tr("S&ort by")).addActions(c.sorts.actions())
    view.addMenu(tr("&Appearance")).addActions(c.looks.actions())
    _fill(view, None, c.next_pane)
    message = bar.addMenu(tr("&Message"))
    _fill(message, c.main, c.send_again, None, c.mark_done, c.snooze, c.reopen)
    message.addMenu(reasons)
    _fill(message, None, c.raw)
    _fill(bar.addMenu(tr("&Tools")), c.check, c.questions, None, c.settings)
    _fill(bar.addMenu(tr("&Help")), c.help, c.shortcuts, None, c.about)


def fill_resolve_menu(menu: QMenu, c: Commands, reasons: QMenu) -> None:
    """Build the menu of the toolbar, which is also the list's context menu."""
    _fill(menu, c.main, c.send_again, None, c.mark_done, c.snooze, c.reopen)
    menu.addMenu(reasons)
    _fill(menu, None, c.raw)


def _fill(menu: QMenu, *entries: QAction | None) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        else:
            menu.addAction(entry)
