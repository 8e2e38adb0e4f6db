"""The one file with colours: light, dark or as the system has it, and the badges of the causes."""

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from bounce_assistant.ui.icons import icon, icon_on, icon_size, pixmap, refresh_icons, set_icon
from bounce_assistant.ui.stylesheet import STYLESHEET

__all__ = [
    "BadgeColours",
    "Look",
    "apply_look",
    "badge_colours",
    "blend",
    "chosen_look",
    "dress",
    "follow_system",
    "icon",
    "icon_size",
    "is_dark",
    "link_button",
    "main_button",
    "own_icon",
    "palette_for",
    "pixmap",
    "selection_tint",
    "set_icon",
    "tinted_link",
]

GAP_4, GAP_8, GAP_12, GAP_16, GAP_24 = 4, 8, 12, 16, 24  # the only distances on screen, in pixels
_Role = QPalette.ColorRole


class Look(StrEnum):
    """What the user chose in Settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"

    @classmethod
    def of(cls, value: str) -> "Look":
        """Read a stored choice; what is not understood is the system's."""
        return next((look for look in cls if look.value == value), cls.SYSTEM)


class BadgeColours(NamedTuple):
    """Text and background of a badge; always shown together with its word and icon."""

    text: QColor
    tint: QColor


# Group of causes -> (text, tint) in the light look, then in the dark one.
BADGES = {
    "address": (("#8A1C12", "#FDECEA"), ("#FFB4A9", "#3B1512")),
    "later": (("#6B4700", "#FFF4DC"), ("#FFD48A", "#35270B")),
    "blocked": (("#5B2A86", "#F4ECFB"), ("#DDB8FF", "#2C1840")),
    "setup": (("#0B4F7A", "#E6F2FA"), ("#9BD3FF", "#0E2A3D")),
    "fine": (("#1E5B2B", "#E8F5EA"), ("#A5DDB0", "#12301A")),
    "unsure": (("#44474B", "#F0F1F2"), ("#D0D3D6", "#2A2D30")),
}
# Role -> (light, dark). Mid is the edge of a control, Midlight a line between panes.
_COLOURS = {
    _Role.Window: ("#F5F6F8", "#1B1D20"),
    _Role.WindowText: ("#1B1E23", "#E9EBEE"),
    _Role.Base: ("#FFFFFF", "#24272B"),
    _Role.AlternateBase: ("#EDEFF2", "#2C3035"),
    _Role.Text: ("#1B1E23", "#E9EBEE"),
    _Role.PlaceholderText: ("#59606A", "#A9B0B9"),
    _Role.Button: ("#FFFFFF", "#2C3035"),
    _Role.ButtonText: ("#1B1E23", "#E9EBEE"),
    _Role.BrightText: ("#8A1C12", "#FFB4A9"),
    _Role.ToolTipBase: ("#1B1E23", "#E9EBEE"),
    _Role.ToolTipText: ("#FFFFFF", "#1B1D20"),
    _Role.Highlight: ("#1A5FB4", "#8CBBFF"),
    _Role.HighlightedText: ("#FFFFFF", "#0B1E3A"),
    _Role.Accent: ("#1A5FB4", "#8CBBFF"),
    _Role.Link: ("#1A5FB4", "#8CBBFF"),
    _Role.LinkVisited: ("#5B2A86", "#DDB8FF"),
    _Role.Light: ("#FFFFFF", "#33373C"),
    _Role.Midlight: ("#DDE0E5", "#3A3F45"),
    _Role.Mid: ("#858C96", "#7C838D"),
    _Role.Dark: ("#6B727C", "#14161A"),
    _Role.Shadow: ("#3A3F45", "#0C0D0F"),
}
_DISABLED = ("#6F7680", "#8B929C")


def badge_colours(group: str, *, dark: bool) -> BadgeColours:
    """Return the colours of a CauseGroup value; of ``unsure`` for a group it does not know."""
    text, tint = BADGES.get(group, BADGES["unsure"])[1 if dark else 0]
    return BadgeColours(QColor(text), QColor(tint))


def palette_for(*, dark: bool) -> QPalette:
    """Return the palette of one look."""
    which = 1 if dark else 0
    palette = QPalette()
    for role, colours in _COLOURS.items():
        palette.setColor(role, QColor(colours[which]))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DISABLED[which]))
    return palette


def is_dark(palette: QPalette | None = None) -> bool:
    """Say whether a palette, by default the application's, is a dark one."""
    palette = palette or QGuiApplication.palette()
    return palette.color(_Role.Window).lightness() < palette.color(_Role.WindowText).lightness()


def blend(over: QColor, under: QColor, share: float) -> QColor:
    """Mix two colours; ``share`` of the first, 0 to 1."""
    pairs = zip(over.getRgb()[:3], under.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a * share + b * (1 - share)) for a, b in pairs))


def selection_tint(palette: QPalette) -> QColor:
    """Return the background of a selected row: a breath of the accent, so text stays readable."""
    return blend(palette.color(_Role.Highlight), palette.color(_Role.Base), 0.18)


def own_icon() -> QIcon:
    """Return the program's own icon: the same on light and dark panels, whose look we can't ask."""
    light = palette_for(dark=False)
    return icon_on("mail", light.color(_Role.HighlightedText), light.color(_Role.Highlight))


def apply_look(look: Look) -> None:
    """Dress the running application; callable at any time, also while windows are open."""
    app = _app()
    app.setProperty("look", look.value)
    hints = app.styleHints()
    wanted = {Look.LIGHT: Qt.ColorScheme.Light, Look.DARK: Qt.ColorScheme.Dark}.get(look)
    hints.setColorScheme(wanted or Qt.ColorScheme.Unknown)  # title bars follow, where they can
    dark = hints.colorScheme() == Qt.ColorScheme.Dark if wanted is None else look is Look.DARK
    if not _wants_high_contrast():
        if not app.property("isFusion"):  # each time Qt would polish every widget there is, half
            app.setStyle("fusion")  # gone ones too, and it has died of that
            app.setProperty("isFusion", True)  # noqa: FBT003 -- Qt's own signature
        app.setPalette(palette_for(dark=dark))
    app.setStyleSheet(STYLESHEET)
    refresh_icons(app)


def chosen_look() -> Look:
    """Return what was applied last."""
    return Look(_app().property("look") or Look.SYSTEM)


def follow_system() -> None:
    """Keep up with the system's own switch between light and dark, as long as the app runs."""
    _app().styleHints().colorSchemeChanged.connect(_on_system_changed)


def tinted_link(button: QPushButton) -> QPushButton:
    """Make it look like a link in the colours of the band it stands on."""
    link_button(button).setProperty("kind", "tinted-link")
    return button


def dress(widget: QWidget, palette: QPalette) -> None:
    """Give a widget and all in it a palette; with a style sheet, Qt does not hand it down."""
    for each in (widget, *widget.findChildren(QWidget)):
        each.setPalette(palette)


def main_button(button: QPushButton) -> QPushButton:
    """Make it the filled one. Only one on a screen."""
    button.setProperty("kind", "main")
    return button


def link_button(button: QPushButton) -> QPushButton:
    """Make it look like a link."""
    button.setProperty("kind", "link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _on_system_changed() -> None:
    if chosen_look() is Look.SYSTEM:
        apply_look(Look.SYSTEM)


def _wants_high_contrast() -> bool:
    hints = QGuiApplication.styleHints()
    if not hasattr(hints, "accessibility"):  # Qt 6.10 and newer know
        return False
    return bool(hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def _app() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        message = "no QApplication is running"
        raise TypeError(message)
    return app
