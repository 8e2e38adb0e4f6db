"""What another program hands over when something is dropped."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.ui.inbox.drop_overlay import DropOverlay, Dropped, read_dropped


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_files_and_folders_are_taken(tmp_path: Path) -> None:
    mail = tmp_path / "bounce.EML"
    mail.write_text("From: a@example.com\n\n")
    assert read_dropped(files(mail, tmp_path)).paths == (str(mail), str(tmp_path))


def test_a_file_that_is_no_mail_is_named_by_its_kind(tmp_path: Path) -> None:
    letter = tmp_path / "letter.pages"
    letter.write_text("x")
    assert read_dropped(files(letter)) == Dropped(wrong=(".pages",))


def test_an_empty_item_from_a_mail_program_counts_as_nothing(tmp_path: Path) -> None:
    item = tmp_path / "message.eml"
    item.touch()
    assert read_dropped(files(item)).is_empty
    assert read_dropped(files(tmp_path / "promised.eml")).is_empty
    assert read_dropped(QMimeData()).is_empty


def test_a_link_to_a_web_page_is_no_mail() -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.com/mail.eml")])
    assert read_dropped(data).is_empty


def test_words_dragged_from_a_browser_are_taken_as_words() -> None:
    data = QMimeData()
    data.setText("  550 5.1.1 no such user \n")
    assert read_dropped(data) == Dropped(text="550 5.1.1 no such user")


def test_mail_handed_over_whole_is_taken_as_its_source() -> None:
    data = QMimeData()
    data.setData("message/rfc822", b"Subject: x\n\nbody")
    assert read_dropped(data).text == "Subject: x\n\nbody"


@pytest.mark.parametrize(
    ("count", "words"), [(1, "Drop to diagnose 1 file"), (3, "Drop to diagnose 3 files")]
)
def test_the_window_says_what_a_drop_would_do(
    count: int, words: str, tmp_path: Path, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    overlay = DropOverlay(window)
    window.show()
    overlay.show_for(files(*(tmp_path / f"{number}.eml" for number in range(count))))
    assert overlay.text == words
    assert overlay.isVisible()
    assert overlay.size() == window.size()
