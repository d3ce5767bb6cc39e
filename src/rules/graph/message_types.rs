//! Patterns, names of types and deliveries that do not agree with the types that messages are declared to be of. How they
//! are found is in `graph/unlike`. Knows no service.

use super::{About, Rule};
use crate::base::Severity;
use crate::graph::unlike::{DELIVERED, FIELD, TYPE, VALUE, unlike};

const SOURCE: &str = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html";

pub(super) const RULE: Rule = Rule {
    finds: &[
        About {
            name: FIELD,
            severity: Severity::Error,
            about: "A pattern names a field that the declared type of the messages does not have. It matches no message that is as declared.",
            help: "Correct the name, or add the field to the type.",
            source: SOURCE,
        },
        About {
            name: VALUE,
            severity: Severity::Error,
            about: "A pattern compares a field with a value that is not of the field's declared type. It matches no message that is as declared.",
            help: "Compare it with values of its type, or correct the type.",
            source: SOURCE,
        },
        About {
            name: TYPE,
            severity: Severity::Error,
            about: "A trigger or a capability names an event that its source does not declare although it declares the types of its events.",
            help: "Correct the name, or declare the event with its type.",
            source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html",
        },
        About {
            name: DELIVERED,
            severity: Severity::Error,
            about: "Messages are delivered to a declaration whose declared type they never have: a service adds an envelope around them, or their own type is another.",
            help: "Deliver the messages without an envelope, or declare the type of what arrives.",
            source: "https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html",
        },
    ],
    find: unlike,
};
