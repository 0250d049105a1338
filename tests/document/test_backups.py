"""Earlier versions of a file are kept apart from it, and never in the way of saving."""

from __future__ import annotations

from pathlib import Path

from sandbox.document import backups


def test_each_version_is_kept_once_and_the_latest_stands_first(tmp_path: Path) -> None:
    file, folder = tmp_path / "shop.json", tmp_path / "versions"
    for text in ("one", "two", "two", "three"):
        file.write_text(text)
        backups.keep(folder, file)
    kept = backups.versions(folder, file)
    assert [version.path.read_text() for version in kept] == ["three", "two", "one"]
    assert kept[0].replaced >= kept[1].replaced >= kept[2].replaced


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    file, folder = tmp_path / "shop.json", tmp_path / "versions"
    for number in range(backups.MOST + 3):
        file.write_text(str(number))
        backups.keep(folder, file)
    kept = [version.path.read_text() for version in backups.versions(folder, file)]
    assert kept == [str(number) for number in range(backups.MOST + 2, 2, -1)]


def test_files_of_one_name_in_two_folders_have_versions_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "shop.json").write_text(place)
        backups.keep(folder, tmp_path / place / "shop.json")
    (version,) = backups.versions(folder, tmp_path / "a" / "shop.json")
    assert version.path.read_text() == "a"


def test_what_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("no folder")
    (tmp_path / "shop.json").write_text("one")
    backups.keep(blocked, tmp_path / "shop.json")
    backups.keep(tmp_path, tmp_path / "missing.json")
    assert backups.versions(blocked, tmp_path / "shop.json") == []
