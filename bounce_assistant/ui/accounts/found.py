"""How the servers of an address were found, as a sentence beside the sign-in."""

from PySide6.QtCore import QCoreApplication

from bounce_assistant.mail.accounts import ProviderSettings, domain_of


def found_words(settings: ProviderSettings) -> str:
    """Return where the settings come from; empty when they are our own or typed by hand.

    Servers that were named from outside are shown by name (RFC 6186, section 6): the password goes
    there.
    """
    domain, host = domain_of(settings.email), settings.imap.host if settings.imap else ""
    other = settings.smtp.host if settings.smtp else ""

    def told(text: str) -> str:
        return text.format(domain=domain, company=settings.company, host=host, other=other)

    translate = QCoreApplication.translate
    if settings.found in ("known", "hand") or not host:
        return ""
    if settings.provider:
        return told(translate("accounts", "Mail for {domain} is kept at {company}."))
    if settings.found == "guess":
        words = translate("accounts", "A mail server answers at {host}. Your password goes there.")
        return told(words)
    if other not in ("", host):
        return told(_two_servers(settings))
    if settings.found == "directory":
        words = translate(
            "accounts", "Mozilla's list names {host} for {domain}. Your password goes there."
        )
        return told(words)
    return told(
        translate("accounts", "{domain} names {host} as its mail server. Your password goes there.")
    )


def _two_servers(settings: ProviderSettings) -> str:
    translate = QCoreApplication.translate
    if settings.found == "directory":
        return translate(
            "accounts",
            "Mozilla's list names {host} to read mail for {domain} and {other} to send it. Your "
            "password goes to both.",
        )
    return translate(
        "accounts",
        "{domain} names {host} to read its mail and {other} to send it. Your password goes to "
        "both.",
    )
