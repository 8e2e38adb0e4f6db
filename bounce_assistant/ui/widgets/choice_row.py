"""A large row to choose: a bold first line, and one line on what follows from it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bounce_assistant.ui.theme import badge_colours, is_dark, pixmap, selection_tint
from bounce_assistant.ui.widgets.enter import EnterButton
from bounce_assistant.ui.widgets.panel import paint_focus
from bounce_assistant.ui.widgets.words import Words

_RADIUS = 8


class IconLabel(QWidget):
    """A shipped icon in the colour of the text."""

    def __init__(self, name: str, size: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._side = name, size
        self.setFixedSize(size, size)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        shape = pixmap(self._name, colour, self._side, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, shape)


class Mark(QLabel):
    """A small word on a tint, such as Recommended."""

    def __init__(self, text: str, parent: QWidget | None = None, *, group: str = "fine") -> None:
        super().__init__(text, parent)
        self._group = group  # a CauseGroup value, for its colours
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(8, 2, 8, 2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = badge_colours(self._group, dark=is_dark(self.palette()))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.tint)
        painter.drawRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setPen(colours.text)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())


class ChoiceRow(EnterButton):
    """Announces both of its lines; wraps them instead of cutting them."""

    def __init__(  # noqa: PLR0913 - each says one thing
        self,
        title: str,
        consequence: str = "",
        parent: QWidget | None = None,
        *,
        icon_name: str = "",
        mark: str = "",
        trailing: str = "",
        is_choice: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setCheckable(is_choice)
        self.title = title
        self.setAccessibleName(title)
        self.setAccessibleDescription(". ".join(filter(None, (mark, consequence))))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        across = QHBoxLayout(self)
        side = 12 if consequence else 8
        across.setContentsMargins(16, side, 16, side)
        self._tick = IconLabel("done", 16)
        across.setSpacing(12)
        if icon_name:
            across.addWidget(IconLabel(icon_name), 0, Qt.AlignmentFlag.AlignVCenter)
        lines = QVBoxLayout()
        lines.setSpacing(4)
        across.addLayout(lines, 1)
        lines.addWidget(Words(title, bold=True))
        if consequence:
            lines.addWidget(Words(consequence, dim=True))
        if mark:
            across.addWidget(Mark(mark), 0, Qt.AlignmentFlag.AlignVCenter)
        if is_choice:
            across.addWidget(self._tick, 0, Qt.AlignmentFlag.AlignVCenter)
            keeps_room = self._tick.sizePolicy()
            keeps_room.setRetainSizeWhenHidden(True)
            self._tick.setSizePolicy(keeps_room)
            self._tick.hide()
            self.toggled.connect(self._tick.setVisible)
        if trailing:
            across.addWidget(IconLabel(trailing, 16), 0, Qt.AlignmentFlag.AlignVCenter)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.minimumSize() if layout else super().minimumSizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        role = QPalette.ColorRole.AlternateBase if self.underMouse() else QPalette.ColorRole.Base
        fill = selection_tint(palette) if self.isChecked() else palette.color(role)
        edge = QPalette.ColorRole.Highlight if self.isChecked() else QPalette.ColorRole.Mid
        painter.setPen(QPen(palette.color(edge), 1))
        painter.setBrush(fill)
        area = QRectF(self.rect())
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        if self.hasFocus():
            paint_focus(painter, area, palette, _RADIUS)
