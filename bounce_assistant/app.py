"""The composition root: the only place that builds everything and passes it in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded by the functions that need them: commands and window start sooner
    from bounce_assistant.mail.secrets import Secrets
    from bounce_assistant.services.desk import Desk
    from bounce_assistant.store.database import Store

DATABASE = "bounces.sqlite3"


def open_desk(data_dir: Path | None = None) -> "Desk":
    """Open the user's own store and keychain; AppError says what is in the way."""
    from bounce_assistant import paths  # noqa: PLC0415 - see above
    from bounce_assistant.mail.secrets import KeychainSecrets  # noqa: PLC0415
    from bounce_assistant.store.database import open_store  # noqa: PLC0415

    return _desk(open_store((data_dir or paths.data_dir()) / DATABASE), KeychainSecrets())


def open_sample_desk(now: datetime | None = None) -> "Desk":
    """Open a store of made-up mail, dated so that it looks fresh; it lasts for this run only."""
    import atexit  # noqa: PLC0415 - see above
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415
    from dataclasses import replace  # noqa: PLC0415

    from bounce_assistant.mail.secrets import MemorySecrets  # noqa: PLC0415
    from bounce_assistant.services.intake import add_sources  # noqa: PLC0415
    from bounce_assistant.services.job import Job  # noqa: PLC0415
    from bounce_assistant.services.sample import sample_addresses, sample_messages  # noqa: PLC0415
    from bounce_assistant.services.sources import Source  # noqa: PLC0415
    from bounce_assistant.store.database import open_store  # noqa: PLC0415
    from bounce_assistant.store.settings import Settings  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="bounce-assistant-sample-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    desk = _desk(open_store(folder / DATABASE), MemorySecrets(), is_sample=True)
    desk.store.settings.save(Settings(my_addresses=tuple(sorted(sample_addresses()))))
    mails = (Source(one.file, one.raw) for one in sample_messages(now or datetime.now(UTC)))
    intake = add_sources(mails, desk.store, desk.knowledge, Job())
    return replace(desk, intake=intake)


def run_window(files: Sequence[str] = (), *, sample: bool = False) -> int:
    """Show the window until it is closed; return the exit code."""
    from bounce_assistant import paths  # noqa: PLC0415 - see above
    from bounce_assistant.cli.starting import nothing_to_collect  # noqa: PLC0415

    with nothing_to_collect():
        from bounce_assistant.ui.window import open_window  # noqa: PLC0415 - Qt only when wanted

    first = open_sample_desk if sample else open_desk
    one_at = None if sample else paths.data_dir()
    return open_window(
        first, files, open_own=open_desk, open_sample=open_sample_desk, one_at=one_at
    )


def draw_window(desk: "Desk", path: Path) -> None:
    """Draw the window into a PNG file, without a screen; OSError or ImportError if it can't."""
    from bounce_assistant.ui.window import render_picture  # noqa: PLC0415 - Qt only when wanted

    render_picture(desk, path)


def write_report(desk: "Desk", path: Path, state: str | None) -> None:
    """Write the report of a state, or of all, as PDF; AppError or ImportError if it can't."""
    from bounce_assistant.ui.paper.report import write_pdf_report  # noqa: PLC0415 - Qt, as above

    write_pdf_report(desk, path, state)


def _desk(store: "Store", secrets: "Secrets", *, is_sample: bool = False) -> "Desk":
    from bounce_assistant.services.accounts import Accounts  # noqa: PLC0415 - see above
    from bounce_assistant.services.app_ids import AppIds  # noqa: PLC0415
    from bounce_assistant.services.browser import Browser  # noqa: PLC0415
    from bounce_assistant.services.cases import Cases  # noqa: PLC0415
    from bounce_assistant.services.desk import Desk  # noqa: PLC0415
    from bounce_assistant.services.fixes.resend import Resend  # noqa: PLC0415
    from bounce_assistant.services.knowledge import load_knowledge  # noqa: PLC0415
    from bounce_assistant.services.outbox import Outbox  # noqa: PLC0415
    from bounce_assistant.services.people import People  # noqa: PLC0415

    knowledge = load_knowledge()
    browser = Browser(secrets, AppIds(store.settings, secrets))
    cases = Cases(store, knowledge)
    accounts = Accounts(store.accounts, secrets, browser=browser)
    outbox = Outbox(store, accounts)
    return Desk(
        knowledge=knowledge,
        store=store,
        cases=cases,
        accounts=accounts,
        outbox=outbox,
        resend=Resend(cases, accounts, outbox, is_sample=is_sample),
        people=People(store),
        is_sample=is_sample,
    )
