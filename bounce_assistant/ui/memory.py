"""What the window remembers between runs: its size, its panes, its open sections."""

from PySide6.QtCore import QByteArray, QSettings

from bounce_assistant import paths


class WindowMemory:
    """A small file beside the database; losing it loses no work."""

    def __init__(self) -> None:
        file = str(paths.config_dir() / "window.ini")
        self.file = QSettings(file, QSettings.Format.IniFormat)

    def bytes_of(self, key: str) -> QByteArray:
        """Return what a widget saved of itself, empty at first."""
        value = self.file.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_bytes(self, key: str, value: QByteArray) -> None:
        self.file.setValue(key, value)

    @property
    def look(self) -> str:
        """The look of the last run, for the moment before the settings are read."""
        return str(self.file.value("look", ""))

    @look.setter
    def look(self, look: str) -> None:
        self.file.setValue("look", look)

    def sizes(self, key: str) -> list[int]:
        """Return the widths of panes, empty at first."""
        text = str(self.file.value(key, ""))
        numbers = text.split("/")
        return [int(number) for number in numbers] if all(map(str.isdigit, numbers)) else []

    def keep_sizes(self, key: str, sizes: list[int]) -> None:
        self.file.setValue(key, "/".join(map(str, sizes)))
