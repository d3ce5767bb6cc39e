//! One mistake in the text of a template.

use crate::random::Random;
use purlin::base::FileId;
use purlin::document::{Form, read};
use serde_json::Value as Json;

/// A text with a mistake.
pub struct Mutation {
    pub text: String,
    /// What was done.
    pub what: String,
    /// The line, from 0, where a finding must be; none if the text may be a template still.
    pub broken: Option<usize>,
}

/// What can stand for a value, each of another type.
const VALUES: [&str; 14] = [
    "[]",
    "{}",
    "null",
    "true",
    "0",
    "-1e400",
    "\"\"",
    "[[[]]]",
    "{\"a\": [1]}",
    "\"\\u0000\"",
    "1.5",
    "[null, {}]",
    "\"*\"",
    "99999999999999999999",
];

/// Functions with arguments that they do not take.
const FUNCTIONS: [&str; 22] = [
    "{\"Ref\": []}",
    "{\"Ref\": {\"Ref\": \"A\"}}",
    "{\"Fn::GetAtt\": \"\"}",
    "{\"Fn::GetAtt\": [\"A\"]}",
    "{\"Fn::GetAtt\": [\"A\", {\"Ref\": \"B\"}, 3]}",
    "{\"Fn::Sub\": \"${\"}",
    "{\"Fn::Sub\": \"${A.${B}}${!C}${}\"}",
    "{\"Fn::Sub\": [\"${A}\", {\"A\": {\"Fn::Sub\": \"${A}\"}}]}",
    "{\"Fn::Sub\": [\"\", []]}",
    "{\"Fn::Join\": [\",\"]}",
    "{\"Fn::Join\": [{}, {\"Ref\": \"AWS::NoValue\"}]}",
    "{\"Fn::Select\": [-1, []]}",
    "{\"Fn::Select\": [1e300, {\"Fn::Split\": [\"\", \"\"]}]}",
    "{\"Fn::Split\": [\"\", \"abc\"]}",
    "{\"Fn::If\": [\"None\", 1]}",
    "{\"Fn::If\": []}",
    "{\"Fn::FindInMap\": [1, 2]}",
    "{\"Fn::ImportValue\": {\"Fn::ImportValue\": \"x\"}}",
    "{\"Fn::Transform\": {\"Name\": \"AWS::Include\"}}",
    "{\"Fn::Cidr\": [\"::/0\", 1, 200]}",
    "{\"Fn::Base64\": {\"Fn::GetAZs\": {}}}",
    "{\"Fn::Unheard\": {\"Ref\": \"a\", \"Fn::Sub\": \"b\"}}",
];

/// Characters that are rare in templates.
const ODD: [&str; 16] = [
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "\u{fffd}",
    "\u{1f980}",
    "e\u{301}",
    "\t",
    "\r",
    "\"",
    "'",
    "\\",
];

/// Parts of YAML that are nothing in JSON.
const MARKS: [&str; 16] = [
    "&a ",
    "*a",
    "*missing",
    "!Ref ",
    "!GetAtt ",
    "!Sub ",
    "!Unheard ",
    "!!binary ",
    "!<tag:x> ",
    "<<: *a",
    "| ",
    "> ",
    "? ",
    "- ",
    "%TAG",
    "--- ",
];

/// Mistakes in the tree of a template, which is then a document still.
pub fn of_tree(text: &str, form: Form, random: &mut Random) -> Option<Mutation> {
    let (node, _) = read(text, FileId(0), form);
    let mut tree: Json = node?.to_json();
    let mut what = Vec::new();
    for _ in 0..=random.below(4) {
        what.push(grown(&mut tree, random));
    }
    let text = serde_json::to_string_pretty(&tree).unwrap_or_default();
    Some(Mutation { text, what: format!("in the tree: {}", what.join(", ")), broken: None })
}

/// One mistake at a random part of a tree, and what it was.
fn grown(tree: &mut Json, random: &mut Random) -> String {
    let mut parts = Vec::new();
    pointers(tree, String::new(), &mut parts);
    let (Some(at), Some(other)) = (random.pick(&parts).cloned(), random.pick(&parts).cloned()) else { return String::new() };
    let copy = tree.pointer(&other).cloned().unwrap_or_default();
    let (above, key) = at.rsplit_once('/').unwrap_or(("", ""));
    let key = key.replace("~1", "/").replace("~0", "~");
    let new: Json = match random.below(5) {
        0 => serde_json::from_str(random.pick(&VALUES).copied().unwrap_or_default()).unwrap_or_default(),
        1 => serde_json::from_str(random.pick(&FUNCTIONS).copied().unwrap_or_default()).unwrap_or_default(),
        2 => copy,
        3 => {
            if let Some(Json::Object(map)) = tree.pointer_mut(above) {
                map.remove(&key);
            }
            return format!("{at} is deleted");
        }
        _ => {
            if let Some(Json::Object(map)) = tree.pointer_mut(above)
                && let Some(value) = map.remove(&key)
            {
                let odd = random.pick(&ODD).copied().unwrap_or_default();
                map.insert(if random.below(2) == 0 { format!("{key}{odd}") } else { key.to_lowercase() }, value);
            }
            return format!("{at} is renamed");
        }
    };
    let shown = new.to_string().chars().take(60).collect::<String>();
    if let Some(part) = tree.pointer_mut(&at) {
        *part = new;
    }
    format!("{at} is {shown}")
}

/// The parts of a tree, as pointers.
fn pointers(tree: &Json, at: String, out: &mut Vec<String>) {
    match tree {
        Json::Object(map) => {
            for (key, value) in map {
                let below = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                out.push(below.clone());
                pointers(value, below, out);
            }
        }
        Json::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                let below = format!("{at}/{number}");
                out.push(below.clone());
                pointers(item, below, out);
            }
        }
        _ => {}
    }
}

