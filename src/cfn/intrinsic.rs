//! The intrinsic functions of CloudFormation, told apart from plain values. Knows nothing of
//! schemas.

use serde_json::{Map, Value};

/// What a value in a template is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form<'a> {
    /// A plain value.
    Plain,
    /// `Ref: AWS::NoValue`: the value counts as absent.
    NoValue,
    /// `Fn::If`, with its condition and its two branches.
    If(&'a str, &'a Value, &'a Value),
    /// Any other function, with its name and what it gives.
    Call(&'a str, Gives),
}

/// What kind of value a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// A text, a number or a boolean.
    Scalar,
    /// A list.
    List,
    /// A scalar or a list.
    ScalarOrList,
    /// Any value.
    Anything,
}

/// Tells what a value is.
pub(super) fn form(value: &Value) -> Form<'_> {
    let Some((name, argument)) = single(value) else {
        return Form::Plain;
    };
    let gives = match name {
        "Ref" if argument == "AWS::NoValue" => return Form::NoValue,
        "Ref" if is_single(argument) => Gives::Scalar,
        "Fn::If" => {
            return match argument.as_array().map(Vec::as_slice) {
                Some([Value::String(condition), yes, no]) => Form::If(condition, yes, no),
                _ => Form::Call("Fn::If", Gives::Anything),
            };
        }
        "Fn::Sub" | "Fn::Join" | "Fn::Base64" | "Fn::ImportValue" | "Fn::ToJsonString" | "Fn::Length" => Gives::Scalar,
        "Fn::GetAZs" | "Fn::Split" | "Fn::Cidr" => Gives::List,
        "Ref" | "Fn::Select" | "Fn::FindInMap" => Gives::ScalarOrList,
        "Fn::GetAtt" | "Fn::Transform" | "Fn::GetStackOutput" => Gives::Anything,
        _ => return Form::Plain,
    };
    Form::Call(name, gives)
}

/// Whether what `Ref` names is known to be a single value: all pseudo parameters but one are.
fn is_single(argument: &Value) -> bool {
    let name = argument.as_str().filter(|name| name.starts_with("AWS::"));
    name.is_some_and(|name| name != "AWS::NotificationARNs")
}

/// The only property of an object that has just one.
pub(super) fn single(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    map.iter().next().map(|(name, argument)| (name.as_str(), argument))
}

/// Whether a function stands among the properties of an object and may add others.
pub(super) fn adds_properties(map: &Map<String, Value>) -> bool {
    map.keys().any(|key| key == "Fn::Transform" || key.starts_with("Fn::ForEach::"))
}

/// Whether a text is filled in at deployment: `{{resolve:ssm:...}}`.
pub(super) fn is_dynamic_reference(text: &str) -> bool {
    text.split("{{").skip(1).any(|part| part.trim_start().starts_with("resolve:"))
}
