"""A reading pane on made-up bounces, shown in its smallest width."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from bounce_assistant.advice.handbook import Handbook
from bounce_assistant.services.cases import OpenCase
from bounce_assistant.ui.bounce.pane import ReadingPane
from bounce_assistant.ui.tasks import TaskRunner
from tests.ui.made_up_cases import MadeUpCases, handbook

MakePane = Callable[..., tuple[ReadingPane, MadeUpCases]]


@pytest.fixture(scope="session")
def book() -> Handbook:
    return handbook()


@pytest.fixture
def make_pane(qtbot: QtBot, look: None, tasks: TaskRunner, book: Handbook) -> MakePane:
    def make(
        *opened: OpenCase, width: int = 440, height: int = 720
    ) -> tuple[ReadingPane, MadeUpCases]:
        cases = MadeUpCases(*opened)
        pane = ReadingPane(cases, book, tasks)
        qtbot.addWidget(pane)
        pane.resize(width, height)
        pane.show()
        if opened:
            pane.show_case(opened[0])
        return pane, cases

    return make
