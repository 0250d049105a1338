"""Definitions in the shapes of the language's documentation, each with what a sample gives.

`VALID` maps a name to (definition, input, mocks, output or (error, cause), seconds) of a strict
sample in which a Task lasts 1 s and a token 60 s; `INVALID` to (definition, words of the refusal).
"""

from tests.services.definitions import data, maps, tasks, variables
from tests.services.definitions.refused import INVALID as INVALID
from tests.services.definitions.shapes import text as text

VALID = {**maps.CASES, **data.CASES, **tasks.CASES, **variables.CASES}
