//! What only the finished template shows, in the program's own words: declarations that need one another in a circle,
//! and lists with a value twice. Each is found where the program writes it, never as a path in the template.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "random_programs/random.rs"]
#[allow(dead_code)]
mod random;
#[path = "random_programs/values.rs"]
mod values;

mod one;

use one::analysed;
use purlin::base::{Diagnostic, Severity};
use purlin::model::{Field, Type};
use purlin::session::Analysis;
use purlin::types::Library;
use random::Random;
use values::Values;

fn errors(analysis: &Analysis) -> Vec<&Diagnostic> {
    analysis.findings.iter().filter(|f| f.severity == Severity::Error).collect()
}

/// The message of the only error, and the text at each of its places.
fn only(program: &str) -> (String, Vec<String>) {
    let analysis = analysed(program);
    let errors = errors(&analysis);
    let said: Vec<String> = errors.iter().map(|f| format!("{}: {}", f.rule, f.message)).collect();
    let [error] = errors.as_slice() else { panic!("{}\n{program}", said.join("\n")) };
    let places = std::iter::once(&error.primary).chain(&error.related);
    let text = |label: &purlin::base::Label| program[label.span.start as usize..label.span.end as usize].to_string();
    (said[0].clone(), places.map(text).collect())
}

const FUNCTION: &str = "runtime = \"python3.13\", handler = \"a.b\", code = \"build/a.zip\", timeout = 9s";

#[test]
fn declarations_that_need_one_another_are_found_where_each_names_the_next() {
    let two = |a: &str, b: &str| format!("stack app\n{a}\n{b}\n");
    let allowed = "@allow(event-loop, \"logs of logs\", ends: \"after the second\")";
    let cases = [
        // A property of each.
        (
            two(&format!("{allowed}\nbucket a {{ access_log = b }}"), &format!("{allowed}\nbucket b {{ access_log = a }}")),
            "`a` and `b` need each other",
            vec!["b", "a"],
        ),
        // A value within a property.
        (
            two(
                &format!("function f {{ {FUNCTION}, env {{ OTHER = g.arn, HERE = \"a\" }} }}"),
                &format!("function g {{ {FUNCTION}, env {{ OTHER = \"${{f.arn}}:live\" }} }}"),
            ),
            "`f` and `g` need each other",
            vec!["g.arn", "\"${f.arn}:live\""],
        ),
        // A statement of a role, and the role of what it names.
        (
            format!(
                "stack app\nrole r {{ services = [\"lambda.amazonaws.com\"], description = g.arn }}\nfunction g {{ {FUNCTION}, role = r }}\n"
            ),
            "`r` and `g` need each other",
            vec!["g.arn", "r"],
        ),
        // Three, in a loop and in a component.
        (
            format!(
                "stack app\nfor k in [\"x\"] {{ function f {{ {FUNCTION}, env {{ OTHER = box.it.arn }} }} }}\n\
                 component shape(next: function) {{ function it {{ {FUNCTION}, env {{ OTHER = next.arn }} }}\noutput it = it }}\n\
                 shape box {{ next = h }}\nfunction h {{ {FUNCTION}, env {{ OTHER = f[\"x\"].arn }} }}\n"
            ),
            "need one another in a circle",
            vec!["f[\"x\"].arn", "box.it.arn", "next.arn"],
        ),
        // Resources as CloudFormation names them.
        (
            two(
                "resource \"AWS::SNS::Topic\" s { DisplayName = t.TopicName }",
                "resource \"AWS::SNS::Topic\" t { DisplayName = s.TopicName }",
            ),
            "`s` and `t` need each other",
            vec!["t.TopicName", "s.TopicName"],
        ),
    ];
    for (program, message, places) in cases {
        let (said, at) = only(&program);
        assert!(said.starts_with("dependency-cycle: ") && said.contains(message), "{said}\n{program}");
        assert_eq!(at, places, "{said}\n{program}");
    }
}

