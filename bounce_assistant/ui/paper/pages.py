"""What stands on paper: the one-page report of a list, and one case. Words of mail are escaped."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from PySide6.QtCore import QCoreApplication, QLocale

from bounce_assistant.services.cases import OpenCase
from bounce_assistant.services.summary import Figure, Group, Summary
from bounce_assistant.ui.bounce import wording
from bounce_assistant.ui.bounce.excerpt import telling
from bounce_assistant.ui.widgets.plain import one_line

_STYLE = """<style>
h1 { font-size: 18pt; margin-bottom: 4px }
.head { font-size: 12pt; font-weight: bold; margin-top: 14px; margin-bottom: 4px }
p { font-size: 10pt } td, th { font-size: 9pt } th { text-align: left }
.dim { color: #555555 } pre { font-size: 8.5pt; white-space: pre-wrap }
</style>"""
_LONGEST_NAME, _LONGEST_TITLE, _LONGEST_SUBJECT, _LONGEST_WORDS = 34, 46, 40, 700


def _tr(text: str) -> str:
    return QCoreApplication.translate("paper", text)


def report_page(summary: Summary, now: datetime) -> str:
    """Return the report of a list as HTML for a text document."""
    count = QLocale().toString(summary.total)
    lead = _tr("{n} bounces").format(n=count) if summary.total != 1 else _tr("1 bounce")
    if summary.first and summary.last:
        span = _tr("from {first} to {last}")
        lead += " " + span.format(first=wording.day(summary.first), last=wording.day(summary.last))
    parts = [
        _STYLE,
        f"<h1>{escape(_tr('Bounced email'))}</h1>",
        f"<p class='dim'>{escape(lead)}. {escape(_made(now))}</p>",
        _two_tables((_tr("Where they stand"), summary.states), (_tr("What sort"), summary.sorts)),
        f"<p class='head'>{escape(_tr('Why they came back'))}</p>{_figures(summary.reasons)}",
    ]
    if summary.people:
        parts += [f"<p class='head'>{escape(_tr('Who needs you'))}</p>", _people(summary.people)]
    if summary.more:
        words = _tr("And {n} more; the list as a CSV file has them all.")
        parts.append(f"<p class='dim'>{escape(words.format(n=summary.more))}</p>")
    return "".join(parts)


def case_page(case: OpenCase, now: datetime) -> str:
    """Return one case as HTML for a text document: what happened, why we think so, what to do."""
    advice, row = case.advice, case.row
    who = wording.who_acts(advice.who_acts)
    sure = wording.how_sure(case.diagnosis.certainty)
    facts = [
        (_tr("Person"), row.name if row.name == row.address else f"{row.name} <{row.address}>"),
        (_tr("Email"), row.subject),
        (_tr("Came back"), wording.full_date(row.when)),
        (_tr("Who acts"), who),
        (_tr("How sure"), sure),
        (_tr("Seen by Follow Up Boss"), case.seen_by_follow_up_boss.answer.capitalize()),
    ]
    parts = [
        _STYLE,
        f"<p class='dim'>{escape(advice.badge)}</p><h1>{_line(advice.title, 200)}</h1>",
        f"<p>{_line(advice.sentence, 400)}</p>{_facts(facts)}",
    ]
    if case.history:
        parts.append(f"<p>{escape(case.history)}</p>")
    parts.append(_why(case))
    if advice.steps:
        parts.append(f"<p class='head'>{escape(_tr('What to do'))}</p>{_steps(case)}")
    parts.append(f"<p class='dim'>{escape(_made(now))}</p>")
    return "".join(parts)


def _made(now: datetime) -> str:
    return _tr("Made by Bounce Assistant, {when}.").format(when=wording.full_date(now))


def _why(case: OpenCase) -> str:
    words = case.diagnosis.recipient.diagnostic
    quote = f"<pre>{_line(words, _LONGEST_WORDS)}</pre>" if words else ""
    said = [
        f"<li>{_line(f'“{one.text}” – {one.says}', 200)}</li>"
        for one in telling(case.report.text, case.diagnosis.evidence)
        if one.says
    ]
    title = escape(_tr("Why we think so"))
    return f"<p class='head'>{title}</p>{quote}<ul>{''.join(said)}</ul>" if quote or said else ""


def _steps(case: OpenCase) -> str:
    lines = []
    for step in case.advice.steps:
        at = case.ticked.get(step.id)
        done = _tr(" (done on {day})").format(day=wording.day(at)) if at else ""
        lines.append(f"<li>{_line(step.title, 200)}{escape(done)}</li>")
    return f"<ol>{''.join(lines)}</ol>"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    rows = (
        f"<tr><td class='dim'>{escape(what)}&nbsp;&nbsp;</td><td>{_line(value, 200)}</td></tr>"
        for what, value in facts
        if value
    )
    return f"<table cellpadding='2'>{''.join(rows)}</table>"


def _two_tables(*tables: tuple[str, Sequence[Figure]]) -> str:
    cells = (
        f"<td width='50%' valign='top'><p class='head'>{escape(title)}</p>{_figures(figures)}</td>"
        for title, figures in tables
    )
    return f"<table width='100%'><tr>{''.join(cells)}</tr></table>"


def _figures(figures: Sequence[Figure]) -> str:
    number = QLocale().toString
    rows = (
        f"<tr><td align='right'>{number(one.count)}</td><td>&nbsp;{_line(one.words, 80)}</td></tr>"
        for one in figures
    )
    return f"<table cellpadding='2'>{''.join(rows)}</table>"


def _people(people: Sequence[Group]) -> str:
    heads = (_tr("Person"), _tr("What happened"), _tr("Email"), _tr("Date"))
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    rows = "".join(map(_person, people))
    return f"<table width='100%' cellpadding='2'><tr>{head}</tr>{rows}</table>"


def _person(group: Group) -> str:
    row = group.first
    name = row.name
    if group.others:
        name = _tr("{name} and {n} more").format(name=name, n=group.others)
    cells = (
        _line(name, _LONGEST_NAME),
        _line(row.title, _LONGEST_TITLE),
        _line(row.subject, _LONGEST_SUBJECT),
        escape(wording.day(row.when)),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _line(text: str, most: int) -> str:
    return escape(one_line(text, most))
