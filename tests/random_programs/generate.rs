//! Random declarations of every kind of the library, with properties and edges of the types that it declares.

use super::program::{Decl, Position, Program};
use super::random::Random;
use super::values::Values;
use purlin::model::{Parameter, Type};
use purlin::types::{KindInfo, Library};
use std::sync::Arc;

/// What a kind cannot be written without, which its types do not say: the judge `matrix` has it for every kind.
const KINDS: &str = include_str!("../matrix_of_positions/kinds.toml");

/// Who may do something with others.
const ACTORS: [&str; 3] = ["function", "state_machine", "role"];

type Kinds = Vec<Arc<KindInfo>>;

pub fn program(library: &Library, random: &mut Random) -> Program {
    let kinds: Kinds = library.kinds().cloned().collect();
    let facts: toml::Table = KINDS.parse().unwrap();
    let mut decls = vec![decl("vpc", 0, &facts, random), decl("database", 1, &facts, random)];
    for _ in 2..6 + random.below(12) {
        let at = decls.len();
        let kind = if random.once_in(3) { "function" } else { &kinds[random.below(kinds.len())].kind.name };
        decls.push(decl(kind, at, &facts, random));
        decls.extend(beside(&decls[at..], &facts));
    }
    let known: Vec<(String, String)> = decls.iter().map(|d| (d.kind.clone(), d.reference())).collect();
    for (at, decl) in decls.iter_mut().enumerate() {
        let others: Vec<_> = known.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, k)| k.clone()).collect();
        let info = kinds.iter().find(|i| *i.kind.name == *decl.kind).unwrap();
        fill(decl, info, &others, &mut Values { random, known: &others });
    }
    edges(&mut decls, &kinds, &known, random);
    Program { decls }
}

fn decl(kind: &str, at: usize, facts: &toml::Table, random: &mut Random) -> Decl {
    let position = match random.below(8) {
        0 | 1 => Position::Looped,
        2 => Position::Nested,
        3 => Position::Conditional,
        _ => Position::Own,
    };
    // Nearly everything in a network names these two.
    let position = if at < 2 { Position::Own } else { position };
    let own = facts.get(kind).and_then(|f| f.get("own")).and_then(toml::Value::as_str).unwrap_or_default();
    let bucket = if position == Position::Looped { format!("it-{at}-${{k}}") } else { format!("it-{at}") };
    let needed = own.replace("it-bucket", &bucket).replace("NET", "d0").replace("target = db", "target = d1");
    Decl { kind: kind.into(), name: format!("d{at}"), position, needed, lines: Vec::new() }
}

/// What a declaration cannot be without: an API without a route.
fn beside(decls: &[Decl], facts: &toml::Table) -> Option<Decl> {
    let of = decls.first()?;
    let text = facts.get(&of.kind)?.get("beside")?.as_str()?;
    let needed = text.strip_prefix("function other {")?.strip_suffix('}')?.trim().replace("IT", &of.reference());
    let name = format!("{}_other", of.name);
    // A line that names what has a condition must have it too.
    let position = if of.position == Position::Conditional { Position::Conditional } else { Position::Own };
    Some(Decl { kind: "function".into(), name, position, needed, lines: Vec::new() })
}

/// Sets some of the properties that are not set.
fn fill(decl: &mut Decl, info: &KindInfo, others: &[(String, String)], values: &mut Values<'_>) {
    for (property, ty) in info.kind.properties.values().zip(&info.properties) {
        let name = &*property.name;
        let set = [format!("{name} = "), format!("{name} {{")].iter().any(|form| decl.needed.contains(form));
        let needed = property.default.is_none() && !ty.optional();
        let names_another = matches!(ty.bare(), Type::Ref(_)) && others.len() > 3;
        let often = if names_another { 3 } else { 5 };
        if set || !(needed || values.random.once_in(often)) {
            continue;
        }
        if let Some(value) = values.of(ty) {
            decl.lines.push(format!("{name} = {value}"));
        }
    }
}

/// Lets declarations trigger others and use them.
fn edges(decls: &mut [Decl], kinds: &Kinds, known: &[(String, String)], random: &mut Random) {
    for (kind, reference) in known {
        let info = kinds.iter().find(|i| *i.kind.name == **kind).unwrap();
        let events = info.kind.events.iter().zip(&info.events);
        let mut uses: Vec<(String, Vec<&str>)> = events
            .map(|(event, types)| {
                let arguments = arguments(&event.parameters, types, known, random);
                (format!("on {reference}.{}({arguments})", event.name), vec![&*event.target])
            })
            .collect();
        for verb in info.kind.verbs.values().filter(|v| !v.internal()) {
            let types = info.verbs.get(&verb.name).map_or(&[][..], Vec::as_slice);
            let arguments = arguments(&verb.parameters, types, known, random);
            let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
            uses.push((format!("can {} {reference}{arguments}", verb.name), ACTORS.to_vec()));
        }
        random.shuffle(&mut uses);
        for (line, actors) in uses.into_iter().take(2) {
            let fits: Vec<usize> = (0..decls.len()).filter(|i| actors.contains(&decls[*i].kind.as_str())).collect();
            if let Some(actor) = random.pick(&fits) {
                // What is repaired first stands last.
                decls[*actor].lines.insert(0, line);
            }
        }
    }
}

fn arguments(parameters: &[Parameter], types: &[Type], known: &[(String, String)], random: &mut Random) -> String {
    let mut written = Vec::new();
    for (parameter, ty) in parameters.iter().zip(types) {
        let needed = parameter.default.is_none() && !ty.optional();
        if needed || random.once_in(4) {
            let value = Values { random, known }.of(ty);
            written.extend(value.map(|value| format!("{}: {value}", parameter.name)));
        }
    }
    written.join(", ")
}
