"""Work beside the window: answers arrive in its thread, and nobody hears what they gave up."""

import threading

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from bounce_assistant.errors import AppError
from bounce_assistant.services.job import Job
from bounce_assistant.ui.tasks import TaskRunner


def test_an_answer_arrives_in_the_thread_of_the_window(tasks: TaskRunner, qtbot: QtBot) -> None:
    heard: list[tuple[int, QThread]] = []
    here = QThread.currentThread()
    owner = QObject()
    tasks.run(owner, lambda _job: 7, done=lambda n: heard.append((n, QThread.currentThread())))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(7, here)]


def test_a_closed_window_hears_nothing(tasks: TaskRunner, qtbot: QtBot) -> None:
    window, started, hung_up = QObject(), threading.Event(), threading.Event()
    heard: list[object] = []

    def work(job: Job) -> bool:
        job.on_cancel(hung_up.set)
        started.set()
        return hung_up.wait(5)

    tasks.run(window, work, done=heard.append, failed=heard.append)
    assert started.wait(5)
    window.deleteLater()
    qtbot.waitUntil(lambda: not tasks.is_busy)
    assert hung_up.is_set()
    assert heard == []


def test_a_problem_goes_to_the_screen_that_asked(tasks: TaskRunner, qtbot: QtBot) -> None:
    problems: list[Exception] = []

    def work(_job: Job) -> None:
        raise AppError("Can't reach imap.example.com.")

    owner = QObject()
    tasks.run(owner, work, done=lambda _: None, failed=problems.append)
    qtbot.waitUntil(lambda: bool(problems))
    assert str(problems[0]) == "Can't reach imap.example.com."


def test_a_fault_that_nobody_wanted_is_reported_once(tasks: TaskRunner, qtbot: QtBot) -> None:
    def work(_job: Job) -> None:
        raise ZeroDivisionError

    owner = QObject()
    with qtbot.waitSignal(tasks.failed) as caught:
        tasks.run(owner, work, done=lambda _: None)
    assert caught.args is not None
    assert isinstance(caught.args[0], ZeroDivisionError)


def test_progress_is_shown_while_work_goes_on_and_its_end_is_never_left_out(
    tasks: TaskRunner, qtbot: QtBot
) -> None:
    seen: list[tuple[int, int, str]] = []
    finished: list[None] = []

    def work(job: Job) -> None:
        for done in range(1, 10_001):
            job.step(done, 10_000, "looked at")

    owner = QObject()
    tasks.run(
        owner,
        work,
        done=finished.append,
        progress=lambda done, total, words: seen.append((done, total, words)),
    )
    qtbot.waitUntil(lambda: bool(finished))
    assert seen[0][0] == 1
    assert seen[-1] == (10_000, 10_000, "looked at")
    assert len(seen) < 1_000  # a flood of them would freeze the window


def test_stopping_everything_waits_for_the_threads(qtbot: QtBot) -> None:
    tasks, hung_up, ended = TaskRunner(), threading.Event(), threading.Event()
    started = threading.Event()
    heard: list[object] = []

    def work(job: Job) -> None:
        job.on_cancel(hung_up.set)
        started.set()
        hung_up.wait(5)
        ended.set()

    owner = QObject()
    tasks.run(owner, work, done=heard.append, failed=heard.append)
    assert started.wait(5)
    tasks.stop()
    assert ended.is_set()
    qtbot.wait(1)  # lets posted events through
    assert heard == []


@pytest.mark.parametrize("press", [1, 2])
def test_a_stopped_job_ends_without_a_word(tasks: TaskRunner, qtbot: QtBot, press: int) -> None:
    started = threading.Event()
    heard: list[object] = []

    def work(job: Job) -> None:
        started.set()
        while True:
            job.step(1, 2)

    owner = QObject()
    job = tasks.run(owner, work, done=heard.append, failed=heard.append)
    assert started.wait(5)
    for _ in range(press):
        job.cancel()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=1000)
    assert heard == []
