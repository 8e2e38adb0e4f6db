"""Outline icons in one colour, tinted to fit the palette they stand on."""

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton

from bounce_assistant import resources

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

_SIZES = (16, 24)
_POINTING = frozenset({"back", "chevron-right"})  # the way that one reads
_SCALES = (1, 2, 3)  # sharp on dense screens
_TILES = (16, 22, 24, 32, 44, 64)  # pixels that panels ask for
_LARGE_TEXT = 24  # pixels; text this high looks odd beside a small icon
_GAP = 4  # pixels between an icon and the text of a push button, besides Qt's own


def pixmap(name: str, colour: QColor, size: int = 16, scale: float = 1.0) -> QPixmap:
    """Return a shipped icon in a colour; ``size`` in logical pixels, ``scale`` of the screen."""
    return _pixmap(name, colour.rgba(), size, scale)


def icon(name: str, colour: QColor) -> QIcon:
    """Return a shipped icon in a colour, for 16 and 24 pixels."""
    made = QIcon()
    for size in _SIZES:
        for scale in _SCALES:
            made.addPixmap(pixmap(name, colour, size, scale))
    return made


def icon_on(name: str, colour: QColor, ground: QColor) -> QIcon:
    """Return a shipped icon on a tile of its own ground, which is seen on a panel of any colour."""
    made = QIcon()
    for side in _TILES:
        tile = QPixmap(QSize(side, side))
        tile.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(tile.rect()), side / 5, side / 5)
        inner = side * 3 // 4
        edge = (side - inner) // 2
        painter.drawPixmap(edge, edge, pixmap(name, colour, inner))
        painter.end()
        made.addPixmap(tile)
    return made


def icon_size(text_height: int) -> int:
    """Return the size of icon, 16 or 24 pixels, that fits text of a height in pixels."""
    return _SIZES[1] if text_height > _LARGE_TEXT else _SIZES[0]


def set_icon(
    target: QAbstractButton | QAction,
    name: str,
    role: QPalette.ColorRole = QPalette.ColorRole.ButtonText,
) -> None:
    """Give a button or action an icon that follows when light and dark change."""
    target.setProperty("iconName", name)
    target.setProperty("iconRole", role.name)
    _refresh(target)


def refresh_icons(app: QApplication) -> None:
    """Tint every icon given by ``set_icon`` again, after the palette changed."""
    for widget in app.allWidgets():
        for target in (widget, *widget.actions()):
            if target.property("iconName"):
                _refresh(target)


def _refresh(target: QObject) -> None:
    role = QPalette.ColorRole[target.property("iconRole")]
    colour = QGuiApplication.palette().color(role)
    name = target.property("iconName")
    if isinstance(target, QAction):
        target.setIcon(icon(name, colour))
    elif isinstance(target, QAbstractButton):
        size = icon_size(target.fontMetrics().height())
        gap = _GAP if isinstance(target, QPushButton) and target.text() else 0
        target.setIcon(_beside_text(name, colour, size, gap))
        target.setIconSize(QSize(size + gap, size))


def _beside_text(name: str, colour: QColor, size: int, gap: int) -> QIcon:
    """Return an icon that keeps a distance to the text after it."""
    is_mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    made = QIcon()
    for scale in _SCALES:
        wide = QPixmap(QSize(size + gap, size) * scale)
        wide.setDevicePixelRatio(scale)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        start = gap if is_mirrored else 0
        if is_mirrored and name in _POINTING:
            painter.translate(size + 2 * start, 0)
            painter.scale(-1, 1)
        painter.drawPixmap(start, 0, pixmap(name, colour, size, scale))
        painter.end()
        made.addPixmap(wide)
    return made


@cache
def _renderer(name: str) -> "QSvgRenderer":
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 -- the first window shows without icons

    return QSvgRenderer(str(resources.ROOT / "icons" / f"{name}.svg"))


@cache
def _pixmap(name: str, rgba: int, size: int, scale: float) -> QPixmap:
    made = QPixmap(QSize(size, size) * scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    area = QRectF(made.rect())
    _renderer(name).render(painter, area)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(area, QColor.fromRgba(rgba))
    painter.end()
    made.setDevicePixelRatio(scale)
    return made
