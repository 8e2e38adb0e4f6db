"""The last row of a window: the buttons that end it, at the end of the line."""

from PySide6.QtWidgets import QHBoxLayout, QWidget


def end_row(*buttons: QWidget) -> QHBoxLayout:
    """Return a row with the buttons at its end, to be laid below the window's content."""
    row = QHBoxLayout()
    row.setContentsMargins(16, 8, 16, 16)
    row.addStretch()
    for button in buttons:
        row.addWidget(button)
    return row
