"""The fields of a node's parameters that are texts, and what applying one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sandbox.document.edits import set_params
from sandbox.gui.inspector.fields import Field
from sandbox.gui.session import Session
from sandbox.gui.texts.field import TextField
from sandbox.language import tr
from sandbox.services.params import ParamInfo


def text_fields(
    session: Session, nodes: Sequence[str], service: Any, infos: Mapping[str, ParamInfo]
) -> dict[str, Field]:
    """By parameter, for those that the service declares."""
    owner, sheet = ", ".join(nodes), session.sheet.number
    return {
        declared.parameter: TextField(
            infos[declared.parameter],
            declared,
            owner,
            partial(apply, session, sheet, tuple(nodes), service.id, declared.parameter),
        )
        for declared in service.texts
        if declared.parameter in infos
    }


def apply(
    session: Session, sheet: int, nodes: Sequence[str], service: str, name: str, text: str
) -> None:
    """One edit of the document the text was opened in; an editor may outlast its nodes."""
    there = session.document.nodes
    kept = [node for node in nodes if node in there and there[node].service == service]
    if session.sheet.number != sheet or not kept:
        session.say(
            tr(
                "{join} is not in this diagram any more: nothing was changed.",
                join=", ".join(nodes),
            )
        )
        return
    session.do(set_params, {node: {name: text} for node in kept})
