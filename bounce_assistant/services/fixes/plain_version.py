"""The same email as words alone, where a filter or server stumbled over how it was built."""

from bounce_assistant.services.letters import Letter, letter_from_text


def plain_version(letter: Letter) -> Letter:
    """Return an email of its text alone: no formatting, pictures or attachments.

    It answers what the old one answered, so that it stays in its thread. The one that comes in is
    returned where it can't be sent anyway: what is missing from it would be missing from this one.
    """
    if not letter.is_whole:
        return letter
    return letter_from_text(letter.subject, letter.text, header=letter.raw, source=letter.source)
