"""A labelled field: the label leads to it, and a problem stands right below."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from bounce_assistant.ui.widgets.buttons import LinkButton
from bounce_assistant.ui.widgets.in_view import bring_into_view
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
        self.reveal = LinkButton(self.tr("Show")) if is_secret else None
        if self.reveal:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.reveal.clicked.connect(self._on_reveal)
            across.addWidget(self.reveal)
        rows.addLayout(across)
        self.hint, self.problem = Words(hint, dim=True), Words()
        self.hint.setVisible(bool(hint))
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)
        self.problem.hide()
        rows.addWidget(self.hint)
        rows.addWidget(self.problem)
        self.setFocusProxy(self.edit)
        self.setFocusPolicy(self.edit.focusPolicy())  # or Qt leaves it where it is in a Tab order
        self.edit.textChanged.connect(self.changed)
        self.edit.textChanged.connect(lambda: self.say(""))

    @property
    def text(self) -> str:
        return self.edit.text()

    def say(self, problem: str) -> None:
        """Show what is wrong with what was typed; empty when nothing is."""
        self.problem.show_words(problem)
        self.problem.setVisible(bool(problem))
        hint = self.hint.text()
        self.hint.setVisible(bool(hint) and hint not in problem)  # not the same words twice
        self.edit.setAccessibleDescription(problem)
        if problem:
            bring_into_view(self)

    def show_label(self, label: str) -> None:
        """Show another name for the field; ``&`` marks its mnemonic."""
        align_leading(self._label)
        self._label.setText(label)
        self.edit.setAccessibleName(label.replace("&", ""))

    def show_hint(self, hint: str) -> None:
        self.hint.show_words(hint)
        self.hint.setVisible(bool(hint))

    def clear(self) -> None:
        """Forget what was typed; the next secret is hidden, whatever the last one was."""
        self.edit.clear()
        self._reveal(is_shown=False)

    def _on_reveal(self) -> None:
        self._reveal(is_shown=self.edit.echoMode() == QLineEdit.EchoMode.Password)

    def _reveal(self, *, is_shown: bool) -> None:
        if self.reveal:
            mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
            self.edit.setEchoMode(mode)
            self.reveal.show_text(self.tr("Hide") if is_shown else self.tr("Show"))
