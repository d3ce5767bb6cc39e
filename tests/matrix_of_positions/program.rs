//! A program with one use of a declaration, which stands in some position.

use purlin::types::Library;
use std::collections::BTreeMap;

/// What a kind needs to be written.
#[derive(Default)]
pub struct Facts {
    own: String,
    beside: String,
    pub existing: BTreeMap<String, String>,
    pub forms: Vec<String>,
    arguments: BTreeMap<String, String>,
    network: bool,
}

pub struct Kinds(pub BTreeMap<String, Facts>);

impl Kinds {
    pub fn read() -> Kinds {
        let text = std::fs::read_to_string("tests/matrix_of_positions/kinds.toml").unwrap();
        let table: toml::Table = text.parse().unwrap();
        let text = |v: Option<&toml::Value>| v.and_then(toml::Value::as_str).unwrap_or_default().to_string();
        let map = |v: Option<&toml::Value>| {
            let entries = v.and_then(toml::Value::as_table).into_iter().flatten();
            entries.map(|(k, v)| (k.clone(), v.as_str().unwrap().to_string())).collect()
        };
        let facts = |v: &toml::Value| Facts {
            own: text(v.get("own")),
            beside: text(v.get("beside")),
            existing: map(v.get("existing")),
            forms: v.get("forms").and_then(toml::Value::as_array).into_iter().flatten().map(|f| text(Some(f))).collect(),
            arguments: map(v.get("arguments")),
            network: v.get("network").and_then(toml::Value::as_bool).unwrap_or_default(),
        };
        Kinds(table.iter().map(|(kind, v)| (kind.clone(), facts(v))).collect())
    }

    /// Fails for a kind that is not listed, and for an out that an existing one does not give.
    pub fn must_hold(&self, library: &Library) {
        for info in library.kinds() {
            let name = &*info.kind.name;
            let facts = self.0.get(name).unwrap_or_else(|| panic!("kinds.toml does not say how a {name} is written"));
            for out in info.kind.outs.values().filter(|out| !out.internal) {
                assert!(facts.existing.contains_key(&*out.name), "kinds.toml gives no `{}` to an existing {name}", out.name);
            }
        }
    }
}

/// A use as it is written: of an event, a verb or an out.
pub struct Written {
    pub name: String,
    pub kind: String,
    /// What the acting declaration is of; nothing for an out.
    actor: Option<String>,
    /// The line, with IT for the declaration.
    line: String,
    /// The event or the verb.
    what: String,
}

impl Written {
    /// Every use that the library's kinds offer.
    pub fn all(library: &Library) -> Vec<Written> {
        let mut all = Vec::new();
        for info in library.kinds() {
            let kind = info.kind.name.to_string();
            for event in &info.kind.events {
                let name = format!("{kind}.{} to {}", event.name, event.target);
                let line = format!("on IT.{}(ARGUMENTS)", event.name);
                all.push(Written { name, kind: kind.clone(), actor: Some(event.target.to_string()), line, what: event.name.to_string() });
            }
            for verb in info.kind.verbs.values().filter(|v| !v.internal()) {
                let name = format!("can {} {kind}", verb.name);
                let line = format!("can {} IT(ARGUMENTS)", verb.name);
                all.push(Written { name, kind: kind.clone(), actor: Some("function".into()), line, what: verb.name.to_string() });
            }
            for out in info.kind.outs.values().filter(|out| !out.internal) {
                let name = format!("{kind} -> {}", out.name);
                let list = out.ty.as_ref().is_some_and(|ty| matches!(ty.node, purlin::model::TypeNode::List(_)));
                let value = format!("IT.{}", out.name);
                let line = if list { format!("output value = join(\",\", {value})") } else { format!("output value = \"${{{value}}}\"") };
                all.push(Written { name, kind: kind.clone(), actor: None, line, what: String::new() });
            }
        }
        all
    }
}

/// Where the declaration stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Position {
    Own,
    Existing,
    Imported,
    Nested,
    Looped,
    Conditional,
}

pub const POSITIONS: [Position; 6] =
    [Position::Own, Position::Existing, Position::Imported, Position::Nested, Position::Looped, Position::Conditional];

impl Position {
    pub fn name(self) -> &'static str {
        match self {
            Position::Own => "own",
            Position::Existing => "existing",
            Position::Imported => "imported",
            Position::Nested => "nested",
            Position::Looped => "looped",
            Position::Conditional => "conditional",
        }
    }

    /// How the declaration is named.
    fn it(self) -> &'static str {
        match self {
            Position::Own | Position::Existing | Position::Conditional => "it",
            Position::Imported => "base.it",
            Position::Nested => "box.it",
            Position::Looped => "it[\"a\"]",
        }
    }
}

