"""Filters of S3's notifications: a prefix and a suffix of the object's key, literal, and URL-encoded.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html: wildcards have no meaning, a
space is written `+` and other special characters are percent-encoded.
"""

from __future__ import annotations

from urllib.parse import quote_plus, unquote_plus

from .texts import RUN, Glob, joined, literal


def encoded(key: str) -> str:
    """The key as a notification's filter sees it."""
    return quote_plus(key, safe="/!*'()")


def accepts(prefix: str, suffix: str, key: str) -> bool:
    seen = encoded(key)
    return seen.startswith(prefix) and seen.endswith(suffix)


def keys(prefix: str, suffix: str) -> list[Glob]:
    """The keys that prefix and suffix accept; both may overlap on a short key."""
    return [joined(literal(unquote_plus(prefix)), RUN), joined(RUN, literal(unquote_plus(suffix)))]
