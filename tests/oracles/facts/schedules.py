"""Expressions of schedules and rules."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Iterator
from zoneinfo import available_timezones

from facts.registry import fact
from facts.samples import of
from facts.view import View
from simulate.model import Instance

RULES = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"
SCHEDULES = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
DAYS = "SUN MON TUE WED THU FRI SAT".split()
FIELDS = (("minutes", 0, 59, []), ("hours", 0, 23, []), ("day of month", 1, 31, []), ("month", 1, 12, MONTHS), ("day of week", 1, 7, DAYS), ("year", 1970, 2199, []))


def timer(expression: str, **more: Any) -> dict[str, Any]:
    return {"T": of("Scheduler::Schedule", ScheduleExpression=expression, FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": "a", "RoleArn": "b"}, **more)}


def expressions(view: View) -> Iterator[tuple[Instance, str]]:
    for one in view.of("Scheduler::Schedule", "Events::Rule"):
        if text := one.properties.get("ScheduleExpression"):
            yield one, str(text)


def wrong_in(number: int, text: str) -> str | None:
    """What is wrong in one field of a cron expression."""
    name, low, high, words = FIELDS[number]
    if text in ("*", "?"):
        return f"{name} cannot be ?" if text == "?" and number not in (2, 4) else None
    special = {2: r"L|LW|L-\d+|\d+W", 4: r"[1-7]?L|\d#[1-5]|(SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])"}.get(number)
    if special and re.fullmatch(special, text):
        return None
    for part in text.split(","):
        span, _, step = part.partition("/")
        ends = [] if span == "*" else span.split("-")
        values = [words.index(end) + low if end in words else int(end) if end.isdigit() else None for end in ends]
        if any(v is None or not low <= v <= high for v in values) or len(values) > 2 or step and not step.isdigit() or "/" in part and not step:
            return f"{name}: {part}"
    return None


@fact("cron() has six fields, minutes to year, within their ranges; exactly one of day of month and day of week is ?.",
      f"{RULES} {SCHEDULES}", bad=timer("cron(99 30 ? * FOO *)"), good=timer("cron(0/15 6,18 ? JAN-MAR MON#1 2026-2030)"))
def cron_that_never_was(view: View) -> Iterator[str]:
    for one, text in expressions(view):
        found = re.fullmatch(r"cron\((.*)\)", text)
        fields = found.group(1).split() if found else []
        if found and len(fields) != 6:
            yield f"{one.logical_id}: {len(fields)} fields"
        elif found:
            wrong = [w for w in (wrong_in(number, field) for number, field in enumerate(fields)) if w]
            wrong += [] if (fields[2] == "?") != (fields[4] == "?") else ["one of day of month and day of week is ?"]
            if wrong:
                yield f"{one.logical_id}: {'; '.join(wrong)}"


@fact("rate() takes a positive number and minute, hour or day: the singular for 1, the plural for more.",
      f"{RULES} {SCHEDULES}", bad=timer("rate(1 hours)"), good=timer("rate(1 hour)"))
def rate_of_wrong_number(view: View) -> Iterator[str]:
    for one, text in expressions(view):
        if text.startswith("rate(") and not re.fullmatch(r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)", text):
            yield f"{one.logical_id}: {text}"


@fact("The time zone of a schedule is one of the IANA database.",
      SCHEDULES, bad=timer("rate(1 day)", ScheduleExpressionTimezone="Mars/Base"), good=timer("rate(1 day)", ScheduleExpressionTimezone="Europe/Vienna"))
def time_zone_of_nowhere(view: View) -> Iterator[str]:
    for one in view.of("Scheduler::Schedule"):
        zone = one.properties.get("ScheduleExpressionTimezone")
        if zone and zone not in available_timezones():
            yield f"{one.logical_id}: {zone}"


@fact("StartDate and EndDate of a schedule are times in UTC, the start before the end.",
      "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html",
      bad=timer("rate(1 day)", StartDate="2027-01-31", EndDate="2026-01-31T00:00:00Z"), good=timer("rate(1 day)", StartDate="2026-01-31T00:00:00Z", EndDate="2027-01-31T00:00:00Z"))
def schedule_that_ends_first(view: View) -> Iterator[str]:
    for one in view.of("Scheduler::Schedule"):
        given = [str(one.properties[key]) for key in ("StartDate", "EndDate") if key in one.properties]
        if not all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text) for text in given):
            yield f"{one.logical_id}: {', '.join(given)}"
        elif len(given) == 2 and datetime.fromisoformat(given[0]) >= datetime.fromisoformat(given[1]):
            yield f"{one.logical_id}: starts at {given[0]} and ends at {given[1]}"
