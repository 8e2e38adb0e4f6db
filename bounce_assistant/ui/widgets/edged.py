"""Boxes to choose from and to count in, with an edge that is seen in the dark as well."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget


class ChoiceBox(QComboBox):
    """Opens a list of choices."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_edge(self)


class NumberBox(QSpinBox):
    """A number that can be typed, or counted up and down."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_edge(self)


def _draw_edge(box: QWidget) -> None:
    """Draw over the style's own edge, which is darker than a dark window and so not there."""
    role = QPalette.ColorRole.Highlight if box.hasFocus() else QPalette.ColorRole.Mid
    width = 2 if box.hasFocus() else 1
    painter = QPainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(box.palette().color(role), width))
    inset = width / 2
    painter.drawRoundedRect(QRectF(box.rect()).adjusted(inset, inset, -inset, -inset), 3, 3)
