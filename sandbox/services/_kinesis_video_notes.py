"""What the help page of `kinesis_video` says beside what is declared."""

from sandbox.services.contract import Note

LIMITS = "Amazon Kinesis Video Streams service quotas"

NOTES = (
    Note(
        "changed",
        "Since November 2025 there is a warm tier beside the hot one, for video that is kept for "
        "30 days and more. It is not modelled: all that is kept is billed as hot.",
        "Amazon Kinesis Video Streams Developer Guide: Tiered storage",
    ),
    Note(
        "mistake",
        "It has no shards. The limits are those of each stream, which is one camera: more streams, "
        "not larger ones, take more.",
        LIMITS,
    ),
    Note(
        "mistake",
        "There is no limit of sessions, yet viewers are limited: 500 fragments of a stream a "
        "second are 250 viewers with fragments of one second, video and sound. Longer fragments "
        "serve more viewers, further behind.",
        LIMITS,
    ),
    Note(
        "mistake",
        "By default nothing is kept. Then applications have a buffer of five minutes, and players "
        "have nothing.",
        "Amazon Kinesis Video Streams API Reference: CreateStream",
    ),
    Note(
        "mistake",
        "GetMedia is for three applications a stream, not for an audience. Put one application "
        "that distributes behind it, or let viewers play HLS through CloudFront.",
        LIMITS,
    ),
    Note(
        "mistake",
        "Playing costs 40 % more a GB than reading, and what leaves for the internet costs data "
        "transfer on top, which is not counted here.",
        "https://aws.amazon.com/kinesis/video-streams/pricing/",
    ),
)
