"""Patterns of IAM: ARNs in Resource, and the condition operators StringLike and StringEquals.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html: `*` is any run of
characters and `?` any one character. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html:
`${key}` is replaced by a value of the request, `${key, 'default'}` by a default where the key is missing, and `${*}`,
`${?}`, `${$}` are the characters themselves. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html:
StringLike has both wildcards, StringEquals has none.
"""

from __future__ import annotations

import re

from .texts import ONE, RUN, Glob, Token

VARIABLE = re.compile(r"\$\{([^}]*)\}")
ESCAPED = ("*", "?", "$")


def like(pattern: str) -> Glob:
    """A Resource, or a value of StringLike. A variable may hold any text: what it holds is not known."""
    tokens: list[Token] = []
    at = 0
    while at < len(pattern):
        variable = VARIABLE.match(pattern, at)
        if variable:
            tokens.append(frozenset(variable[1]) if variable[1] in ESCAPED else RUN)
            at = variable.end()
            continue
        tokens.append({"*": RUN, "?": ONE}.get(pattern[at]) or frozenset(pattern[at]))
        at += 1
    return Glob(tuple(tokens))


def equals(value: str, text: str) -> bool:
    """StringEquals without a variable: wildcards are characters like others."""
    return value == text
