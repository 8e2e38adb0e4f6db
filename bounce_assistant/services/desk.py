"""The bundle that windows and commands work at."""

from dataclasses import dataclass

from bounce_assistant.services.accounts import Accounts
from bounce_assistant.services.cases import Cases
from bounce_assistant.services.fixes.resend import Resend
from bounce_assistant.services.intake import Intake
from bounce_assistant.services.knowledge import Knowledge
from bounce_assistant.services.outbox import Outbox
from bounce_assistant.services.people import People
from bounce_assistant.store.database import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """One store with all that works on it; built by app.py, closed by closing the store."""

    knowledge: Knowledge
    store: Store
    cases: Cases
    accounts: Accounts
    outbox: Outbox
    resend: Resend
    people: People
    is_sample: bool = False
    intake: Intake | None = None  # of the sample mail, where one file can't be read
