"""Begins a sign-in by browser: the port is opened, then the page, then one waits."""

from collections.abc import Callable

from bounce_assistant.errors import AppError
from bounce_assistant.mail.accounts import ProviderSettings
from bounce_assistant.services.accounts import Proof
from bounce_assistant.services.browser import Browser
from bounce_assistant.services.job import Job
from bounce_assistant.ui.accounts import browser_page
from bounce_assistant.ui.accounts.browser_page import BrowserPage

Finish = Callable[[Job], Proof]


def sign_in_by_browser(
    page: BrowserPage,
    browser: Browser,
    settings: ProviderSettings,
    wait: Callable[[Finish], object],
) -> None:
    """Open the company's page and have ``wait`` run what ends the sign-in, beside the window."""
    try:
        begun = browser.begin(settings.email, settings.provider)
    except AppError as problem:
        page.show_problem(problem)
        return
    wait(lambda job: browser.finish(begun, job))
    is_open = browser_page.open_in_browser(begun.url)
    page.show_address(begun.url, is_open=is_open)
