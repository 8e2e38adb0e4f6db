"""Taking the widgets of a layout away before new ones are put in."""

from PySide6.QtWidgets import QLayout


def clear(layout: QLayout, start: int = 0, end: int | None = None) -> None:
    """Hide and delete the widgets from a place on; hidden at once, as deleting waits its turn.

    ``end``: the first that stays; None: none of them.
    """
    for _ in range(start, layout.count() if end is None else end):
        item = layout.takeAt(start)
        if item and (widget := item.widget()):
            widget.hide()
            widget.deleteLater()
