"""The server fields under Set up by hand."""

from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import ProviderSettings, Security, Server
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.words import Words

_TLS_PORT, _STARTTLS_PORT = 993, 143


class ServerFields(QWidget):
    """Only secure connections can be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.host = Field(self.tr("&Incoming mail server (IMAP)"))
        self.host.edit.setPlaceholderText("imap.example.com")
        rows.addWidget(self.host)
        across = QHBoxLayout()
        across.setSpacing(12)
        self.security, self.port = QComboBox(), QSpinBox()
        self.security.addItem(self.tr("TLS (usual)"), "tls")
        self.security.addItem("STARTTLS", "starttls")
        self.security.currentIndexChanged.connect(self._on_security)
        self.port.setRange(1, 65535)
        self.port.setValue(_TLS_PORT)
        for text, box in ((self.tr("S&ecurity"), self.security), (self.tr("P&ort"), self.port)):
            column = QVBoxLayout()
            column.setSpacing(4)
            label = QLabel(text)
            label.setBuddy(box)
            box.setAccessibleName(text.replace("&", ""))
            box.setMinimumHeight(32)
            column.addWidget(label)
            column.addWidget(box)
            across.addLayout(column)
        across.addStretch()
        rows.addLayout(across)
        self.username = Field(self.tr("&User name"))
        rows.addWidget(self.username)
        rows.addWidget(
            Words(
                self.tr("Only secure connections are used, whatever the server offers."), dim=True
            )
        )

    def show_settings(self, settings: ProviderSettings) -> None:
        """Fill in what is known."""
        server = settings.imap
        self.security.setCurrentIndex(1 if server and server.security == "starttls" else 0)
        self.port.setValue(server.port if server else _TLS_PORT)
        self.host.edit.setText(server.host if server else "")
        self.username.edit.setText(settings.username)

    def settings_from(self, settings: ProviderSettings) -> ProviderSettings:
        """Return the settings with what stands in the fields."""
        host = self.host.text.strip()
        security = cast("Security", self.security.currentData())
        server = Server(host, self.port.value(), security) if host else None
        return replace(settings, imap=server, username=self.username.text.strip() or settings.email)

    def _on_security(self, index: int) -> None:
        usual = (_TLS_PORT, _STARTTLS_PORT)
        if self.port.value() in usual:
            self.port.setValue(usual[index])
