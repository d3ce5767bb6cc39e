//! The arguments of an edge against the parameters of its event or verb. Knows nothing of instances.

use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::{Argument, InstanceId, Parameter, Type, Value};
use crate::names::nearest;
use crate::types::{Env, World};

/// What the arguments are called for: "the event `messages` of a queue".
pub(super) struct Call<'a> {
    pub what: String,
    pub parameters: &'a [Parameter],
    pub types: &'a [Type],
    pub span: Span,
    /// Where the page stands that its limits rest on.
    pub docs: [&'a str; 2],
}

/// The values of the parameters, and where those stand that were written.
pub(super) fn bind<'w>(
    env: &Env<'w>,
    world: &'w World,
    subject: InstanceId,
    call: &Call<'w>,
    arguments: &[Argument],
) -> (FxIndexMap<Name, Value>, FxIndexMap<Name, Span>) {
    let mut given: FxIndexMap<Name, &Argument> = FxIndexMap::default();
    for (at, argument) in arguments.iter().enumerate() {
        let name = match &argument.name {
            Some((name, span)) => match call.parameters.iter().find(|p| p.name == *name) {
                Some(parameter) => parameter.name.clone(),
                None => {
                    world.report(unknown(call, name, *span));
                    continue;
                }
            },
            None => match call.parameters.get(at) {
                Some(parameter) => parameter.name.clone(),
                None => {
                    let message = format!("{} takes {} arguments", call.what, call.parameters.len());
                    world.report(Diagnostic::error("wrong-arguments", argument.value.span, message).help(usage(call)));
                    continue;
                }
            },
        };
        if given.insert(name.clone(), argument).is_some() {
            world.report(Diagnostic::error("wrong-arguments", argument.value.span, format!("`{name}` is given twice")));
        }
    }
    let mut values = FxIndexMap::default();
    let mut spans = FxIndexMap::default();
    let mut defaults = Env::kind(world, subject).asked_at(call.span);
    for (parameter, ty) in call.parameters.iter().zip(call.types) {
        let value = match (given.get(&parameter.name), &parameter.default) {
            (Some(argument), _) => {
                spans.insert(parameter.name.clone(), argument.value.span);
                let env = env.clone().resting_on(call.docs).expecting(ty);
                env.conform(env.eval(&argument.value), ty, &argument.value, &parameter.name)
            }
            (None, Some(default)) => defaults.conform(defaults.eval(default), ty, default, &parameter.name),
            (None, None) if ty.optional() => Value::None,
            (None, None) => {
                let message = format!("{} needs `{}`", call.what, parameter.name);
                world.report(Diagnostic::error("missing-argument", call.span, message).help(usage(call)));
                Value::Missing
            }
        };
        defaults.set(&parameter.name, value.clone());
        values.insert(parameter.name.clone(), value);
    }
    (values, spans)
}

fn unknown(call: &Call<'_>, name: &str, span: Span) -> Diagnostic {
    let finding = Diagnostic::error("unknown-argument", span, format!("{} has no `{name}`", call.what));
    match nearest(name, call.parameters.iter().map(|p| &*p.name)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), span, near),
        None => finding.help(usage(call)),
    }
}

fn usage(call: &Call<'_>) -> String {
    let parameters: Vec<String> = call.parameters.iter().zip(call.types).map(|(p, ty)| format!("{}: {ty}", p.name)).collect();
    if parameters.is_empty() { "it takes no arguments".into() } else { format!("it takes ({})", parameters.join(", ")) }
}
