"""A list or a case on paper: looked at first, then saved; words of mail stay words."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bounce_assistant.services.intake import add_files
from bounce_assistant.services.job import Job
from bounce_assistant.services.summary import Figure, Group, Summary
from bounce_assistant.ui.main_window import MainWindow
from bounce_assistant.ui.paper.preview import PreviewDialog
from bounce_assistant.ui.paper.report import report_document
from tests.ui.desks import empty_desk, write_bounces
from tests.ui.made_up_cases import WHEN, row_of
from tests.ui.windows import opened, settled


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, look: None) -> MainWindow:
    desk = empty_desk(tmp_path)
    files = write_bounces(tmp_path, 3)
    words = files[0].read_text().replace("Open house 0", "<b>Open</b> house & garden")
    files[0].write_text(words)
    add_files([str(file) for file in files], desk.store, desk.knowledge, Job())
    return opened(desk, qtbot)


def shown(window: MainWindow, qtbot: QtBot) -> PreviewDialog:
    settled(window, qtbot)
    return next(one for one in window.findChildren(PreviewDialog) if one.isVisible())


def test_the_list_is_shown_before_it_is_saved(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.commands.export.trigger()
    preview = shown(window, qtbot)
    words = preview.sheets.accessibleDescription()
    assert "3 bounces" in words
    assert "<b>Open</b> house & garden" in words
    assert preview._document.pages == 1
    filled = [b for b in preview.findChildren(QPushButton) if b.property("kind") == "main"]
    assert [button.text() for button in filled] == ["Save as PDF..."]
    path = tmp_path / "report.pdf"
    preview.write_to(path, preview._document.write_pdf)
    qtbot.waitUntil(lambda: preview.banner.words.text() == "Saved as report.pdf.", timeout=20_000)
    assert path.read_bytes().startswith(b"%PDF-")


def test_picked_rows_can_be_exported_alone(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = window.frame.rows
    rows.selectAll()
    window.frame.toolbar.bulk.export_button.click()
    preview = shown(window, qtbot)
    assert preview._save_list is not None
    path = tmp_path / "list.csv"
    preview.write_to(path, preview._save_list)
    qtbot.waitUntil(lambda: preview.banner.words.text() == "Saved as list.csv.", timeout=20_000)
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 4


def test_a_case_can_be_printed_with_why_and_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.print.trigger()
    preview = shown(window, qtbot)
    words = preview.sheets.accessibleDescription()
    assert "This address doesn't exist" in words
    assert "Why we think so" in words
    assert "What to do" in words
    assert not preview.table.isVisible()


def test_a_folder_that_refuses_the_file_is_told(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.commands.export.trigger()
    preview = shown(window, qtbot)
    preview.write_to(tmp_path / "none" / "a.pdf", preview._document.write_pdf)
    qtbot.waitUntil(lambda: "couldn't be written" in preview.banner.words.text(), timeout=20_000)


def test_a_report_of_much_is_one_page_and_counts_who_found_no_room(look: None) -> None:
    row = row_of(name="Dana Reyes de la Vega y Castellanos")
    groups = tuple(Group(row, others) for others in range(80))
    figures = (Figure("Gmail took this for a mass mailing", 12),) * 8
    summary = Summary(99, WHEN, WHEN, figures[:3], figures[:6], figures, groups, 0)
    document = report_document(summary, "Bounced email")
    assert document.pages == 1
    assert "more; the list as a CSV file has them all" in document.words
