"""What the palette cannot say: spacing, tabs, quiet titles, and the frame of a refused value."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtGui import QColor

from sandbox.assets import asset
from sandbox.gui.theme import Theme

_SHEET = """
QToolTip {{ color: {text}; background: {raised}; border: 1px solid {border}; padding: 4px; }}
QMainWindow::separator {{ background: {window}; width: 5px; height: 5px; }}
QMainWindow::separator:hover {{ background: {accent}; }}
QDockWidget {{ font-weight: bold; color: {muted}; }}
QDockWidget::title {{ background: {window}; padding: 5px 8px; text-align: left; }}
QDockWidget > QWidget {{ font-weight: normal; color: {text}; }}
#transport, #messages {{ background: {raised}; border-bottom: 1px solid {border}; }}
QTabBar::tab {{
    color: {muted}; background: transparent; padding: 5px 14px 5px 14px;
    border: none; border-bottom: 2px solid transparent;
}}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:hover {{ color: {text}; }}
QMenuBar {{ background: {window}; border-bottom: 1px solid {border}; }}
QMenuBar::item {{ padding: 4px 9px; background: transparent; }}
QMenuBar::item:selected {{ background: {accent}; color: {on_accent}; }}
QHeaderView::section {{
    color: {muted}; background: {raised}; border: none; border-bottom: 1px solid {border};
    padding: 3px 8px;
}}
QTableView, QTreeView {{ background: {base}; }}
QLineEdit, QPlainTextEdit {{
    background: {base}; color: {text}; border: 1px solid {edge}; border-radius: 3px;
    padding: 2px 4px; selection-background-color: {accent}; selection-color: {on_accent};
}}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 1px solid {accent}; }}
QLineEdit:disabled {{ color: {muted}; background: {window}; }}
QCheckBox::indicator {{
    width: 14px; height: 14px; background: {base}; border: 1px solid {edge}; border-radius: 3px;
}}
QCheckBox::indicator:checked {{ image: url("{check}"); }}
QCheckBox::indicator:focus, QCheckBox::indicator:hover {{ border: 1px solid {accent}; }}
QTableView::item {{ padding: 0 6px; }}
QToolButton#section {{
    color: {muted}; font-weight: bold; text-align: left; border: none;
    border-top: 1px solid {border}; padding: 6px 8px 4px 6px; background: transparent;
}}
QToolButton#section:hover, QToolButton#section:focus {{ color: {accent}; }}
QLineEdit#name {{ background: transparent; border: 1px solid transparent; padding: 1px 2px; }}
QLineEdit#name:hover {{ border: 1px solid {border}; }}
QLineEdit#name:focus {{ border: 1px solid {accent}; background: {base}; }}
QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
QScrollBar::handle {{ background: {edge}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QFrame#card {{ background: {raised}; border: 1px solid {border}; border-radius: 5px; }}
QToolButton#more::menu-indicator {{ image: none; }}
QToolButton#reason {{ text-align: left; border: none; padding: 3px 0; background: transparent; }}
QToolButton#reason:hover, QToolButton#reason:focus {{ color: {accent}; }}
QLabel#help {{ color: {muted}; }}
QLabel#head {{ font-weight: bold; }}
QLabel#title {{ font-weight: bold; font-size: 20pt; }}
QFrame#start, QFrame#bubble, QFrame#finder {{
    background: {base}; border: 1px solid {edge}; border-radius: 10px;
}}
QFrame#quick-add, QFrame#find {{
    background: {base}; border: 1px solid {edge}; border-radius: 8px;
}}
QFrame#quick-add QListWidget {{ background: {base}; border: none; }}
QFrame#start QScrollArea, QFrame#start QScrollArea > QWidget > QWidget {{ background: {base}; }}
QToolButton#choice {{
    border: 1px solid {border}; border-radius: 8px; padding: 6px; background: {canvas};
}}
QToolButton#choice:hover, QToolButton#choice:focus {{ border: 2px solid {accent}; padding: 5px; }}
QPushButton#recent {{ text-align: left; border: none; padding: 4px 6px; color: {accent}; }}
QPushButton#recent:hover, QPushButton#recent:focus {{ background: {raised}; }}
QFrame#finder QListView {{ background: {base}; }}
QDoubleSpinBox {{ min-height: 22px; }}
QTabBar#documents::tab {{ max-width: 220px; padding: 5px 6px 5px 12px; }}
QLabel#refusal {{ color: {critical}; }}
QLineEdit[refused="true"], QPlainTextEdit[refused="true"], QComboBox[refused="true"] {{
    border: 2px solid {critical}; border-radius: 3px; padding: 1px 3px;
}}
"""


def sheet(theme: Theme) -> str:
    """The style sheet of the window in a theme's colours."""
    colors = {item.name: getattr(theme, item.name) for item in fields(theme)}
    # What can be filled in stands out from its ground more than what merely parts two things.
    edge = QColor(theme.muted) if theme.is_dark else QColor(theme.border).darker(118)
    if theme.is_dark:
        edge = edge.darker(150)
    return _SHEET.format(**colors, edge=edge.name(), check=asset("icons/ui/check.svg").as_posix())