/// A template has a resource at least.
const FILLER: &str = "topic filler { }";

#[derive(Clone)]
pub struct Program {
    pub position: Position,
    pub kind: String,
    /// The use, as the judge names it.
    pub name: String,
    /// The line of the use.
    pub line: String,
    main: String,
    base: Option<String>,
}

impl Program {
    pub fn new(kinds: &Kinds, written: &Written, position: Position) -> Program {
        let facts = &kinds.0[&written.kind];
        let arguments = facts.arguments.get(&written.what).map_or("", String::as_str);
        let line = written.line.replace("(ARGUMENTS)", &if arguments.is_empty() { "()".into() } else { format!("({arguments})") });
        let line = if line.starts_with("can ") { line.replace("()", "") } else { line };
        let line = line.replace("IT", position.it());
        let net = match position {
            Position::Imported => "base.net",
            _ => "net",
        };
        let network = if facts.network { format!("\n  network = {net}") } else { String::new() };
        let code = "runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  timeout = 5s";
        let user = match written.actor.as_deref() {
            None => line.clone(),
            Some("function") => format!("function actor {{\n  {code}{network}\n  {line}\n}}"),
            Some("state_machine") => {
                format!("state_machine actor {{\n  start = \"a\"\n  states {{ a {{ type = \"succeed\" }} }}\n  {line}\n}}")
            }
            Some(kind) => format!("{kind} actor {{\n  {line}\n}}"),
        };
        let fill = |text: &str, it: &str| text.replace("IT", it).replace("NET", "net");
        let own = format!("{} it {{ {} }}", written.kind, fill(&facts.own, "it"));
        let vpc = if facts.network { "vpc net { nat = \"one\" }\n" } else { "" };
        let beside = |it: &str| format!("{vpc}{}", fill(&facts.beside, it));
        let (main, base) = match position {
            Position::Own => (format!("{}\n{own}\n{user}", beside("it")), None),
            Position::Conditional => {
                let inside = format!("{}\n{own}\n{user}", beside("it"));
                (format!("param stage: \"dev\" | \"prod\" = \"dev\"\nif stage == \"prod\" {{\n{inside}\n}}"), None)
            }
            Position::Nested => {
                let kept = format!("component shape() {{\n{own}\noutput it = it\n}}\nshape box {{ }}");
                (format!("{}\n{kept}\n{user}", beside("box.it")), None)
            }
            Position::Looped => (format!("{}\nfor k in [\"a\"] {{\n{own}\n}}\n{user}", beside("it[\"a\"]")), None),
            Position::Existing => {
                let given: Vec<String> = facts.existing.iter().map(|(k, v)| format!("{k} = {v}")).collect();
                let (target, vpc) = match (facts.network, facts.beside.starts_with("database")) {
                    (true, true) => (", target = db".to_string(), existing_network(kinds) + &existing_database(kinds)),
                    (true, false) => (String::new(), existing_network(kinds)),
                    _ => (String::new(), String::new()),
                };
                (format!("{vpc}existing {} it {{ {}{target} }}\n{user}", written.kind, given.join(", ")), None)
            }
            Position::Imported => {
                let network = if facts.network { "export net = net\n" } else { "" };
                let base = format!("stack base\n{FILLER}\n{}\n{own}\n{network}export it = it\n", beside("it"));
                (format!("import_stack \"./base.purlin\" as base\n{user}"), Some(base))
            }
        };
        Program {
            position,
            kind: written.kind.clone(),
            name: written.name.clone(),
            line,
            main: format!("stack app\n{FILLER}\n{main}\n"),
            base,
        }
    }

    pub fn without_its_line(&self) -> Program {
        Program { main: self.main.replace(&self.line, ""), ..self.clone() }
    }

    pub fn text(&self) -> &str {
        &self.main
    }

    pub fn files(&self) -> Vec<(&'static str, String)> {
        let base = self.base.iter().map(|text| ("base.purlin", text.clone()));
        std::iter::once(("main.purlin", self.main.clone())).chain(base).collect()
    }
}

fn existing(kinds: &Kinds, kind: &str, name: &str, more: &str) -> String {
    let given: Vec<String> = kinds.0[kind].existing.iter().map(|(k, v)| format!("{k} = {v}")).collect();
    format!("existing {kind} {name} {{ {}{more} }}\n", given.join(", "))
}

fn existing_network(kinds: &Kinds) -> String {
    existing(kinds, "vpc", "net", ", nat = \"one\"")
}

fn existing_database(kinds: &Kinds) -> String {
    existing(kinds, "database", "db", ", network = net")
}
