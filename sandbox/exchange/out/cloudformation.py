"""CloudFormation and SAM templates of a diagram."""

from __future__ import annotations

from .shape import Format

FORMATS: tuple[Format, ...] = ()
