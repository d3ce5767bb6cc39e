//! What must hold of every file of the standard library, read as data.

use purlin::model::{Emit, Entry, Expr, Leaf, Node, Parameter, Step, Value};
use purlin::types::Library;
use std::collections::BTreeSet;

fn library() -> Library {
    let library = Library::standard();
    assert!(library.kinds().count() > 20);
    let messages: Vec<String> = library.take_findings().iter().map(|f| format!("{}: {}", place(f.primary.span), f.message)).collect();
    assert!(messages.is_empty(), "{}", messages.join("\n"));
    library
}

fn place(span: purlin::base::Span) -> String {
    let (path, text) = Library::file(span.file).unwrap_or(("?", ""));
    let line = text.get(..span.start as usize).unwrap_or("").matches('\n').count() + 1;
    format!("{path}:{line}")
}

/// The index that is built in finds what a file declares, and nothing between its parts is lost.
#[test]
fn the_index_is_of_what_the_files_declare() {
    use purlin::model::ItemNode;
    let (mut names, mut number) = (BTreeSet::new(), purlin::types::STDLIB_FILES);
    while let Some((path, text)) = Library::file(purlin::base::FileId(number)) {
        let parsed = purlin::syntax::parse(purlin::base::FileId(number), text.into());
        let mut findings = parsed.diagnostics;
        for item in purlin::names::collect(&parsed.tree, &mut findings).items {
            match item.node {
                ItemNode::Kind(kind) => drop(names.insert((kind.name.to_string(), kind.span.start, kind.doc.clone()))),
                ItemNode::Type { .. } | ItemNode::Let { .. } | ItemNode::Rule(_) => {}
                _ => panic!("{}: the standard library holds kinds, types, constants and rules only", place(item.span)),
            }
        }
        let messages: Vec<&str> = findings.iter().map(|f| &*f.message).collect();
        assert!(messages.is_empty(), "{path}: {messages:?}");
        number += 1;
    }
    let library = library();
    let indexed: BTreeSet<_> = library.kinds().map(|i| (i.kind.name.to_string(), i.kind.span.start, i.kind.doc.clone())).collect();
    assert_eq!(names, indexed);
}

/// Every list of steps: of kinds, verbs and events, with the parameters that are visible in it.
fn step_lists(library: &Library) -> Vec<(String, &[Step], &[Parameter])> {
    let mut lists: Vec<(String, &[Step], &[Parameter])> = Vec::new();
    for info in library.kinds() {
        let kind = &info.kind;
        lists.push((kind.name.to_string(), &kind.steps, &[]));
        lists.extend(kind.verbs.values().map(|v| (format!("{}.{}", kind.name, v.name), v.steps.as_slice(), v.parameters.as_slice())));
        lists.extend(
            kind.events.iter().map(|e| (format!("{}.{} to {}", kind.name, e.name, e.target), e.steps.as_slice(), e.parameters.as_slice())),
        );
    }
    lists
}

fn leaves<'a>(steps: &'a [Step], out: &mut Vec<&'a Leaf>) {
    for step in steps {
        match step {
            Step::Leaf(leaf) => out.push(leaf),
            Step::If(_, a, b) => {
                leaves(a, out);
                leaves(b, out);
            }
            Step::For { steps, .. } => leaves(steps, out),
            Step::Let(..) => {}
        }
    }
}

fn emits(steps: &[Step]) -> Vec<&Emit> {
    let mut out = Vec::new();
    leaves(steps, &mut out);
    out.into_iter().filter_map(|leaf| if let Leaf::Emit(emit) = leaf { Some(emit) } else { None }).collect()
}