pub fn mutation(text: &str, random: &mut Random) -> Mutation {
    match random.below(12) {
        0 => lines(text, random, "a line is deleted", |lines, at, _| drop(lines.remove(at))),
        1 => lines(text, random, "a line is repeated", |lines, at, _| lines.insert(at, lines[at].clone())),
        2 => lines(text, random, "two lines are swapped", |lines, at, random| {
            let other = random.below(lines.len());
            lines.swap(at, other);
        }),
        3 => renamed(text, random),
        4 => value(text, random, &VALUES, "a value has another type"),
        5 => value(text, random, &FUNCTIONS, "a value is a wrong function"),
        6 => cut(text, random),
        7 => inserted(text, random, &ODD, "an odd character"),
        8 => inserted(text, random, &MARKS, "a mark of YAML"),
        9 => deep(text, random),
        10 => lines(text, random, "a line is indented otherwise", |lines, at, random| {
            let spaces = " ".repeat(random.below(9));
            lines[at] = format!("{spaces}{}", lines[at].trim_start());
        }),
        _ => broken(text, random),
    }
}

fn lines(text: &str, random: &mut Random, what: &str, change: impl Fn(&mut Vec<String>, usize, &mut Random)) -> Mutation {
    let mut lines: Vec<String> = text.split('\n').map(String::from).collect();
    let at = random.below(lines.len());
    change(&mut lines, at, random);
    Mutation { text: lines.join("\n"), what: format!("{what} (line {})", at + 1), broken: None }
}

/// A place between two characters.
fn place(text: &str, random: &mut Random) -> usize {
    let at = random.below(text.len() + 1);
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The word around a place.
fn word(text: &str, at: usize) -> (usize, usize) {
    let part = |c: char| c.is_alphanumeric() || c == ':' || c == '_';
    let start = text[..at].char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(at, |(at, _)| at);
    let end = text[at..].char_indices().find(|(_, c)| !part(*c)).map_or(text.len(), |(more, _)| at + more);
    (start, end)
}

/// A key or another word is written otherwise, or is another word of the template.
fn renamed(text: &str, random: &mut Random) -> Mutation {
    let (at, other) = (place(text, random), place(text, random));
    let ((start, end), (from, to)) = (word(text, at), word(text, other));
    let new = match random.below(4) {
        0 => text[from..to].to_string(),
        1 => text[start..end].to_uppercase(),
        2 => format!("{}x", &text[start..end]),
        _ => text[start..end].chars().rev().collect(),
    };
    let what = format!("`{}` is `{new}`", &text[start..end]);
    Mutation { text: format!("{}{new}{}", &text[..start], &text[end..]), what, broken: None }
}

/// What follows the colon of some line is another value.
fn value(text: &str, random: &mut Random, values: &[&str], what: &str) -> Mutation {
    let colons: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
    let Some(at) = random.pick(&colons).copied() else { return cut(text, random) };
    let new = random.pick(values).copied().unwrap_or_default();
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let comma = if text[at..end].trim_end().ends_with(',') { "," } else { "" };
    Mutation { text: format!("{}{new}{comma}{}", &text[..at], &text[end..]), what: format!("{what}: {new}"), broken: None }
}

fn cut(text: &str, random: &mut Random) -> Mutation {
    let (a, b) = (place(text, random), place(text, random));
    match random.below(3) {
        0 => Mutation { text: text[..a].to_string(), what: format!("it ends at byte {a}"), broken: None },
        1 => Mutation { text: text[a..].to_string(), what: format!("it begins at byte {a}"), broken: None },
        _ => {
            let (a, b) = (a.min(b), a.max(b).min(a.min(b) + 400));
            let b = (a..=b).rev().find(|b| text.is_char_boundary(*b)).unwrap_or(a);
            Mutation { text: format!("{}{}", &text[..a], &text[b..]), what: format!("bytes {a} to {b} are gone"), broken: None }
        }
    }
}

fn inserted(text: &str, random: &mut Random, what: &[&str], name: &str) -> Mutation {
    let at = place(text, random);
    let new = random.pick(what).copied().unwrap_or_default();
    Mutation { text: format!("{}{new}{}", &text[..at], &text[at..]), what: format!("{name} {new:?} at byte {at}"), broken: None }
}

/// A value that nests deep.
fn deep(text: &str, random: &mut Random) -> Mutation {
    let levels = [8, 60, 200, 3_000][random.below(4)];
    let (open, close) =
        [("[", "]"), ("{\"a\": ", "}"), ("{\"Fn::Sub\": [\"${a}\", {\"a\": ", "}]}"), ("{\"Fn::Not\": [", "]}")][random.below(4)];
    let nested = format!("{}1{}", open.repeat(levels), close.repeat(levels));
    value(text, random, &[&nested], "a value nests deep")
}

/// A line that makes it no document, whatever is around it: its finding must be there.
fn broken(text: &str, random: &mut Random) -> Mutation {
    let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).filter(|at| outside_of_texts(text, *at)).collect();
    let Some(at) = random.pick(&starts).copied() else { return cut(text, random) };
    let line = text[..at].matches('\n').count();
    Mutation {
        text: format!("{}\u{1}\n{}", &text[..at], &text[at..]),
        what: format!("line {} is a control character", line + 1),
        broken: Some(line),
    }
}

/// Whether a line begins here that no text over several lines holds.
fn outside_of_texts(text: &str, at: usize) -> bool {
    !text[..at].contains('|') && !text[..at].contains('>')
}
