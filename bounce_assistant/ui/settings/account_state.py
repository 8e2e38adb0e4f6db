"""How an account stands: when it was last looked through, or why it isn't."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.store.rows import AccountId
from bounce_assistant.ui.models.times import moment
from bounce_assistant.ui.widgets.dot import Dot
from bounce_assistant.ui.widgets.words import Words

_LOOK = 2000  # milliseconds; checks go on while the settings are open


class AccountState(QWidget):
    """A dot and words. A band about an account can be closed; this stays."""

    def __init__(self, account: Account, desk: Desk) -> None:
        super().__init__()
        self._account, self._desk = account, desk
        self.dot, self.words = Dot(), Words()
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(self.dot, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(self.words, 1)
        self.refresh()
        self._look = QTimer(self, interval=_LOOK)
        self._look.timeout.connect(self.refresh)
        self._look.start()

    def refresh(self) -> None:
        """Say what came of the last check."""
        check = self._desk.store.accounts.last_check(AccountId(self._account.id))
        if check.problem:
            words = self.tr("Not checked: {problem}").format(problem=check.problem)
            state = "problem"
        elif check.at is None:
            words, state = self.tr("Not checked yet"), "waiting"
        else:
            when = moment(check.at, datetime.now(UTC))
            words, state = self.tr("Last checked {time}").format(time=when), "done"
        self.dot.set_state(state)
        self.words.show_words(words)
