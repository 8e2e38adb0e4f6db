"""The way out of a sign-in page: a password, where the company takes one."""

from PySide6.QtCore import QCoreApplication

from bounce_assistant.mail.accounts import ProviderSettings

_PASSWORDS = frozenset({"password", "app_password", "password_or_app_password"})


def takes_passwords(settings: ProviderSettings) -> bool:
    """Say whether a program may sign in with a password of any kind."""
    return settings.login in _PASSWORDS


def instead_words(settings: ProviderSettings) -> str:
    """Return what the button to a password says, by what the company calls it."""
    translate = QCoreApplication.translate
    if settings.login == "password":
        return translate("accounts", "Use a password instead")
    kind = settings.app_password_name
    if kind[:1] in "aeiou":
        return translate("accounts", "Use an {kind} instead").format(kind=kind)
    return translate("accounts", "Use a {kind} instead").format(kind=kind)
