"""The frame of the window: sizes, panes, keys, menus, and what it remembers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.app import open_sample_desk
from bounce_assistant.services.desk import Desk
from bounce_assistant.ui import theme
from bounce_assistant.ui.help_window import HelpWindow, ShortcutsDialog
from bounce_assistant.ui.inbox.sidebar import COLLAPSED_WIDTH
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.settings.settings_dialog import SettingsDialog
from bounce_assistant.ui.tasks import TaskRunner
from bounce_assistant.ui.window import render_picture
from tests.ui.desks import empty_desk, write_bounces

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture(scope="module")
def sample() -> Iterator[Desk]:
    desk = open_sample_desk()
    yield desk
    desk.store.close()


@pytest.fixture
def window(sample: Desk, qtbot: QtBot) -> MainWindow:
    return opened(sample, qtbot)


def opened(desk: Desk, qtbot: QtBot, size: QSize | None = None) -> MainWindow:
    tasks = TaskRunner()
    window = MainWindow(desk, tasks)
    if size:
        window.resize(size)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: not tasks.is_busy)
    return window


def test_the_first_time_all_three_panes_fit(window: MainWindow) -> None:
    assert window.size() == QSize(1280, 800)
    frame = window.frame
    assert 180 <= frame.sidebar.width() <= 260
    assert 320 <= frame.list_pane.width() <= 420
    assert frame.pane.width() >= 440
    assert not frame.sidebar.is_collapsed


def test_in_a_small_window_the_sidebar_shrinks_to_icons_first(sample: Desk, qtbot: QtBot) -> None:
    frame = opened(sample, qtbot, QSize(960, 600)).frame
    assert frame.sidebar.is_collapsed
    assert frame.sidebar.width() == COLLAPSED_WIDTH
    assert not frame.panes.is_stacked
    assert frame.list_pane.width() >= 320
    assert frame.pane.width() >= 440


def test_in_a_narrow_window_the_reading_pane_moves_below(sample: Desk, qtbot: QtBot) -> None:
    window = opened(sample, qtbot, QSize(700, 600))
    frame = window.frame
    assert frame.panes.is_stacked
    assert window.width() == 700
    assert frame.pane.geometry().top() >= frame.list_pane.geometry().bottom()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: not frame.panes.is_stacked)
    assert not frame.sidebar.is_collapsed
    assert frame.list_pane.width() <= 420


def test_panes_and_size_are_remembered(sample: Desk, qtbot: QtBot) -> None:
    window = opened(sample, qtbot)
    window.frame.panes.inner.setSizes([340, 700])
    window.frame.panes.inner.splitterMoved.emit(340, 1)
    window.resize(760, 640)
    window.close()
    again = opened(sample, qtbot)
    assert again.size() == QSize(760, 640)
    again.resize(1280, 800)
    qtbot.waitUntil(lambda: again.frame.list_pane.width() == 340)


def test_with_large_text_nothing_is_wider_than_the_window(
    sample: Desk, qtbot: QtBot, qapp: QApplication
) -> None:
    usual = qapp.font()
    large = qapp.font()
    large.setPointSizeF(usual.pointSizeF() * 2)
    qapp.setFont(large)
    try:
        window = opened(sample, qtbot)
        assert window.width() == 1280
        assert window.minimumSizeHint().width() <= 1280
        assert window.frame.sidebar.is_collapsed
        rows = window.frame.rows
        assert rows.sizeHintForRow(0) >= 3 * rows.fontMetrics().height()
    finally:
        qapp.setFont(usual)


def test_f6_goes_round_the_panes(window: MainWindow) -> None:
    frame = window.frame
    frame.rows.setFocus()
    window.commands.next_pane.trigger()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert frame.pane.isAncestorOf(focus)
    window.commands.next_pane.trigger()
    assert QApplication.focusWidget() is frame.sidebar
    window.commands.next_pane.trigger()
    assert QApplication.focusWidget() is frame.rows


def test_tab_goes_through_the_window_in_reading_order(window: MainWindow) -> None:
    bar, frame = window.frame.toolbar, window.frame
    wanted: list[QWidget] = [
        bar.check_button,
        bar.add_button,
        bar.resolve_button,
        bar.search,
        frame.sidebar,
        frame.rows,
    ]
    chain: list[QWidget] = []
    chain.append(bar.check_button)
    widget: QWidget | None = bar.check_button.nextInFocusChain()
    while widget is not None and widget is not bar.check_button:
        if widget in wanted:
            chain.append(widget)
        widget = widget.nextInFocusChain()
    assert chain == wanted
    for each in wanted:
        assert each.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_every_button_has_a_name_to_be_read_out(window: MainWindow) -> None:
    bar = window.frame.toolbar
    for button in (bar.check_button, bar.add_button, bar.resolve_button):
        assert button.text()
        assert button.height() >= 32
    assert bar.search.accessibleName() == "Search"
    inside = [each.text() for each in bar.search.findChildren(QToolButton)]
    assert sorted(inside) == ["Clear search", "Go to the search"]


def leaves(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            yield from leaves(below)
        elif not action.isSeparator():
            yield action


def test_the_menus_stand_in_the_usual_order(window: MainWindow) -> None:
    titles = [action.text().replace("&", "") for action in window.menuBar().actions()]
    assert titles == ["File", "Edit", "View", "Message", "Tools", "Help"]


def test_every_act_of_the_toolbar_is_also_in_a_menu(window: MainWindow) -> None:
    texts = {
        action.text().replace("&", "")
        for top in window.menuBar().actions()
        if isinstance(menu := top.menu(), QMenu)
        for action in leaves(menu)
    }
    assert {"Check now", "Add bounce...", "Mark done", "Snooze...", "Search", "Undo"} <= texts


def test_no_two_commands_share_a_key(window: MainWindow) -> None:
    keys = [key.toString() for a in window.commands.all() for key in a.shortcuts()]
    assert len(keys) == len(set(keys))
    assert {"F5", "Ctrl+R", "Ctrl+O", "Ctrl+F", "Ctrl+Z", "Ctrl+U", "F1", "F6", "E", "S"} <= set(
        keys
    )


def test_the_appearance_is_switched_at_once_and_remembered(sample: Desk, qtbot: QtBot) -> None:
    window = opened(sample, qtbot)
    dark = next(a for a in window.commands.looks.actions() if a.data() == "dark")
    dark.trigger()
    assert theme.is_dark()
    assert sample.store.settings.load().theme == "dark"


def test_help_opens_on_f1_and_shows_a_page(window: MainWindow) -> None:
    window.commands.help.trigger()
    page = window.findChild(HelpWindow)
    assert page is not None
    assert len(page.text) > 100


def test_the_list_of_keys_names_what_they_do(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.shortcuts.trigger()
    assert window.findChild(ShortcutsDialog) is not None


def test_a_first_start_asks_how_to_begin(tmp_path: Path, qtbot: QtBot) -> None:
    desk = empty_desk(tmp_path)
    window = opened(desk, qtbot)
    assert window.frame.is_start_shown
    assert not window.frame.toolbar.isVisible()


def test_a_closed_window_lets_go_of_its_file(tmp_path: Path, qtbot: QtBot) -> None:
    files = [str(file) for file in write_bounces(tmp_path, 1)]
    desk = empty_desk(tmp_path)
    tasks = TaskRunner()
    window = MainWindow(desk, tasks, files=files)
    qtbot.addWidget(window)
    qtbot.waitUntil(lambda: window.frame.model.rowCount() == 1 and not tasks.is_busy)
    beside = desk.store.path.with_name(f"{desk.store.path.name}-wal")  # as long as it is open
    assert beside.exists()
    window.close()
    assert not beside.exists()


def test_from_the_sample_mail_one_can_go_to_real_mail(window: MainWindow, qtbot: QtBot) -> None:
    band = window.frame.bands.band("sample")
    assert band is not None
    assert band.buttons[0].text() == "Connect my email"
    with qtbot.waitSignal(window.own_mail_requested):
        band.buttons[0].click()
    with qtbot.waitSignal(window.own_mail_requested):
        window.commands.check.trigger()  # there is no inbox to check in the sample


def test_the_settings_of_the_sample_mail_lead_to_real_mail_too(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.commands.settings.trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    assert not dialog.watching.isVisible(), "no news comes to sample mail"
    with qtbot.waitSignal(window.own_mail_requested):
        dialog.accounts.add.click()
    assert not dialog.isVisible()


def test_the_sample_mail_holds_one_file_that_cannot_be_read(window: MainWindow) -> None:
    band = window.frame.bands.band("incoming")
    assert band is not None
    assert band.text.endswith("1 couldn't be read")
    (show,) = band.buttons
    show.click()
    reason = "scan-0042.eml: This file isn't an email we can read."
    assert reason in window.frame.bands.texts()[-1]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [(1280, 800), (960, 600)])
def test_a_picture_of_the_window_is_drawn_without_a_screen(
    sample: Desk, tmp_path: Path, size: tuple[int, int], *, dark: bool
) -> None:
    file = tmp_path / "window.png"
    render_picture(sample, file, size, dark=dark)
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == size
    back = theme.palette_for(dark=dark).color(QPalette.ColorRole.Window)
    assert picture.pixelColor(size[0] - 200, 30) == back
    colours = {picture.pixel(x, y) for x in range(0, size[0], 7) for y in range(0, size[1], 7)}
    assert len(colours) > 30  # text, badges, a card


def test_a_picture_that_cannot_be_written_is_a_problem_of_its_own(
    sample: Desk, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match=r"window\.png"):
        render_picture(sample, tmp_path / "missing" / "window.png")


def test_where_text_runs_from_right_to_left_the_panes_are_mirrored(
    sample: Desk, qtbot: QtBot, qapp: QApplication
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        frame = opened(sample, qtbot).frame
        right = frame.sidebar.mapToGlobal(frame.sidebar.rect().center()).x()
        middle = frame.rows.mapToGlobal(frame.rows.rect().center()).x()
        left = frame.pane.mapToGlobal(frame.pane.rect().center()).x()
        assert left < middle < right
        picture = frame.rows.viewport().grab().toImage()
        row = frame.rows.visualRect(frame.rows.currentIndex())
        accent = theme.palette_for(dark=False).highlight().color()
        bar = picture.pixelColor(row.right() - 1, row.center().y())
        assert bar == accent  # the mark of the picked row is at the right edge
        band = frame.bands.band("sample")
        assert band is not None
        assert band._label.alignment() & Qt.AlignmentFlag.AlignRight  # English words, too
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_arrow_of_a_batch_opens_it(sample: Desk, qtbot: QtBot) -> None:
    rows, model = (frame := opened(sample, qtbot).frame).rows, frame.model
    number = next(n for n in range(model.rowCount()) if model.key(n).batch is not None)
    before = model.rowCount()
    rows.scrollTo(model.index(number))
    corner = rows.visualRect(model.index(number)).bottomRight()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=corner - QPoint(24, 20))
    assert model.rowCount() > before


def test_an_empty_list_leaves_no_pane_that_asks_for_a_row(
    tmp_path: Path, qtbot: QtBot, tasks: TaskRunner
) -> None:
    desk = empty_desk(tmp_path, "dana@example.com")
    window = opened(desk, qtbot)
    frame = window.frame
    assert frame.list_pane.empty.isVisible()
    assert not frame.pane.isVisible()
    assert frame.list_pane.width() > 900
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    met = set()
    for _ in range(4):
        frame.focus_next_pane()
        met.add(window.focusWidget())
    assert met == {frame.sidebar, frame.list_pane.empty.button}
    window.incoming.add_paths(tuple(str(file) for file in write_bounces(tmp_path, 1)))
    qtbot.waitUntil(frame.pane.case_page.isVisible)
    assert 320 <= frame.list_pane.width() <= 420
    assert frame.pane.width() >= 440
    window.views.done()
    assert not frame.pane.isVisible()
    window.views.needs_you()
    assert frame.pane.isVisible()
    window.close()
