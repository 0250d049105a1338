"""What the help page of `api_gateway` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "The integration timeout of 29 s was a hard limit; since June 2024 it can be raised for "
        "Regional and private REST APIs, at the price of a lower rate.",
        "What's New, June 2024: API Gateway integration timeout limit increase beyond 29 seconds",
    ),
    Note(
        "changed",
        "HTTP APIs, at less than a third of the price, came in March 2020.",
        "Amazon API Gateway Developer Guide: Choose between REST APIs and HTTP APIs",
    ),
    Note(
        "mistake",
        "429 is shared: the 10,000 requests/s are those of all APIs of the account in the Region, "
        "and a busy test stage throttles production.",
        "Amazon API Gateway Developer Guide: Quotas and important notes",
    ),
    Note(
        "mistake",
        "The burst is no queue: it admits more at once, and nothing waits. What is beyond it is "
        "refused in the same moment.",
        "Amazon API Gateway Developer Guide: Throttle requests to your REST APIs",
    ),
    Note(
        "mistake",
        "A function may run for 15 minutes, but who called gets 504 after 29 s, while the function "
        "works on and is paid for. Take the request, answer 202, and work behind a queue.",
        "Amazon API Gateway Developer Guide: Quotas and important notes",
    ),
)
