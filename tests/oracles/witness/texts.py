"""Patterns of texts as small automata, and a text that several of them accept.

A pattern is a tuple of tokens: a set of characters, any one character, or any run of characters. Every pattern
language of AWS over texts (IAM, S3, EventBridge) is read into it by its own rules elsewhere. `common` decides: it
gives a shortest text in all of the positive patterns and none of the negative ones, or none if there is no such text.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Iterable, Sequence

ONE = "one"  # any one character
RUN = "run"  # any run of characters, also an empty one
Token = frozenset[str] | str

# Characters that no pattern may use: one of them stands for every character that no pattern names.
FRESH = "qkvwjQ0_~"
MOST_STATES = 200_000


@dataclass(frozen=True)
class Glob:
    tokens: tuple[Token, ...]

    def start(self) -> frozenset[int]:
        return self.closed({0})

    def closed(self, states: set[int]) -> frozenset[int]:
        """A run may be empty: what can be reached without a character."""
        todo = list(states)
        while todo:
            state = todo.pop()
            if state < len(self.tokens) and self.tokens[state] == RUN and state + 1 not in states:
                states.add(state + 1)
                todo.append(state + 1)
        return frozenset(states)

    def step(self, states: frozenset[int], char: str) -> frozenset[int]:
        after: set[int] = set()
        for state in states:
            if state == len(self.tokens):
                continue
            token = self.tokens[state]
            if token == RUN:
                after.add(state)
            elif token == ONE or char in token:
                after.add(state + 1)
        return self.closed(after)

    def ends(self, states: frozenset[int]) -> bool:
        return len(self.tokens) in states

    def accepts(self, text: str) -> bool:
        states = self.start()
        for char in text:
            states = self.step(states, char)
        return self.ends(states)

    def characters(self) -> set[str]:
        return {char for token in self.tokens if isinstance(token, frozenset) for char in token}


def literal(text: str) -> Glob:
    return Glob(tuple(frozenset(char) for char in text))


def any_case(text: str) -> Glob:
    return Glob(tuple(frozenset((char.lower(), char.upper())) for char in text))


def joined(*parts: Glob | str) -> Glob:
    """One pattern after another; ONE and RUN may stand between them."""
    tokens: list[Token] = []
    for part in parts:
        tokens += [part] if isinstance(part, str) else part.tokens
    return Glob(tuple(tokens))


ANYTHING = Glob((RUN,))


def common(positive: Sequence[Glob], negative: Iterable[Glob] = ()) -> str | None:
    """A shortest text that every positive pattern accepts and no negative one; none if there is none."""
    every = [*positive, *negative]
    used = set().union(*(glob.characters() for glob in every)) if every else set()
    alphabet = sorted(used) + [next(char for char in FRESH if char not in used)]
    begin = tuple(glob.start() for glob in every)
    seen, todo = {begin}, deque([(begin, "")])
    while todo:
        states, text = todo.popleft()
        ends = [glob.ends(at) for glob, at in zip(every, states)]
        if all(ends[: len(positive)]) and not any(ends[len(positive) :]):
            return text
        for char in alphabet:
            after = tuple(glob.step(at, char) for glob, at in zip(every, states))
            if after not in seen and all(after[: len(positive)]):
                seen.add(after)
                todo.append((after, text + char))
        if len(seen) > MOST_STATES:
            raise RuntimeError(f"too many states for {positive} and not {negative}")
    return None
