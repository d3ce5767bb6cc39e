"""What SNS compares and delivers: attributes with their data types, and the envelope around a message.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html: an attribute of the data type String, Number or
String.Array travels as a text; a filter policy sees a text, a number, or the items of a list.
https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html and sns-large-payload-raw-message-delivery.html:
without raw delivery a queue gets a JSON document with Type, MessageId, TopicArn, Message and more, and the message
is the text of the member Message.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .event_pattern import MISSING, Json, Number, Scalar, accepts

TOPIC = "arn:aws:sns:eu-west-1:123456789012:topic"


@dataclass(frozen=True)
class Attribute:
    type: str  # String, Number or String.Array
    value: str

    def seen(self) -> list[Scalar]:
        """What a filter policy compares with."""
        if self.type == "Number":
            return [Number(self.value)]
        if self.type == "String.Array":
            return [Number(str(v)) if isinstance(v, (int, float)) and not isinstance(v, bool) else v for v in json.loads(self.value)]
        return [self.value]


def policy_accepts(policy: dict[str, list[Json]], attributes: dict[str, Attribute]) -> bool:
    """A filter policy over attributes: each key needs one matcher that one value satisfies."""
    for key, matchers in policy.items():
        seen = attributes[key].seen() if key in attributes else [MISSING]
        if not any(accepts(matcher, value) for value in seen for matcher in matchers):
            return False
    return True


def forms(text: str) -> list[Attribute]:
    """The attributes whose value is this text."""
    found = [Attribute("String", text)]
    try:
        float(text)
        found.append(Attribute("Number", text))
    except ValueError:
        pass
    try:
        if isinstance(json.loads(text), list):
            found.append(Attribute("String.Array", text))
    except ValueError:
        pass
    return found


def plain(value: Json) -> Any:
    """An event as JSON: numbers as numbers."""
    if isinstance(value, Number):
        return int(value.text) if value.text.lstrip("-").isdigit() else float(value.text)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def envelope(message: Json) -> dict[str, Json]:
    """The body of the queue's message for a published message, without raw delivery, attributes or a subject."""
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": message if isinstance(message, str) else json.dumps(plain(message)),
        "Timestamp": "2026-11-25T00:00:00.000Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService.pem",
        "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
    }