#[test]
fn a_value_that_is_twice_in_a_list_is_found_where_it_is_written() {
    let cases = [
        (format!("function f {{ {FUNCTION}, layers = [l, \"arn:aws:lambda:eu-west-1:123456789012:layer:x:1\", l] }}"), vec!["l", "l"]),
        (format!("function f {{ {FUNCTION}, layers = [l, l.arn] }}"), vec!["l.arn", "l"]),
        (format!("function f {{ {FUNCTION}, layers = twice }}"), vec!["twice"]),
        (format!("function f {{ {FUNCTION}, layers = [l for n in [1, 2]] }}"), vec!["[l for n in [1, 2]]"]),
        (
            format!(
                "function f {{ {FUNCTION}\nraw {{ Layers = [\"arn:aws:lambda:eu-west-1:123456789012:layer:x:1\", \"arn:aws:lambda:eu-west-1:123456789012:layer:x:1\"] }} }}"
            ),
            vec!["\"arn:aws:lambda:eu-west-1:123456789012:layer:x:1\""; 2],
        ),
    ];
    for (program, places) in cases {
        let program =
            format!("stack app\nlayer l {{ code = \"build/l.zip\", runtimes = [\"python3.13\"] }}\nlet twice = [l, l]\n{program}\n");
        let (said, at) = only(&program);
        assert!(said.starts_with("repeated-value: `f` "), "{said}\n{program}");
        assert_eq!(at, places, "{said}\n{program}");
    }
}

/// The paths of the lists of a type, as a list that has one value twice.
fn lists(ty: &Type, values: &mut Values<'_>) -> Vec<String> {
    match ty {
        Type::Optional(inner) | Type::Refined(inner, _) => lists(inner, values),
        Type::List(inner) => {
            let mut all: Vec<String> = values.of(inner).map(|value| format!("[{value}, {value}]")).into_iter().collect();
            all.extend(lists(inner, values).into_iter().map(|inner| format!("[{inner}]")));
            all
        }
        Type::Record(fields) => {
            let mut all = Vec::new();
            for field in fields.iter() {
                for list in lists(&field.ty, values) {
                    let others: Option<Vec<String>> = others(fields, &field.name, values);
                    all.extend(others.map(|others| format!("{{ {} = {list}{} }}", field.name, others.concat())));
                }
            }
            all
        }
        _ => Vec::new(),
    }
}

/// The fields that a record cannot do without, besides one.
fn others(fields: &[Field], but: &str, values: &mut Values<'_>) -> Option<Vec<String>> {
    let needed = fields.iter().filter(|f| *f.name != *but && f.default.is_none() && !f.ty.optional());
    needed.map(|f| values.of(&f.ty).map(|value| format!(", {} = {value}", f.name))).collect()
}

#[test]
fn no_list_of_the_library_that_has_a_value_twice_is_refused_by_a_path_in_the_template() {
    let library = Library::standard();
    let facts: toml::Table = include_str!("matrix_of_positions/kinds.toml").parse().unwrap();
    let (mut tried, mut found, mut faults) = (0, 0, Vec::new());
    for info in library.kinds() {
        let kind = &*info.kind.name;
        let text =
            |key: &str| facts.get(kind).and_then(|f| f.get(key)).and_then(toml::Value::as_str).unwrap_or_default().replace("IT", "it");
        let known: Vec<(String, String)> =
            [("function", "fn"), ("layer", "la"), ("queue", "qu"), ("topic", "to")].map(|(kind, name)| (kind.into(), name.into())).into();
        for (property, ty) in info.kind.properties.values().zip(&info.properties) {
            for seed in 0..3 {
                let mut random = Random::new(seed);
                for list in lists(ty, &mut Values { random: &mut random, known: &known }) {
                    let line = format!("{} = {list}", property.name);
                    let others = "layer la { code = \"build/l.zip\" }\nqueue qu { }\ntopic to { }\ntopic of_messages { }";
                    let program = format!(
                        "stack app\n{kind} it {{\n{}\n{line}\n}}\n{}\nfunction fn {{ {FUNCTION} }}\n{others}\n",
                        text("own"),
                        text("beside"),
                    );
                    tried += 1;
                    for error in errors(&analysed(&program)) {
                        let place = &program[..error.primary.span.start as usize];
                        let at_line = program.lines().nth(place.matches('\n').count()) == Some(line.as_str());
                        let ours = &*error.rule == "repeated-value";
                        found += usize::from(ours && at_line);
                        let path = &*error.rule == "refused-template" && error.message.contains("the same");
                        if path || ours && !at_line {
                            faults.push(format!("{}: {}\n{program}", error.rule, error.message));
                        }
                    }
                }
            }
        }
    }
    println!("{tried} lists, {found} findings");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
    assert!(tried > 100 && found > 5, "{tried} lists, {found} findings");
}
