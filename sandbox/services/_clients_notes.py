"""What the help page of `clients` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "mistake",
        "A sender that waits for its answers slows down with the service; one that does not "
        "keeps sending. Give closed_loop_users for people at a screen and rate_per_s for the "
        "rest of the world, or an overload looks milder than it is.",
        "Schroeder, Wierman, Harchol-Balter: Open versus closed, a cautionary tale (NSDI 2006)",
    ),
    Note(
        "mistake",
        "Retries are load. With three attempts at each of three layers, a request that fails "
        "at the bottom arrives there up to 27 times; retry at one layer, with a budget.",
        "Amazon Builders' Library: Timeouts, retries, and backoff with jitter",
    ),
    Note(
        "changed",
        "The SDKs' retry mode was legacy, five attempts in all. Today's standard mode makes "
        "three, waits with full jitter up to 20 s, and stops when its retry quota of 500 is "
        "spent.",
        "AWS SDKs and Tools Reference Guide: Retry behavior",
    ),
    Note(
        "mistake",
        "Randomness is counted twice where noise is added to a rate whose arrivals are random "
        "already: arrival_cv2 speaks of the gaps between requests, noise of demand that "
        "drifts over minutes.",
    ),
)
