"""What came of trying an account, as two plain sentences: reading, then sending."""

from PySide6.QtCore import QCoreApplication

from bounce_assistant.services.trial import Trial


def trial_words(trial: Trial) -> str:
    """Return that reading works, and whether sending does; with what is in the way if not."""
    translate = QCoreApplication.translate
    if trial.sending is None:
        words = translate("accounts", "Reading works. Sending works, through {host}.")
        return words.format(host=trial.account.smtp_host)
    words = translate("accounts", "Reading works. Sending doesn't work yet: {problem}")
    return words.format(problem=trial.sending)
