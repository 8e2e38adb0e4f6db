"""Windows are tested without a screen, in a home of their own."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bounce_assistant.ui import theme
from bounce_assistant.ui.tasks import TaskRunner

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(folder / name))
    return folder


@pytest.fixture(autouse=True)
def american() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


@pytest.fixture
def look(qapp: QApplication) -> None:
    """Dress the application light, if it isn't, when the windows of earlier tests have gone.

    Qt dresses every window there is, and can't where one is half gone.
    """
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    is_light = theme.chosen_look() is theme.Look.LIGHT and not theme.is_dark()
    if not (is_light and qapp.styleSheet()):
        theme.apply_look(theme.Look.LIGHT)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Offscreen, Qt complains of hints that only a window manager could use."""
    for item in items:
        if "tests/ui" in item.path.as_posix():
            item.add_marker(
                pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise)")
            )
