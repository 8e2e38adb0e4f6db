"""An account that is removed once its mail has left: said, and taken back at a press."""

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import Account
from bounce_assistant.services.desk import Desk
from bounce_assistant.ui.widgets.offer import Offer


class Leaving(Offer):
    """Hidden where the account stays."""

    def __init__(self, account: Account, desk: Desk) -> None:
        super().__init__(account.email)
        self._account, self._desk = account, desk
        self.button.setText(self.tr("Keep the account"))
        self.button.clicked.connect(self._on_keep)
        self.refresh()

    def refresh(self) -> None:
        """Draw how much has still to leave."""
        if self._account.id in {one.id for one in self._desk.accounts.leaving()}:
            left = len(self._desk.outbox.holds_back(self._account))
            self.words.show_words(self._waiting_words(left))
        else:
            self.hide()  # never shown by itself: without a parent it would be a window

    def _waiting_words(self, count: int) -> str:
        if not count:
            return self.tr(
                "No email waits any more, so it's about to be removed. Its bounces stay."
            )
        one = self.tr("It's removed once 1 email has left. Its bounces stay.")
        many = self.tr("It's removed once %n emails have left. Its bounces stay.", "", count)
        return one if count == 1 else many

    def _on_keep(self) -> None:
        try:
            self._desk.accounts.set_leaving(self._account, is_leaving=False)
        except AppError as problem:
            self.words.show_words(str(problem))
            return
        self.hide()
