"""Forms of values that a regular expression does not describe. Each gives what is wrong, or None."""

from __future__ import annotations

import ipaddress
import json
import re
import zoneinfo
from datetime import datetime
from functools import cache
from typing import Any, Callable

Json = Any
MONTHS = {name: i + 1 for i, name in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split())}
DAYS = {name: i + 1 for i, name in enumerate("SUN MON TUE WED THU FRI SAT".split())}
FIELDS = [
    ("minutes", 0, 59, {}), ("hours", 0, 23, {}), ("day of month", 1, 31, {}), ("month", 1, 12, MONTHS),
    ("day of week", 1, 7, DAYS), ("year", 1970, 2199, {}),
]


@cache
def zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def time_zone(value: Json) -> str | None:
    return None if value in zones() else "no time zone of the IANA database"


def cidr(value: Json) -> str | None:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        return str(error)
    return None


def vpc_block(value: Json) -> str | None:
    wrong = cidr(value)
    if wrong:
        return wrong
    length = ipaddress.ip_network(value).prefixlen
    return None if 16 <= length <= 28 else f"/{length}: a block is from /16 to /28"


def json_text(value: Json) -> str | None:
    try:
        json.loads(value)
    except (ValueError, TypeError) as error:
        return str(error)
    return None


def rate(text: str) -> str | None:
    found = re.fullmatch(r"rate\((\d+) (minute|minutes|hour|hours|day|days)\)", text)
    if not found or int(found[1]) < 1:
        return "a rate is `rate(N minutes|hours|days)`, N from 1"
    if (int(found[1]) == 1) == found[2].endswith("s"):
        return "the unit is singular for 1 and plural else"
    return None


def cron(text: str) -> str | None:
    found = re.fullmatch(r"cron\((.*)\)", text)
    parts = found[1].split(" ") if found else []
    if len(parts) != 6:
        return "cron has six fields"
    for part, (name, low, high, words) in zip(parts, FIELDS, strict=True):
        if not all(cron_item(item, name, low, high, words) for item in part.split(",")):
            return f"{part} is no {name}"
    if (parts[2] == "?") == (parts[4] == "?"):
        return "exactly one of day of month and day of week is `?`"
    return None


def cron_item(item: str, name: str, low: int, high: int, words: dict[str, int]) -> bool:
    day = name.startswith("day of")
    if item == "*" or day and item == "?":
        return True
    if name == "day of month" and re.fullmatch(r"L(-\d+)?|LW|\d+W", item):
        return True
    if name == "day of week" and re.fullmatch(r"L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])", item):
        return True
    span, _, step = item.partition("/")
    if "/" in item and not (step.isdigit() and int(step) >= 1):
        return False
    if span == "*":
        return True
    ends = [words.get(end.upper(), int(end) if end.isdigit() else -1) for end in span.split("-")]
    return len(ends) <= 2 and all(low <= end <= high for end in ends)


def rule_schedule(value: Json) -> str | None:
    if str(value).startswith("rate("):
        return rate(value)
    return cron(str(value))


def schedule(value: Json) -> str | None:
    found = re.fullmatch(r"at\((.*)\)", str(value))
    if not found:
        return rule_schedule(value)
    try:
        datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return "at() takes yyyy-mm-ddThh:mm:ss"
    return None


def ends_after_start(properties: Json) -> str | None:
    start, end = properties.get("StartDate"), properties.get("EndDate")
    return "EndDate is before StartDate" if start and end and str(end) <= str(start) else None


def attribute_definitions(properties: Json) -> str | None:
    """DynamoDB: the definitions are exactly the attributes of the keys."""
    keys = list(properties.get("KeySchema", []))
    for index in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        for one in properties.get(index, []):
            keys += one.get("KeySchema", [])
    used = {key.get("AttributeName") for key in keys}
    defined = [one.get("AttributeName") for one in properties.get("AttributeDefinitions", [])]
    if used != set(defined) or len(defined) != len(set(defined)):
        return f"keys use {sorted(used)}, AttributeDefinitions has {sorted(defined)}"
    return None


def alarm_window(properties: Json) -> str | None:
    period, count = int(properties.get("Period", 60)), int(properties.get("EvaluationPeriods", 1))
    longest = 604800 if period >= 3600 else 86400
    if period not in (10, 20, 30) and period % 60:
        return f"a period of {period} s is neither 10, 20, 30 nor a multiple of 60"
    if period * count > longest:
        return f"{count} periods of {period} s are longer than {longest} s"
    if int(properties.get("DatapointsToAlarm", count)) > count:
        return "more data points than periods"
    return None


def idle_share(properties: Json) -> str | None:
    pool = properties.get("ConnectionPoolConfigurationInfo", {})
    most, idle = pool.get("MaxConnectionsPercent", 100), pool.get("MaxIdleConnectionsPercent", 0)
    return f"{idle} percent idle of {most} percent at most" if int(idle) > int(most) else None


def states_language(definition: Json) -> str | None:
    """Amazon States Language, as far as names go: each state that is named is there, and each is reached."""
    if isinstance(definition, str):
        wrong = json_text(definition)
        if wrong:
            return wrong
        definition = json.loads(definition)
    return machine_names(definition, "")


def machine_names(machine: Json, where: str) -> str | None:
    states = machine.get("States", {})
    named = [machine.get("StartAt")]
    for name, state in states.items():
        if len(name) > 80:
            return f"{where}{name}: a state's name has at most 80 characters"
        named += [state.get("Next"), state.get("Default")]
        named += [rule.get("Next") for rule in state.get("Choices", []) + state.get("Catch", [])]
        inner = list(state.get("Branches", [])) + [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
        for one in inner:
            wrong = machine_names(one, f"{where}{name}.")
            if wrong:
                return wrong
        if state.get("Type") not in ("Choice", "Succeed", "Fail") and ("Next" in state) == ("End" in state):
            return f"{where}{name}: exactly one of Next and End"
    unknown = {name for name in named if name} - set(states)
    unreached = set(states) - {name for name in named if name}
    if unknown or unreached or "StartAt" not in machine:
        return f"{where or 'machine'}: no state {sorted(unknown)}; never reached {sorted(unreached)}"
    return None


def substitutions(properties: Json) -> str | None:
    """Step Functions: each placeholder of the definition has a substitution."""
    definition = json.dumps(properties.get("Definition", properties.get("DefinitionString", "")))
    missing = set(re.findall(r"\$\{([A-Za-z0-9_]+)\}", definition)) - set(properties.get("DefinitionSubstitutions", {}))
    return f"no substitution for {sorted(missing)}" if missing else None


FORMATS: dict[str, Callable[[Json], str | None]] = {
    "alarm-window": alarm_window,
    "attribute-definitions": attribute_definitions,
    "cidr": cidr,
    "ends-after-start": ends_after_start,
    "idle-share": idle_share,
    "json": json_text,
    "rule-schedule": rule_schedule,
    "schedule": schedule,
    "states-language": states_language,
    "substitutions": substitutions,
    "time-zone": time_zone,
    "vpc-block": vpc_block,
}
