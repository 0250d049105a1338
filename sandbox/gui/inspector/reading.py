"""Reads what a person typed for a parameter, or refuses it in words that help."""

from __future__ import annotations

from typing import Any

from sandbox.experiments import units
from sandbox.language import tr
from sandbox.services.params import ParamInfo


class Refusal(ValueError):
    """What was typed is not a value of this parameter; the message says what would be."""


_UNIT_WORDS = (tr("per s"), tr("days"), "usd", "ms", "kb", "mb", "gb", "s")


_SPELT = {
    name.lower(): name
    for name in (
        *("CPU", "vCPU", "IOPS", "TTL", "TLS", "HTTP", "DLQ", "RCU", "WCU", "GSI", "SDK"),
        *("ASG", "ALB", "FIFO"),
    )
}


def title(info: ParamInfo) -> str:
    """The parameter's title without the unit, which stands beside its field."""
    for word in _UNIT_WORDS:
        if info.unit and info.title.lower().endswith(f" {word}"):
            return spelt(info.title[: -len(word) - 1])
    return spelt(info.title)


def spelt(words: str) -> str:
    """Abbreviations as people write them, where a title was made from a parameter's name."""
    return " ".join(_SPELT.get(word.lower(), word) for word in words.split(" "))


def read(info: ParamInfo, text: str) -> Any:
    """The value `text` stands for. Raises Refusal."""
    if info.kind in ("text", "choice"):
        return text
    if not text.strip():
        if info.optional:
            return None
        raise Refusal(
            tr("{title} needs a number; {bounds}.", title=info.title, bounds=bounds(info))
        )
    value = units.parsed(text)
    if value is None:
        raise Refusal(
            tr("“{typed}” is not a number; 0.5, 20 or 1.2k would be.", typed=text.strip())
        )
    if info.kind == "int":
        if value != int(value):
            raise Refusal(
                tr(
                    "{title} counts whole things; {less} or {more}?",
                    title=info.title,
                    less=int(value),
                    more=int(value) + 1,
                )
            )
        value = int(value)
    if info.lo is not None and (value < info.lo or (info.lo_open and value == info.lo)):
        raise Refusal(
            tr("{written} is too low; {bounds}.", written=written(info, value), bounds=bounds(info))
        )
    if info.hi is not None and value > info.hi:
        raise Refusal(
            tr(
                "{written} is too high; {bounds}.",
                written=written(info, value),
                bounds=bounds(info),
            )
        )
    return value


def write(value: Any) -> str:
    """A value as it stands in its field, exactly: 0.25, 1000, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def written(info: ParamInfo, value: Any) -> str:
    """A value with its unit: "300 s"."""
    return f"{write(value)} {info.unit}".strip()


def bounds(info: ParamInfo) -> str:
    """The range of a parameter in words: "from 0 to 900 s", "at least 1"."""
    low = "" if info.lo is None else write(info.lo)
    high = "" if info.hi is None else write(info.hi)
    unit = f" {info.unit}" if info.unit else ""
    if low and high:
        above = tr("above ") if info.lo_open else tr("from ")
        return tr("{above}{low} to {high}{unit}", above=above, low=low, high=high, unit=unit)
    if low:
        least = tr("above {low}", low=low) if info.lo_open else tr("at least {low}", low=low)
        return f"{least}{unit}"
    if high:
        return tr("at most {high}{unit}", high=high, unit=unit)
    return tr("any number{of_unit}", of_unit=tr(" of") + unit if unit else "")


def detail(info: ParamInfo) -> str:
    """What is known of a parameter, as lines: its help, default, bounds and source."""
    lines = [info.help] if info.help else []
    facts = []
    if info.kind in ("int", "float"):
        facts.append(bounds(info)[:1].upper() + bounds(info)[1:])
    if info.kind in ("int", "float", "choice", "bool", "text") and info.default not in (None, ""):
        facts.append(tr("default {written}", written=written(info, info.default)))
    if facts:
        lines.append(", ".join(facts) + ".")
    if info.source == "assumption":
        lines.append(tr("Source: an assumption of this model."))
    elif info.source:
        sure = {"M": tr(" (inferred)"), "L": tr(" (a single weak source)")}.get(info.confidence, "")
        lines.append(tr("Source: {source}{sure}", source=info.source, sure=sure))
    return "\n".join(lines)
