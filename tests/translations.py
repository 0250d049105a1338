"""Lists the texts of the program for translators: `make translations`.

`assets/translations/sandbox.ts` holds all of them. A language is a copy, `sandbox_de.ts`, filled in
with Qt Linguist and made `sandbox_de.qm` by `pyside6-lrelease`; what is translated there stays when
the texts are listed again, and texts that are gone go.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as Xml

from sandbox.assets import asset
from sandbox.gui.speaking import CONTEXT
from tests.gui.texts import translatable

TEMPLATE = "sandbox.ts"


def listed(language: str = "", known: Mapping[str, str] | None = None) -> str:
    """All texts as a file of Qt Linguist, with the translations that are `known`."""
    places: dict[str, list[str]] = {}
    for text, file, _ in translatable():
        files = places.setdefault(text, [])
        files += [file] if file not in files else []
    root = Xml.Element("TS", version="2.1", sourcelanguage="en")
    if language:
        root.set("language", language)
    context = Xml.SubElement(root, "context")
    Xml.SubElement(context, "name").text = CONTEXT
    for text, files in places.items():
        message = Xml.SubElement(context, "message")
        for file in files:
            Xml.SubElement(message, "location", filename=f"../../{file}")
        Xml.SubElement(message, "source").text = text
        translation = Xml.SubElement(message, "translation")
        translation.text = (known or {}).get(text, "")
        if not translation.text:
            translation.set("type", "unfinished")
    Xml.indent(root, " ")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    return f"{head}{Xml.tostring(root, encoding='unicode')}\n"


def translations(file: Path) -> dict[str, str]:
    """What is translated in a file of Qt Linguist, by its English."""
    messages = Xml.parse(file).iter("message")
    found = {m.findtext("source", ""): m.findtext("translation", "") for m in messages}
    return {source: said for source, said in found.items() if said}


def main() -> None:
    folder = asset("translations")
    (folder / TEMPLATE).write_text(listed(), encoding="utf-8")
    for file in folder.glob("sandbox_*.ts"):
        language = file.stem.removeprefix("sandbox_")
        file.write_text(listed(language, translations(file)), encoding="utf-8")


if __name__ == "__main__":
    main()
