"""What came of trying an account, as two plain sentences: reading, then sending."""

from PySide6.QtCore import QCoreApplication

from bounce_assistant.mail.accounts import Server
from bounce_assistant.services.trial import Trial


def trial_words(trial: Trial) -> str:
    """Return that reading works, and whether sending does; with what is in the way if not."""
    translate = QCoreApplication.translate
    if trial.sending is None:
        words = translate("accounts", "Reading works. Sending works, through {host}.")
        return words.format(host=trial.account.smtp_host)
    words = translate("accounts", "Reading works. Sending doesn't work yet: {problem}")
    return words.format(problem=trial.sending)


def trying_words(imap: Server | None, smtp: Server | None) -> str:
    """Return what is being done meanwhile, with the servers that hear the password."""
    translate = QCoreApplication.translate
    words = translate("accounts", "Signing in to {host}...")
    if imap and smtp and smtp.host != imap.host:
        words = translate("accounts", "Signing in to {host} to read, and to {other} to send...")
    return words.format(host=imap.host if imap else "", other=smtp.host if smtp else "")
