"""Has Qt look up what the program says, in `assets/translations/sandbox_<language>.qm`.

It must stand before the modules with the texts are imported, for many are read once only.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from sandbox import language
from sandbox.assets import assets

CONTEXT = "sandbox"


def speak(app: QCoreApplication, locale: QLocale, folder: str = "") -> bool:
    """Speak the language of `locale`; False, and English, where nobody has translated it."""
    ours = _translator(app, locale, CONTEXT, folder or str(assets() / "translations"))
    if ours is None:
        return False
    # What Qt itself says, such as the buttons of its dialogs.
    _translator(app, locale, "qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    language.speak(lambda text: QCoreApplication.translate(CONTEXT, text))
    return True


def _translator(
    app: QCoreApplication, locale: QLocale, name: str, folder: str
) -> QTranslator | None:
    made = QTranslator(app)
    if not made.load(locale, name, "_", folder):
        made.deleteLater()
        return None
    app.installTranslator(made)
    return made
