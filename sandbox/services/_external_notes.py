"""What the help page of `external` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "mistake",
        "At 90 % of use a single server answers ten times as slowly as an idle one; the "
        "average of the day does not say so. Plan for the busiest minutes.",
        "Kleinrock: Queueing Systems, volume 1, the M/M/1 queue",
    ),
    Note(
        "mistake",
        "A third party has a limit whether its page names one or not. Find it with a test, "
        "and give it here as a queue limit, so that the sandbox shows what happens beyond it.",
    ),
    Note(
        "mistake",
        "A thread that waits for another service is as busy as one that computes. Set "
        "holds_server for such programs; event loops let go of theirs.",
    ),
)
