"""Taking the widgets of a layout away before new ones are put in."""

from PySide6.QtWidgets import QLayout


def clear(layout: QLayout) -> None:
    """Hide and delete every widget; hidden at once, as deleting waits for the event loop."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
