"""What the help page of `cloudfront` says beside what is declared."""

from sandbox.services.contract import Note

_QUOTAS = "Amazon CloudFront Developer Guide: Quotas"

NOTES = (
    Note(
        "changed",
        "RTMP distributions, for Flash players, ended on 2020-12-31. Streams, live ones too, go "
        "over HTTP: segments of some seconds and a playlist that is kept only shortly.",
        "Amazon CloudFront Developer Guide (2020): Working with RTMP distributions",
    ),
    Note(
        "changed",
        "A distribution took 100,000 requests/s, 40 Gbit/s and 25 behaviours; now 250,000, 150 and "
        "75. An origin's error was kept for 5 minutes; now for 10 s.",
        _QUOTAS,
    ),
    Note(
        "mistake",
        "Forwarding cookies, headers or query strings makes each combination of their values "
        "another object: two cookies of three values each are nine copies, and nine times the "
        "misses. All headers forwarded is no cache at all.",
        "Amazon CloudFront Developer Guide: Increase the proportion of requests served from cache",
    ),
    Note(
        "mistake",
        "A minimum TTL above 0 keeps what the origin marks no-store or private, and hands one "
        "user's page to the next.",
        "Amazon CloudFront Developer Guide: Manage how long content stays in the cache",
    ),
    Note(
        "mistake",
        "New content can be waited for until the TTL ends, invalidated by console, by API or by a "
        "tool that calls the API, or given a new name. The last is immediate, costs nothing, can "
        "be taken back and reaches browsers' caches too; an invalidation of everything sends all "
        "requests to the origin at once.",
        "Amazon CloudFront Developer Guide: Invalidate files to remove content",
    ),
    Note(
        "mistake",
        "Behaviours are tried in their order, and the first that fits is taken: a general pattern "
        "above a special one hides it.",
        "Amazon CloudFront Developer Guide: Cache behavior settings",
    ),
    Note(
        "mistake",
        "Origin failover is for GET, HEAD and OPTIONS. A POST that fails at the primary origin has "
        "failed.",
        "Amazon CloudFront Developer Guide: Optimize high availability with origin failover",
    ),
    Note(
        "mistake",
        "A domain's apex (example.com) cannot be a CNAME. Route 53 has alias records for it, and "
        "does not charge for their queries.",
        "Amazon CloudFront Developer Guide: Use custom URLs with alternate domain names",
    ),
)
