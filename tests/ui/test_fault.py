"""A fault of ours: one dialog, and a report that can be shown to anyone."""

import traceback

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.ui.fault import FaultDialog, FaultWatch, fault_report

SECRET = "dana@example.com wrote: the key is under the mat"


def broken(text: str) -> BaseException:
    def stumble() -> None:
        try:
            {"": 0}[text]
        except KeyError as problem:
            raise ValueError(text) from problem

    try:
        stumble()
    except ValueError as problem:
        return problem
    return BaseException()


def test_the_report_names_places_and_no_addresses_or_mail() -> None:
    report = fault_report(broken(SECRET))
    assert "ValueError" in report
    assert "KeyError" in report
    assert "test_fault.py" in report
    assert "dana" not in report
    assert "under the mat" not in report


def test_the_report_does_not_say_where_the_user_lives() -> None:
    problem = broken("x")
    whole = traceback.extract_tb(problem.__traceback__)[0].filename
    assert whole not in fault_report(problem)


def test_the_details_can_be_copied(qtbot: QtBot) -> None:
    dialog = FaultDialog(broken(SECRET))
    qtbot.addWidget(dialog)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Something went wrong in Bounce Assistant. Your mail wasn't changed." in words
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy details")
    button.click()
    assert QGuiApplication.clipboard().text() == dialog.report


def test_many_faults_open_one_dialog(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    watch = FaultWatch(window, lambda _problem: None)
    watch.show(broken(SECRET))
    first = watch.dialog
    watch.show(broken(SECRET))
    assert watch.dialog is first
    assert len(caplog.records) == 2
    assert "dana" not in caplog.text


def test_what_the_user_can_act_on_is_told_in_the_layout_and_is_no_fault(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    told: list[AppError] = []
    watch = FaultWatch(window, told.append)
    problem = AppError("The disk is full.")
    watch._on_uncaught(AppError, problem, None)
    assert told == [problem]
    assert watch.dialog is None
