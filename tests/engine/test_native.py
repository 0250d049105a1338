"""What compiled code is filed under."""

from __future__ import annotations

import pytest

from sandbox.engine import native

LAW = b"from sandbox.services import _one\nfrom sandbox.kernels.two import (\n    f,\n    g,\n)\n"
SOURCES = {
    "sandbox.services._one": b"import sandbox.kernels.three\n",
    "sandbox.kernels.two": b"x = 1\n",
    "sandbox.kernels.three": b"y = 1\n",
    "sandbox.kernels.four": b"z = 1\n",
    native.__name__: b"",
}


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    sources = dict(SOURCES)
    monkeypatch.setattr(native, "_SOURCES", sources)
    return sources


@pytest.mark.parametrize("changed", ["services._one", "kernels.two", "kernels.three"])
def test_code_is_compiled_again_after_a_change_in_what_it_imports(
    sources: dict[str, bytes], changed: str
) -> None:
    before = native._fingerprint(LAW)
    sources[f"sandbox.{changed}"] += b"\n"
    assert native._fingerprint(LAW) != before


def test_code_is_kept_after_a_change_elsewhere(sources: dict[str, bytes]) -> None:
    before = native._fingerprint(LAW)
    sources["sandbox.kernels.four"] += b"\n"
    assert native._fingerprint(LAW) == before


def test_code_is_compiled_again_after_a_change_of_its_own(sources: dict[str, bytes]) -> None:
    assert native._fingerprint(LAW) != native._fingerprint(LAW + b"\n")


def test_every_law_depends_on_the_records_it_reads(sources: dict[str, bytes]) -> None:
    before = native._fingerprint(b"")
    sources[native.__name__] += b"\n"
    assert native._fingerprint(b"") != before