#[test]
fn every_emitted_property_exists_and_may_be_set() {
    let library = library();
    let mut wrong = Vec::new();
    for (_, steps, _) in step_lists(&library) {
        for emit in emits(steps) {
            let Some(schema) = purlin::cfn::schema(&emit.resource) else {
                wrong.push(format!("{}: there is no {}", place(emit.span), emit.resource));
                continue;
            };
            for (name, span) in field_names(&emit.fields) {
                if schema.property(&name).is_none() {
                    wrong.push(format!("{}: {} has no {name}", place(span), emit.resource));
                } else if schema.is_read_only(&name) && !schema.required().contains(&name) {
                    wrong.push(format!("{}: {name} of {} is read-only", place(span), emit.resource));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn field_names(entries: &[Entry]) -> Vec<(String, purlin::base::Span)> {
    entries
        .iter()
        .flat_map(|entry| match entry {
            Entry::Field { key, key_span, .. } => vec![(key.to_string(), *key_span)],
            Entry::If(_, a, b) => [field_names(a), field_names(b)].concat(),
            Entry::For(_, _, inner) => field_names(inner),
            Entry::Computed { .. } => Vec::new(),
        })
        .collect()
}

#[test]
fn no_label_hides_a_property_or_a_parameter() {
    let library = library();
    let mut wrong = Vec::new();
    for info in library.kinds() {
        let labels: BTreeSet<_> = emits(&info.kind.steps).into_iter().map(|e| e.label.clone()).collect();
        for label in labels.iter().filter(|l| info.kind.properties.contains_key(*l) || info.kind.outs.contains_key(*l)) {
            wrong.push(format!("{}: the label `{label}` is also a property or an out", info.kind.name));
        }
    }
    for (of, steps, parameters) in step_lists(&library) {
        for emit in emits(steps).into_iter().filter(|e| parameters.iter().any(|p| p.name == e.label)) {
            wrong.push(format!("{of} ({}): the label `{}` is also a parameter", place(emit.span), emit.label));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_granted_action_exists() {
    let library = library();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (of, steps, _) in step_lists(&library) {
        let mut all = Vec::new();
        leaves(steps, &mut all);
        for leaf in all {
            let Leaf::Grant(grant) = leaf else { continue };
            for action in texts(&grant.actions) {
                seen += 1;
                if !purlin::cfn::actions::exists(&action) || action.contains('*') {
                    wrong.push(format!("{of} ({}): `{action}` is no action", place(grant.span)));
                }
            }
        }
    }
    assert!(seen > 20, "only {seen} actions were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every text in a list, a choice or a sum of lists.
fn texts(expr: &Expr) -> Vec<String> {
    match &expr.node {
        Node::Literal(Value::Str(text)) => vec![text.to_string()],
        Node::List(elements) => elements.iter().flat_map(texts).collect(),
        Node::If(then, _, otherwise) => otherwise.iter().map(|o| &**o).chain([&**then]).flat_map(texts).collect(),
        Node::Binary(_, a, b) => [texts(a), texts(b)].concat(),
        Node::Call(_, arguments) => arguments.iter().flat_map(|a| texts(&a.value)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_kind_and_property_says_what_it_is() {
    let library = library();
    let mut wrong = Vec::new();
    for info in library.kinds() {
        let kind = &info.kind;
        if kind.doc.trim().is_empty() {
            wrong.push(format!("{}: the kind `{}` has no documentation", place(kind.span), kind.name));
        }
        for property in kind.properties.values().filter(|p| p.doc.trim().is_empty()) {
            wrong.push(format!("{}: `{}.{}` has no documentation", place(property.span), kind.name, property.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_names_its_source() {
    let library = library();
    let mut wrong = Vec::new();
    for info in library.kinds() {
        let kind = &info.kind;
        if !kind.doc.contains("source: https://") {
            wrong.push(format!("{}: the kind `{}` names no source (`/// source: https://...`)", place(kind.span), kind.name));
        }
        let (path, text) = Library::file(kind.span.file).unwrap_or(("?", ""));
        if !text.lines().take(3).any(|line| line.contains("Read 20")) {
            wrong.push(format!("{path}: its head does not say when its facts were read (`Read 2026-11-20.`)"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_event_wakes_a_kind_and_every_need_names_a_verb() {
    let library = library();
    let mut wrong = Vec::new();
    for info in library.kinds() {
        for event in info.kind.events.iter().filter(|e| library.kind(&e.target).is_none()) {
            wrong.push(format!("{}: the event `{}` wakes a `{}`, which does not exist", place(event.span), event.name, event.target));
        }
    }
    let verbs: BTreeSet<_> = library.kinds().flat_map(|i| i.kind.verbs.keys().cloned()).collect();
    for (of, steps, _) in step_lists(&library) {
        let mut all = Vec::new();
        leaves(steps, &mut all);
        for leaf in all {
            if let Leaf::Needs(needs) = leaf
                && !verbs.contains(&needs.verb)
            {
                wrong.push(format!("{of} ({}): nothing offers `{}`", place(needs.span), needs.verb));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_of_checks_are_unique_and_kebab_case() {
    let library = library();
    let mut seen: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    let mut wrong = Vec::new();
    for (of, steps, _) in step_lists(&library) {
        let mut all = Vec::new();
        leaves(steps, &mut all);
        for leaf in all {
            let Leaf::Check(check) = leaf else { continue };
            let name = check.name.to_string();
            if !name.contains('-') || name.chars().any(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')) {
                wrong.push(format!("{}: `{name}` is not a kebab-case name of several words", place(check.span)));
            }
            // The same rule may stand at several places of one service, for several events of a kind.
            let file = place(check.span).split(':').next().unwrap_or_default().to_string();
            if let Some(other) = seen.insert(name.clone(), file.clone())
                && other != file
            {
                wrong.push(format!("{of} ({}): the rule `{name}` is also declared in {other}", place(check.span)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever a property or an argument of an event names, if that has events or can be triggered: the kind says where a
/// message goes from there, or that none does. A property that is forgotten is a loop that is never found.
#[test]
fn every_reference_says_what_flows_through_it() {
    use purlin::model::{Attribute, Type};
    let library = library();
    let targets: BTreeSet<String> = library.kinds().flat_map(|i| &i.kind.events).map(|e| e.target.to_string()).collect();
    let moves = |name: &str| targets.contains(name) || library.kinds().any(|i| *i.kind.name == *name && !i.kind.events.is_empty());
    fn names(ty: &Type, out: &mut Vec<String>) {
        match ty {
            Type::Ref(kinds) => out.extend(kinds.iter().map(|k| k.to_string())),
            Type::Optional(inner) | Type::List(inner) | Type::Map(inner) | Type::Refined(inner, _) => names(inner, out),
            Type::OneOf(all) => all.iter().for_each(|t| names(t, out)),
            Type::Record(fields) => fields.iter().for_each(|f| names(&f.ty, out)),
            _ => {}
        }
    }
    let says = |attributes: &[Attribute], argument: Option<&str>| {
        attributes.iter().any(|a| {
            let first = a.arguments.first().map(|x| texts(&x.value)).unwrap_or_default();
            let of_argument = |name: &str| matches!(&a.arguments.first().map(|x| &x.value.node), Some(Node::Name(n)) if **n == *name);
            match argument {
                Some(name) => matches!(&*a.name, "passes" | "inert") && of_argument(name),
                None => matches!(&*a.name, "delivers" | "feeds" | "leads" | "watches") || *a.name == *"inert" && !first.is_empty(),
            }
        })
    };
    let mut silent = Vec::new();
    for info in library.kinds() {
        for (property, ty) in info.kind.properties.values().zip(&info.properties) {
            let mut found = Vec::new();
            names(ty, &mut found);
            if found.iter().any(|n| moves(n)) && !says(&property.attributes, None) {
                silent.push(format!("{}.{}", info.kind.name, property.name));
            }
        }
        for (event, types) in info.kind.events.iter().zip(&info.events) {
            for (parameter, ty) in event.parameters.iter().zip(types) {
                let mut found = Vec::new();
                names(ty, &mut found);
                if found.iter().any(|n| moves(n)) && !says(&event.attributes, Some(&*parameter.name)) {
                    silent.push(format!("{}.{} to {}: {}", info.kind.name, event.name, event.target, parameter.name));
                }
            }
        }
    }
    assert!(silent.is_empty(), "nothing is said of what flows through {}", silent.join(", "));
}
