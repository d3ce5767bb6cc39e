//! Physical names: what AWS calls a resource whose name the template must give. Knows nothing of any service: the
//! longest length and the allowed characters are arguments.

use super::eval::Env;
use super::ids::camel;
use crate::base::Span;
use crate::model::{Deploy, Value};

/// The characters of the part that tells deployed stacks apart.
const STACK_PART: usize = 8;
/// The characters of a hash that tells apart texts that look the same once they fit.
const HASH: usize = 6;

/// `unique_name(declaration, most, characters)`: a name that no other declaration of the stack, and no other deployed
/// stack, has. It ends with the first eight hexadecimal characters of the id in `AWS::StackId`.
pub(super) fn unique_name(env: &Env<'_>, arguments: &[Value], _: Span) -> Option<Value> {
    let [declaration, Value::Int(most), characters] = arguments else { return None };
    let room = usize::try_from(*most).ok()?.checked_sub(STACK_PART + 1).filter(|room| *room > HASH)?;
    let name = fitting(env, declaration, room, characters.as_str()?, &env.world.stack)?;
    Some(Value::deploy(Deploy::Text(vec![Value::text(format!("{name}-")), Value::deploy(Deploy::StackPart)])))
}

/// `fitting_name(declaration, most, characters)`: a name that no other declaration of the stack has.
pub(super) fn fitting_name(env: &Env<'_>, arguments: &[Value], _: Span) -> Option<Value> {
    let [declaration, Value::Int(most), characters] = arguments else { return None };
    let room = usize::try_from(*most).ok().filter(|room| *room > HASH)?;
    Some(Value::text(fitting(env, declaration, room, characters.as_str()?, "")?))
}

fn fitting(env: &Env<'_>, declaration: &Value, room: usize, characters: &str, stack: &str) -> Option<String> {
    let Value::Ref(id) = declaration else { return None };
    let instance = env.world.instance(*id)?;
    let allowed = Characters::of(characters);
    let own = allowed.fit(&instance.name);
    // Another declaration may fit to the same text: `x[eu]` and `x_eu`, or `Jobs` and `jobs` without capitals.
    let plain = instance.name.replace('_', "-");
    let mut name = match (allowed.fit(stack), own.is_empty()) {
        (stack, _) if stack.is_empty() => own.clone(),
        (stack, true) => stack,
        (stack, false) => format!("{stack}-{own}"),
    };
    if own != plain || name.len() > room {
        let hash: String = blake3::hash(instance.name.as_bytes()).to_hex().as_str().chars().take(HASH).collect();
        let short: String = name.chars().take(room - HASH - 1).collect();
        name = format!("{}-{hash}", short.trim_end_matches('-'));
    }
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    Some(if name.is_empty() { camel(&instance.logical).to_ascii_lowercase().chars().take(room).collect() } else { name.to_string() })
}

/// The characters that a name may have: letters, digits and signs, with ranges, as `a-z0-9-`.
struct Characters {
    ranges: Vec<(char, char)>,
}

impl Characters {
    fn of(text: &str) -> Characters {
        let all: Vec<char> = text.chars().collect();
        let mut ranges = Vec::new();
        let mut at = 0;
        while let Some(first) = all.get(at) {
            match (all.get(at + 1), all.get(at + 2)) {
                (Some('-'), Some(last)) => {
                    ranges.push((*first, *last));
                    at += 3;
                }
                _ => {
                    ranges.push((*first, *first));
                    at += 1;
                }
            }
        }
        Characters { ranges }
    }

    fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c))
    }

    /// A text in these characters, with single hyphens for what they do not have, and none at an end.
    fn fit(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            let c = if self.has(c) { c } else { c.to_ascii_lowercase() };
            if self.has(c) && c.is_ascii_alphanumeric() {
                out.push(c);
            } else if !out.is_empty() && !out.ends_with('-') {
                out.push('-');
            }
        }
        out.trim_end_matches('-').to_string()
    }
}
