//! One mistake in the text of a template.

use crate::random::Random;

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
