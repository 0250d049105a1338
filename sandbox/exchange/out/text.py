"""A template's text changed in one place: every other byte, comments too, stays as it is.

ruamel.yaml composes the text into nodes that know where they begin and end; nothing is constructed.
JSON is read as YAML, its tabs as spaces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sandbox.exchange.reading import plain_value

from .writing import scalar, yaml_lines

Path = tuple[str, ...]


class Source:
    """A template's text and where in it everything stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Any = YAML(pure=True).compose(text.replace("\t", " "))

    @property
    def is_json(self) -> bool:
        return self.text.lstrip()[:1] == "{"

    def scalars(self) -> Iterator[tuple[Path, ScalarNode]]:
        """All scalar values with the way to them, depth first; what an alias repeats, once."""
        seen: set[int] = set()
        stack: list[tuple[Path, Node]] = [((), self.root)]
        while stack:
            path, node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, ScalarNode):
                yield path, node
            elif isinstance(node, MappingNode):
                inner = [((*path, str(key.value)), value) for key, value in node.value]
                stack += reversed(inner)
            elif isinstance(node, SequenceNode):
                stack += [((*path, str(at)), item) for at, item in enumerate(node.value)][::-1]

    def at(self, path: Path) -> Any:
        """The node at a path of keys, or None."""
        node = self.root
        for key in path:
            if not isinstance(node, MappingNode):
                return None
            node = next((value for name, value in node.value if name.value == key), None)
        return node

    def replaced(self, node: ScalarNode, value: Any) -> str:
        """The text with another value in the place of a scalar, quoted as it was."""
        start, end = node.start_mark.index, node.end_mark.index
        quote = self.text[start : start + 1]
        new = scalar(value)
        if quote == '"' or (self.is_json and isinstance(value, str)):
            new = json.dumps(value if isinstance(value, str) else scalar(value))
        elif quote == "'":
            plain = value if isinstance(value, str) else scalar(value)
            new = "'" + plain.replace("'", "''") + "'"
        return self.text[:start] + new + self.text[end:]

    def inserted(self, path: Path, value: Any) -> str | None:
        """The text with a new key at a path whose beginning is there; None where it cannot be."""
        depth = len(path)
        while depth and self.at(path[:depth]) is None:
            depth -= 1
        parent = self.at(path[:depth])
        if depth == len(path) or not isinstance(parent, MappingNode) or not parent.value:
            return None
        for key in reversed(path[depth + 1 :]):
            value = {key: value}
        first = parent.value[0][0].start_mark
        line_start = self.text.rfind("\n", 0, first.index) + 1
        indent = self.text[line_start : first.index]
        own_line = not indent.strip()
        if parent.flow_style:
            new = f"{json.dumps(path[depth])}: {json.dumps(value)},"
            new += "\n" + indent if own_line else " "
        elif own_line:
            new = "\n".join(yaml_lines({path[depth]: value}, indent)).lstrip(" ") + "\n" + indent
        else:
            return None
        return self.text[: first.index] + new + self.text[first.index :]

    def appended(self, path: Path, value: Any) -> str | None:
        """The text with a new last key in the mapping that a path ends in; None where there is
        none of at least one key, or it has no lines of its own."""
        parent = self.at(path[:-1])
        if not isinstance(parent, MappingNode) or not parent.value or self.at(path) is not None:
            return None
        first, last = parent.value[0][0].start_mark, parent.value[-1][1].end_mark.index
        indent = self.text[self.text.rfind("\n", 0, first.index) + 1 : first.index]
        if indent.strip():
            return None
        if parent.flow_style:
            unit = indent[: max(len(indent) // max(len(path) - 1, 1), 1)]
            lines = json.dumps({path[-1]: value}, indent=unit).splitlines()[1:-1]
            new = "\n".join(indent + line.removeprefix(unit) for line in lines)
            return f"{self.text[:last]},\n{new}{self.text[last:]}"
        lines = self.text[:last].splitlines()
        while not lines[-1].strip() or lines[-1].lstrip().startswith("#"):
            lines.pop()
        end = len("\n".join(lines))
        gap = "\n\n" if len(path) == 2 else "\n"
        new = "\n".join(yaml_lines({path[-1]: value}, indent))
        return self.text[:end] + gap + new + (self.text[end:] or "\n")

    def with_metadata(self, key: str, value: dict[str, Any]) -> str | None:
        """The text with a key in the template's Metadata, put in or replaced; None if in a form
        that has no place for it."""
        metadata = self.at(("Metadata",))
        if not isinstance(metadata, MappingNode):
            if metadata is not None:
                return None
            if self.root.flow_style:
                return self.inserted(("Metadata",), {key: value})
            end = "" if self.text.endswith("\n") else "\n"
            lines = "\n".join(yaml_lines({"Metadata": {key: value}}, ""))
            return f"{self.text}{end}\n{lines}\n"
        for at, (name, old) in enumerate(metadata.value):
            if name.value != key:
                continue
            start, end_index = name.start_mark.index, old.end_mark.index
            if metadata.flow_style:
                new = f"{json.dumps(key)}: {json.dumps(value)}"
                return self.text[:start] + new + self.text[end_index:]
            del at
            indent = " " * name.start_mark.column
            new = "\n".join(yaml_lines({key: value}, indent)).lstrip(" ") + "\n"
            rest = self.text[end_index:]
            kept = self.text[start:end_index]
            tail = kept[len(kept.rstrip()) :].lstrip("\n")
            return self.text[:start] + new + tail + rest.lstrip("\n" if not rest.strip() else "")
        return self.inserted(("Metadata", key), value)


def means(node: ScalarNode) -> Any:
    """What a scalar is taken for by the way in."""
    return plain_value(node.value) if node.style in (None, "") else node.value
