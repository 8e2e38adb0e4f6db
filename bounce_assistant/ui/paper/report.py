"""The report of the list as a PDF, without a window."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from bounce_assistant.services.desk import Desk
from bounce_assistant.services.summary import Summary, summarize
from bounce_assistant.store.rows import CaseQuery, CaseState
from bounce_assistant.ui.paper.document import Document
from bounce_assistant.ui.paper.pages import report_page
from bounce_assistant.ui.window import application


def report_document(summary: Summary, title: str) -> Document:
    """Set a summary on one page, with as many of the people as it has room for."""
    now = datetime.now(UTC)
    while True:
        document = Document(report_page(summary, now), title)
        if document.pages == 1 or not summary.people:
            return document
        summary = summary.shorter()


def write_pdf_report(desk: Desk, path: Path, state: str | None) -> None:
    """Write the report of the cases of a state, or of all; AppError when the file can't be."""
    application()
    query = CaseQuery(state=CaseState(state) if state else None)
    summary = summarize(desk.cases, desk.cases.listed(query))
    title = QCoreApplication.translate("paper", "Bounced email")
    report_document(summary, title).write_pdf(path)
