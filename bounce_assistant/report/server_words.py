"""The server's own words in a piece of text: its reply, else its first paragraph."""

import re

from bounce_assistant.report.replies import tidy_diagnostic
from bounce_assistant.report.words import lowered

# Of lower-case text. Each begins with characters of its own and looks back from there: a search
# that begins with \b or ignores case takes ten times as long.
_SAID = re.compile(
    r"(?:s(?<!\ws)aid|w(?<!\ww)as|e(?<!\we)rror|"
    r"r(?<!\wr)(?:eturned(?: was)?|esponse|eason|esponded with failure))\s*:"
)
_CODE = re.compile(
    r"[45](?<![\d.].)(?:\d\d[- ](?:#?[245]\.\d+\.\d+|[a-z<\"'])|\.\d{1,2}\.\d{1,3}\s)"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_DISCLAIMER = re.compile(
    r"(?:e-?mail|message)\b.{0,60}\b(?:scanned|confidential|intended|privileged)"
)
_PARAGRAPHS = 12
_LONG_PARAGRAPH, _SHORT_PARAGRAPH = 300, 60  # characters


def server_words(segment: str) -> str:
    """Return the server's own words of a segment: its reply, else its first paragraph."""
    text = segment.strip(" \t\n:>)]\"',;")
    if not text:
        return ""
    paragraphs = ["", *_PARAGRAPH.split(text, _PARAGRAPHS)[:_PARAGRAPHS], ""]
    for before, paragraph, after in zip(paragraphs, paragraphs[1:], paragraphs[2:], strict=False):
        if has_reply(paragraph):
            lead = before if len(before) < _LONG_PARAGRAPH else ""
            more = after if len(paragraph) < _SHORT_PARAGRAPH else ""
            return tidy_diagnostic(f"{lead}\n{paragraph}\n{more}")
    told = "\n".join(paragraphs[1:3])
    return "" if _DISCLAIMER.search(told.lower()) else tidy_diagnostic(told)


def has_reply(text: str) -> bool:
    """Tell whether a text has the words of a server, or what announces them."""
    text = lowered(text)
    return bool(_CODE.search(text) or (":" in text and _SAID.search(text)))
