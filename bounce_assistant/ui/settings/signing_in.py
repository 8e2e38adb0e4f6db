"""Signing in on mail companies' own pages: which app id is used with each."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bounce_assistant.errors import AppError
from bounce_assistant.services.browser import Apps
from bounce_assistant.ui.accounts.app_id_page import AppIdPanel
from bounce_assistant.ui.widgets.banner import Banner
from bounce_assistant.ui.widgets.panel import Line, Panel
from bounce_assistant.ui.widgets.section import OpenSections, Section
from bounce_assistant.ui.widgets.words import Words

_COMPANIES = (
    ("google", "Google", True),
    ("microsoft", "Microsoft", False),
    ("yahoo", "Yahoo", True),
)


class SigningIn(Panel):
    """An organisation's own registration, for those who have one; closed until it is wanted."""

    def __init__(self, apps: Apps, parent: QWidget | None = None, *, is_kept: bool) -> None:
        super().__init__(parent)
        self._apps = apps
        words = self.tr(
            "Signing in on the page of Google, Microsoft or Yahoo needs this program to be "
            "registered there. Without, app passwords and saved files work."
        )
        self.rows.addWidget(Words(words, dim=True))
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.panels: dict[str, AppIdPanel] = {}
        for app, company, has_secret in _COMPANIES:
            panel = AppIdPanel(company, apps.own(app), has_secret=has_secret, is_kept=is_kept)
            panel.app_id_given.connect(partial(self._on_given, app, company))
            self.panels[app] = panel
            rows.addWidget(panel)
            rows.addWidget(Line())
        self.banner = Banner()
        rows.addWidget(self.banner)
        title = self.tr("Use my organisation's app id")
        self.section = Section("app_ids", title, inside, lambda: None, OpenSections())
        self.section.set_open(is_open=any(apps.own(app) for app, _, _ in _COMPANIES))
        self.rows.addWidget(self.section)

    def _on_given(self, app: str, company: str, client_id: str, secret: str) -> None:
        try:
            self._apps.set_own(app, client_id, secret)
        except AppError as problem:
            self.banner.say_problem(problem)
            return
        used = self.tr("This app id is used with {company} from now on.")
        none = self.tr("No app id of your own is used with {company} any more.")
        words = used if client_id else none
        self.banner.say(words.format(company=company), group="fine")
