"""An address in, the settings to reach it out; every way of finding them hangs here."""

from bounce_assistant.mail.accounts import ProviderSettings
from bounce_assistant.mail.providers import Providers


def settings_for(email: str, providers: Providers) -> ProviderSettings | None:
    """Return the settings of an address, or None when they must be given by hand.

    The domain alone is looked at; nothing is asked of the network.
    """
    return providers.settings_for(email.strip())
