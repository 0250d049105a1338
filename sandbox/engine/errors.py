"""What the engine says to a person when it cannot."""


class EngineError(Exception):
    """A document that cannot be run: which node or link, what is wrong, what to do."""
