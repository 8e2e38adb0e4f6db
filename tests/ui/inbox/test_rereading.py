"""After an update, kept mail is diagnosed again: it shows when it lasts, and can be stopped."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.services.cases import Cases
from bounce_assistant.services.desk import Desk
from bounce_assistant.services.job import Job
from bounce_assistant.ui.inbox.progress import CheckProgress
from bounce_assistant.ui.inbox.rereading import Rereading
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.desks import empty_desk


class SlowCases(Cases):
    """Reads one bounce of nine, then takes its time."""

    gate = threading.Event()

    def rediagnose(self, job: Job) -> int:
        job.step(1, 9)
        job.on_cancel(self.gate.set)
        assert self.gate.wait(20)
        job.step(2, 9)
        return 9


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = empty_desk(tmp_path)
    yield made
    made.store.close()


def test_a_long_look_shows_how_far_it_is_and_stops_at_once(
    desk: Desk, tasks: TaskRunner, qtbot: QtBot
) -> None:
    panel = CheckProgress()
    qtbot.addWidget(panel)
    again = Rereading(SlowCases(desk.store, desk.knowledge), tasks, panel, panel)
    qtbot.waitUntil(panel.isVisible)
    line = "Reading your bounces with better rules"
    qtbot.waitUntil(lambda: panel.words(line) == "1 of 9 read")
    with qtbot.waitSignal(again.finished):
        panel.stop_button.click()
    assert panel.isHidden()


def test_a_short_look_shows_nothing(desk: Desk, tasks: TaskRunner, qtbot: QtBot) -> None:
    panel = CheckProgress()
    qtbot.addWidget(panel)
    again = Rereading(desk.cases, tasks, panel, panel)
    with qtbot.waitSignal(again.finished):
        pass
    assert panel.isHidden()
    assert not desk.cases.is_outdated()
