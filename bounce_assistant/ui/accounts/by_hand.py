"""The server fields under Set up by hand."""

from dataclasses import replace
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bounce_assistant.mail.accounts import ProviderSettings, Security, Server
from bounce_assistant.ui.widgets.edged import ChoiceBox, NumberBox
from bounce_assistant.ui.widgets.field import Field
from bounce_assistant.ui.widgets.words import Words, align_leading

_IMAP_PORTS, _SMTP_PORTS = (993, 143), (465, 587)  # with TLS, with STARTTLS (RFC 8314)


class OneServer(QWidget):
    """A host with its port and kind of security; only secure ones can be chosen."""

    def __init__(self, label: str, example: str, ports: tuple[int, int]) -> None:
        super().__init__()
        self._ports = ports
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        self.host = Field(label)
        self.host.edit.setPlaceholderText(example)
        rows.addWidget(self.host)
        across = QHBoxLayout()
        across.setSpacing(12)
        self.security, self.port = ChoiceBox(), NumberBox()
        self.security.addItem(self.tr("TLS (usual)"), "tls")
        self.security.addItem("STARTTLS", "starttls")
        self.security.currentIndexChanged.connect(self._on_security)
        self.port.setRange(1, 65535)
        self.port.setValue(ports[0])
        named = ((self.tr("Securit&y"), self.security), (self.tr("Po&rt"), self.port))
        for text, box in named:
            column = QVBoxLayout()
            column.setSpacing(4)
            name = QLabel(text)
            name.setBuddy(box)
            align_leading(name)
            box.setAccessibleName(text.replace("&", ""))
            box.setAccessibleDescription(label.replace("&", ""))
            box.setMinimumHeight(32)
            column.addWidget(name)
            column.addWidget(box)
            across.addLayout(column)
        across.addStretch()
        rows.addLayout(across)

    @property
    def server(self) -> Server | None:
        """What stands in the fields; None without a host."""
        host = self.host.text.strip()
        security = cast("Security", self.security.currentData())
        return Server(host, self.port.value(), security) if host else None

    def show_server(self, server: Server | None) -> None:
        self.security.setCurrentIndex(1 if server and server.security == "starttls" else 0)
        self.port.setValue(server.port if server else self._ports[0])
        self.host.edit.setText(server.host if server else "")

    def _on_security(self, index: int) -> None:
        if self.port.value() in self._ports:
            self.port.setValue(self._ports[index])


class ServerFields(QWidget):
    """Where mail comes from, where it goes out, and the name one signs in with."""

    entered = Signal()  # Enter was pressed in one of the fields

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        incoming = self.tr("&Incoming mail server (IMAP)")
        outgoing = self.tr("&Outgoing mail server (SMTP), to send again")
        self.imap = OneServer(incoming, "imap.example.com", _IMAP_PORTS)
        self.smtp = OneServer(outgoing, "smtp.example.com", _SMTP_PORTS)
        self.username = Field(self.tr("&User name"))
        for part in (self.imap, self.username, self.smtp):
            rows.addWidget(part)
        for field in (self.imap.host, self.username, self.smtp.host):
            field.edit.returnPressed.connect(self.entered)
        words = self.tr("Only secure connections are used, whatever the server offers.")
        rows.addWidget(Words(words, dim=True))

    @property
    def host(self) -> Field:
        """The field without which nothing goes."""
        return self.imap.host

    def show_settings(self, settings: ProviderSettings) -> None:
        """Fill in what is known."""
        self.imap.show_server(settings.imap)
        self.smtp.show_server(settings.smtp)
        self.username.edit.setText(settings.username)

    def settings_from(self, settings: ProviderSettings) -> ProviderSettings:
        """Return the settings with what stands in the fields."""
        username = self.username.text.strip() or settings.email
        return replace(settings, imap=self.imap.server, smtp=self.smtp.server, username=username)
