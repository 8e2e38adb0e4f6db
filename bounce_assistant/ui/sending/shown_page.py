"""In the sample mailbox: what would be sent, and that nothing was."""

from bounce_assistant.services.fixes.resend import Review
from bounce_assistant.ui.sending.wizard_page import WizardPage
from bounce_assistant.ui.widgets.fitted_text import FittedText


class ShownPage(WizardPage):
    """Stands where real mail would leave."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("Here is what would be sent"),
            self.tr("This is sample mail, so nothing left this computer."),
        )
        self.text = FittedText(self.tr("What would be sent"), most=420)
        self.rows.addWidget(self.text)
        self.rows.addStretch()

    def show_review(self, review: Review) -> None:
        lines = (
            self.tr("To: {to}").format(to=review.to),
            self.tr("From: {sender}").format(sender=review.sender),
            self.tr("Subject: {subject}").format(subject=review.subject),
            "",
            review.text,
        )
        self.text.show_text("\n".join(lines))
