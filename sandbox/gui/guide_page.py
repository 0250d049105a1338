"""The page of a service as hypertext, written from what the service declares about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from sandbox.document.faults import KINDS
from sandbox.gui.inspector.reading import bounds, title, written
from sandbox.gui.theme import Theme
from sandbox.language import tr
from sandbox.services.contract import CATEGORIES

_SURE = {
    "H": tr("documented"),
    "M": tr("inferred"),
    "L": tr("a single weak source"),
}
_FLOWS = {
    "sync": tr("the caller waits"),
    "async": tr("handed over"),
    "pull": tr("taken at the consumer's pace"),
    "standby": tr("used when the first fails"),
    "control": tr("watched, no load"),
}


def index(catalogue: Mapping[str, Any], theme: Theme) -> str:
    """All services by category, each a link to its page."""
    parts = [
        tr("<h1>Guide</h1>"),
        tr("<p>Select a node and press F1 for the page of its service, or choose one here.</p>"),
    ]
    services = sorted(catalogue.values(), key=lambda service: service.title)
    known = [*CATEGORIES, *sorted({s.category for s in services} - set(CATEGORIES))]
    for category in known:
        of_it = [service for service in services if service.category == category]
        if not of_it:
            continue
        parts.append(f"<h2>{escape(category.capitalize())}</h2>")
        parts += [
            f"<p><a href='service:{escape(s.id)}'><b>{escape(s.title)}</b></a><br>"
            f"{escape(s.summary)}</p>"
            for s in of_it
        ]
    return _styled("".join(parts), theme)


def page(service: Any, theme: Theme) -> str:
    """Everything there is to know of one service."""
    parts = [
        tr("<p class='quiet'><a href='index:'>Guide</a> › ") + escape(service.category) + "</p>",
        f"<h1>{escape(service.title)}</h1>",
        f"<p>{escape(service.summary)}</p>",
    ]
    for head, kind in (
        (tr("What people get wrong"), "mistake"),
        (tr("What changed since 2020"), "changed"),
    ):
        found = [note for note in service.notes if note.kind == kind]
        if found and kind == "changed":
            head += tr(", and older notes get wrong")
        parts += _section(head, (_item(escape(n.text), n.source) for n in found))
    parts += _section(tr("Rules of its numbers"), _rules(service))
    parts += _section(tr("How requests are lost"), _losses(service))
    parts += _section(tr("Parameters"), _parameters(service.parameters()))
    parts += _section(tr("Where links begin and end"), _ports(service.ports))
    parts += _section(
        tr("What it reports"),
        (
            _item(f"<b>{escape(metric.title)}</b>{_cloudwatch(metric)}", "")
            for metric in service.metrics
        ),
    )
    parts += _section(
        tr("What it tells while it runs"),
        (_item(escape(_event(event.text)), "") for event in service.events),
    )
    parts += _section(
        tr("What you can do during a run"),
        (
            _item(f"<b>{escape(action.title)}</b>{_arguments(action)}", "")
            for action in service.actions
        ),
    )
    parts += _section(
        tr("What can be made to go wrong"),
        (
            _item(f"<b>{escape(KINDS[kind].title)}</b>: {escape(KINDS[kind].help)}", "")
            for kind in service.known_faults
            if kind in KINDS
        ),
    )
    return _styled("".join(parts), theme)


def _section(head: str, items: Iterable[str]) -> list[str]:
    rows = list(items)
    return [f"<h2>{escape(head)}</h2>", *rows] if rows else []


def _item(html: str, source: str, sure: str = "") -> str:
    """A paragraph and, small, where it is from."""
    if source == "assumption":
        source = tr("an assumption of the model")
    told = " · ".join(part for part in (source, _SURE.get(sure, "")) if part)
    below = f"<br><span class='source'>{escape(told)}</span>" if told else ""
    return f"<p>{html}{below}</p>"


def _rules(service: Any) -> Iterable[str]:
    # Services of the user's own may be older than this declaration.
    for rule in getattr(service, "explanations", ()):
        name = rule.metric.replace("_", " ").capitalize()
        yield _item(f"<b>{escape(name)}</b>: {escape(rule.rule)}", rule.source)


def _losses(service: Any) -> Iterable[str]:
    for cause in service.causes:
        kind = cause.kind.replace("_", " ").capitalize()
        yield _item(f"<b>{escape(kind)}</b>: {escape(cause.text)}", cause.source)


def _parameters(infos: Sequence[Any]) -> Iterable[str]:
    groups = list(dict.fromkeys(info.group for info in infos))
    for group in groups:
        if len(groups) > 1:
            yield f"<h3>{escape(group)}</h3>"
        for info in sorted((i for i in infos if i.group == group), key=lambda i: not i.basic):
            about = _facts(info)
            told = f" <span class='source'>{escape('; '.join(about))}</span>" if about else ""
            yield _item(
                f"<b>{escape(title(info))}</b>{told}<br>{escape(info.help)}",
                info.source,
                info.confidence,
            )


def _facts(info: Any) -> list[str]:
    """What values it takes, and which it has by itself."""
    facts = []
    if info.choices:
        facts.append(tr(" or ").join(str(choice).replace("_", " ") for choice in info.choices))
    elif info.kind in ("int", "float"):
        facts.append(bounds(info))
    if info.kind in ("int", "float", "bool", "choice") and info.default not in (None, ""):
        facts.append(tr("{value} by default", value=written(info, info.default).replace("_", " ")))
    return facts


def _ports(ports: Sequence[Any]) -> Iterable[str]:
    for port in ports:
        way = "in" if port.direction == "in" else "out"
        modes = ", ".join(f"{mode} ({_FLOWS[mode]})" for mode in port.modes if mode in _FLOWS)
        yield _item(f"<b>{escape(port.title)}</b>, {way}: {escape(modes)}", "")


def _cloudwatch(metric: Any) -> str:
    unit = f", {metric.unit}" if metric.unit else ""
    called = (
        tr(" – {cloudwatch} in CloudWatch", cloudwatch=metric.cloudwatch)
        if metric.cloudwatch
        else ""
    )
    return escape(unit + called)


def _event(text: str) -> str:
    """The sentence with its numbers left open."""
    out, depth = [], 0
    for letter in text:
        if letter == "{":
            depth += 1
            out.append("…")
        elif letter == "}":
            depth -= 1
        elif not depth:
            out.append(letter)
    return "".join(out)


def _arguments(action: Any) -> str:
    names = [field.title or name for name, field in action.args.model_fields.items()]
    return escape(": " + ", ".join(n.replace("_", " ") for n in names)) if names else ""


def _styled(body: str, theme: Theme) -> str:
    return (
        f"<html><head><style>"
        f"body {{ color: {theme.text}; }}"
        f"h1 {{ font-size: x-large; margin: 4px 0 6px 0; }}"
        f"h2 {{ font-size: large; margin: 16px 0 4px 0; }}"
        f"h3 {{ color: {theme.muted}; font-size: medium; margin: 10px 0 2px 0; }}"
        f"p {{ margin: 0 0 8px 0; line-height: 125%; }}"
        f".source, .quiet {{ color: {theme.muted}; font-size: small; }}"
        f"a {{ color: {theme.accent}; text-decoration: none; }}"
        f"</style></head><body>{body}</body></html>"
    )
