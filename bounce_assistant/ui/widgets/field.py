"""A labelled field: the label leads to it, and a problem stands right below."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.words import Words, align_leading


class Field(QWidget):
    """Label, line to type in, and room for what is wrong with it."""

    changed = Signal(str)

    def __init__(
        self, label: str, parent: QWidget | None = None, *, is_secret: bool = False, hint: str = ""
    ) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        self._label = name = QLabel(label)
        rows.addWidget(name)
        self.edit = QLineEdit()
        self.show_label(label)
        name.setBuddy(self.edit)
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.edit, 1)
        if is_secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self._show = LinkButton(self.tr("Show"))
            self._show.clicked.connect(self._on_show)
            across.addWidget(self._show)
        rows.addLayout(across)
        self.hint, self.problem = Words(hint, dim=True), Words()
        self.hint.setVisible(bool(hint))
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)
        self.problem.hide()
        rows.addWidget(self.hint)
        rows.addWidget(self.problem)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self.changed)
        self.edit.textChanged.connect(lambda: self.say(""))

    @property
    def text(self) -> str:
        return self.edit.text()

    def say(self, problem: str) -> None:
        """Show what is wrong with what was typed; empty when nothing is."""
        self.problem.show_words(problem)
        self.problem.setVisible(bool(problem))
        self.edit.setAccessibleDescription(problem)

    def show_label(self, label: str) -> None:
        """Show another name for the field; ``&`` marks its mnemonic."""
        align_leading(self._label)
        self._label.setText(label)
        self.edit.setAccessibleName(label.replace("&", ""))

    def show_hint(self, hint: str) -> None:
        self.hint.show_words(hint)
        self.hint.setVisible(bool(hint))

    def _on_show(self) -> None:
        is_hidden = self.edit.echoMode() == QLineEdit.EchoMode.Password
        mode = QLineEdit.EchoMode.Normal if is_hidden else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self._show.show_text(self.tr("Hide") if is_hidden else self.tr("Show"))
