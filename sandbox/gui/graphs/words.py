"""What is known of a state or a way, in words: for tooltips, for the lines below, for readers."""

from __future__ import annotations

from sandbox.experiments import units
from sandbox.language import tr
from sandbox.services.views import Drawing, Figures

_LEAST = 5e-4


def place(drawing: Drawing, name: str, figures: Figures | None, one: str) -> str:
    """A state: what it is, what is in it, and where it leads."""
    i = next((k for k, p in enumerate(drawing.places) if p.name == name), None)
    if i is None:
        return ""
    found = drawing.places[i]
    lines = [f"{found.name} ({found.kind})" if found.kind else found.name]
    lines += [found.note] if found.note else []
    if figures is not None:
        lines.append(_inside(figures, i, one))
    lines += [way(drawing, k, figures) for k, w in enumerate(drawing.ways) if w.source == name]
    return "\n".join(lines)


def _inside(figures: Figures, i: int, one: str) -> str:
    held, rate = float(figures.held[i]), float(figures.entering[i])
    fails = float(figures.failing[i])
    if max(held, rate, fails) <= _LEAST:
        return tr("no {one} is here", one=one)
    text = f"{units.si(held)} {one}{'' if units.si(held) == '1' else 's'} inside"
    text += f", {units.quantity(rate, '1/s')} enter"
    if rate > _LEAST and held > _LEAST:
        text += f", for {units.quantity(held / rate, 's')} each"
    if fails > _LEAST:
        text += tr(", {fails} attempts fail", fails=units.quantity(fails, "1/s"))
    return text


def way(drawing: Drawing, i: int, figures: Figures | None) -> str:
    """A way: "→ Slow if $.n > 5: 5/s, 25 %"."""
    found = drawing.ways[i]
    heads = {
        "next": f"→ {found.target}",
        "choice": f"→ {found.target} if {found.words}",
        "retry": f"↻ retries {found.words}",
        "catch": f"✕ {found.words} → {found.target}",
    }
    head = heads[found.kind].replace(" if otherwise", " otherwise")
    if figures is None:
        return head
    flow = float(figures.flows[i])
    text = f"{head}: {units.quantity(flow, '1/s') if flow > _LEAST else tr('none now')}"
    if found.kind == "choice":
        pairs = zip(drawing.ways, figures.flows, strict=True)
        total = sum(float(f) for w, f in pairs if w.source == found.source and w.kind == "choice")
        text += f", {units.percent(flow / total)}" if total > _LEAST else ""
    return text
