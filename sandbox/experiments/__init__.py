"""Experiments: runs of a diagram from Python and the command line, and what comes of them.

Importing this loads neither the engine nor the services: they come with the first run.
"""

from .assertions import Verdict
from .errors import InputError
from .result import Loss, Result, Series
from .run import run

__all__ = ["InputError", "Loss", "Result", "Series", "Verdict", "run"]
