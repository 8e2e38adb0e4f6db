"""Whether new bounces are looked for by themselves, and whether also when the window is closed."""

from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.store.settings import StoredSettings
from bounce_assistant.ui.stay_dialog import QUIT, STAY
from bounce_assistant.ui.widgets.tick_box import TickBox
from bounce_assistant.ui.widgets.words import Words


class WatchBoxes(QWidget):
    """Two ticks, each holds at once; the second makes sense with the first only."""

    def __init__(self, settings: StoredSettings, *, has_tray: bool) -> None:
        super().__init__()
        self._settings, self._has_tray = settings, has_tray
        self.watch = TickBox(self.tr("Keep looking for new bounces while the window is open"))
        why = self.tr("Your mail server tells us when mail arrives, or we ask every five minutes.")
        self.watch.setAccessibleDescription(why)
        self.watch.setToolTip(why)
        self.stay = TickBox(
            self.tr("Also when the window is closed, from an icon beside the clock")
        )
        kept = self.tr("An icon stays there; its menu opens the window, checks now, or quits.")
        self.stay.setAccessibleDescription(kept)
        self.stay.setToolTip(kept)
        none = self.tr("This computer shows no icons beside the clock, so closing quits.")
        self.no_tray = Words(none, dim=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        for part in (self.watch, self.stay, self.no_tray):
            rows.addWidget(part)
        self.refresh()
        self.watch.toggled.connect(self._on_watch)
        self.stay.toggled.connect(self._on_stay)

    def refresh(self) -> None:
        """Tick them as the settings have it."""
        kept = self._settings.load()
        self.watch.setChecked(kept.watch == "on")
        self.stay.setChecked(kept.when_closed == STAY)
        self.stay.setVisible(self._has_tray)
        self.no_tray.setVisible(not self._has_tray)
        self.stay.setEnabled(self.watch.isChecked())

    def _on_watch(self, is_on: bool) -> None:  # noqa: FBT001 - Qt's own signature
        self._settings.save(replace(self._settings.load(), watch="on" if is_on else "off"))
        self.stay.setEnabled(is_on)

    def _on_stay(self, is_on: bool) -> None:  # noqa: FBT001 - Qt's own signature
        choice = STAY if is_on else QUIT
        self._settings.save(replace(self._settings.load(), when_closed=choice))
