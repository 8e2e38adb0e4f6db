"""The shapes of buttons, fields and panes; every colour is a role of the palette.

Style sheets know no roles for tooltips: what Qt doesn't know it leaves out without a word.
"""

STYLESHEET = """
QPushButton, QToolButton[kind="outlined"] {
  background: palette(button);
  border: 1px solid palette(mid); border-radius: 6px; padding: 6px 13px; min-height: 20px;
}
QPushButton:hover, QToolButton[kind="outlined"]:hover { background: palette(alternate-base); }
QPushButton:pressed, QToolButton[kind="outlined"]:pressed { background: palette(midlight); }
QPushButton:focus, QToolButton[kind="outlined"]:focus {
  border: 2px solid palette(highlight); padding: 5px 12px;
}
QPushButton:disabled, QToolButton[kind="outlined"]:disabled { border-color: palette(midlight); }
QPushButton[kind="main"] {
  background: palette(highlight); color: palette(highlighted-text);
  border: 1px solid palette(highlight); font-weight: 600;
}
QPushButton[kind="main"]:hover { border-color: palette(text); }
QPushButton[kind="main"]:focus { border: 2px solid palette(text); }
QPushButton[kind="main"]:disabled {
  background: palette(midlight); color: palette(text); border-color: palette(midlight);
}
QPushButton[kind="link"] {
  background: transparent; color: palette(link); border: 2px solid transparent;
  text-decoration: underline; padding: 2px 4px; min-height: 20px;
}
QPushButton[kind="link"]:disabled {
  color: palette(placeholder-text); text-decoration: none;
}
QPushButton[kind="link"]:hover { color: palette(text); }
QPushButton[kind="link"]:focus {
  border: 2px solid palette(highlight); border-radius: 4px; padding: 2px 4px;
}
QPushButton[kind="tinted-link"], QPushButton[kind="toast-link"] {
  background: transparent; border: 2px solid transparent;
  text-decoration: underline; padding: 2px 4px; min-height: 20px;
}
QPushButton[kind="tinted-link"]:focus, QPushButton[kind="toast-link"]:focus {
  border: 2px solid palette(button-text); border-radius: 4px; padding: 2px 4px;
}
QPushButton[kind="toast-link"]:focus { border-color: palette(button-text); }
QToolButton[kind="outlined"]::menu-indicator { image: none; }
QToolButton[kind="quiet"] {
  background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 4px;
}
QToolButton[kind="quiet"]:hover { background: palette(alternate-base); }
QToolButton[kind="quiet"]:focus { border-color: palette(highlight); }
QLineEdit {
  background: palette(base); color: palette(text); border: 1px solid palette(mid);
  border-radius: 6px; padding: 6px 9px; min-height: 20px;
  placeholder-text-color: palette(placeholder-text);
  selection-background-color: palette(highlight);
  selection-color: palette(highlighted-text);
}
QLineEdit:focus { border: 2px solid palette(highlight); padding: 5px 8px; }
QComboBox QAbstractItemView {
  background: palette(base); border: 1px solid palette(mid); outline: none;
}
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QListWidget[kind="contents"] { background: palette(window); padding: 8px; outline: none; }
QListWidget[kind="contents"]::item { padding: 6px 8px; border-radius: 6px; }
QListWidget[kind="contents"]::item:selected {
  background: palette(highlight); color: palette(highlighted-text);
}
QSplitter::handle { background: palette(midlight); }
QProgressBar {
  background: palette(midlight); border: none; border-radius: 3px; max-height: 6px;
}
QProgressBar::chunk { background: palette(highlight); border-radius: 3px; }
QFrame[kind="line"] { background: palette(midlight); border: none; }
QStatusBar { border-top: 1px solid palette(midlight); }
QStatusBar::item { border: none; }
QMenuBar { background: palette(window); border-bottom: 1px solid palette(midlight); }
QMenuBar::item { padding: 6px 10px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: palette(midlight); }
QMenu { background: palette(base); border: 1px solid palette(mid); padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: palette(highlight); color: palette(highlighted-text); }
QMenu::item:disabled { color: palette(placeholder-text); }
QMenu::separator { height: 1px; background: palette(midlight); margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: palette(mid); border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: palette(text); }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip {
  background: palette(window-text); color: palette(window); border: none; padding: 4px 8px;
}
"""
