"""Writes the table of facts."""

from tests.conformance.table import PAGE, markdown

PAGE.write_text(markdown(), encoding="utf-8")
print(f"{PAGE} written")
