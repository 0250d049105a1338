"""What the help page of `route53` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "mistake",
        "A failover takes the health check and then the TTL: three looks 30 s apart, then up to a "
        "TTL for resolvers to ask again. With fast checks and a TTL of 60 s that is about 90 s.",
        "Amazon Route 53 Developer Guide: How Route 53 determines whether a health check is "
        "healthy",
    ),
    Note(
        "mistake",
        "Weights divide the answers that resolvers get, not requests, and a resolver with many "
        "users behind it sends them all where it was told.",
        "Amazon Route 53 Developer Guide: Weighted routing",
    ),
    Note(
        "mistake",
        "The apex of a zone (example.com) cannot be a CNAME. An alias record can stand there; it "
        "points to CloudFront, a load balancer, an API or a bucket, and its queries cost nothing.",
        "Amazon Route 53 Developer Guide: Choosing between alias and non-alias records",
    ),
    Note(
        "mistake",
        "Latency routing takes the Region with the least latency, not the nearest, and not one by "
        "where somebody lives: that is geolocation, which needs a default record for all others.",
        "Amazon Route 53 Developer Guide: Choosing a routing policy",
    ),
    Note(
        "mistake",
        "Simple records have no health checks. Multivalue answers are simple records with them, "
        "and no load balancer.",
        "Amazon Route 53 Developer Guide: Multivalue answer routing",
    ),
)
