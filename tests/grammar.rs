//! The four laws that keep the grammar total and linear, read off the grammar itself.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use pest_meta::ast::{Expr, RuleType};
use std::collections::{BTreeSet, HashMap};

/// What a production may begin with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum First {
    /// A sign, as written.
    Sign(String),
    /// A sign that what follows it is told apart from longer ones by.
    Guarded(String),
    /// A word of the language.
    Keyword(String),
    /// Any name but these words.
    Name(BTreeSet<String>),
    /// A digit.
    Digit,
    /// Any text but what begins with these.
    Rest(BTreeSet<String>),
}

struct Grammar {
    rules: HashMap<String, (RuleType, Expr)>,
    order: Vec<String>,
}

/// Blanks, comments and marks without a width: what begins behind them begins there.
const TRIVIA: &[&str] = &["inline", "ws", "comment", "SOI", "hole", "unclosed", "missing_comma", "extra", "ahead", "item"];

/// Rules whose choice is not by the first token, each bounded for a reason of its own.
const TWICE: &[(&str, &str)] = &[("argument", "a label is one word and a colon")];

/// Rules that may fail behind their first token, each bounded for a reason of its own.
const LATE: &[(&str, &str)] = &[
    ("file", "a statement accepts whatever is no blank, so the end is reached; the soups hold it to that"),
    ("label", "one word; then it is an expression"),
    ("quoted", "one line; then it is other stray text"),
    ("entry", "the stray text before a block is one line; then it is stray text"),
];

impl Grammar {
    fn read() -> Grammar {
        let text = include_str!("../grammar/purlin.pest");
        let pairs = pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, text).unwrap();
        let rules = pest_meta::parser::consume_rules(pairs).unwrap();
        let order = rules.iter().map(|r| r.name.clone()).collect();
        Grammar { rules: rules.into_iter().map(|r| (r.name, (r.ty, r.expr))).collect(), order }
    }

    /// The rules that consume text: reached from `file` but for look-aheads, without those that are one token.
    fn reached(&self) -> Vec<&str> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec!["file"];
        while let Some(name) = open.pop() {
            let Some((_, expr)) = self.rules.get(name).filter(|(ty, _)| *ty != RuleType::Atomic) else { continue };
            if seen.insert(name) {
                uses(expr, &mut |n| open.push(n));
            }
        }
        self.order.iter().map(String::as_str).filter(|n| seen.contains(n) && !TRIVIA.contains(n)).collect()
    }

    /// Whether a production accepts any text, were it empty.
    fn never_fails(&self, expr: &Expr, within: &mut Vec<String>) -> bool {
        match expr {
            Expr::Str(s) => s.is_empty(),
            Expr::Opt(_) | Expr::Rep(_) => true,
            Expr::Seq(a, b) => self.never_fails(a, within) && self.never_fails(b, within),
            Expr::Choice(a, b) => self.never_fails(a, within) || self.never_fails(b, within),
            Expr::Ident(name) => {
                let Some((_, inner)) = self.rules.get(name) else { return false };
                if within.contains(name) {
                    return true;
                }
                within.push(name.clone());
                let never = self.never_fails(inner, within);
                within.pop();
                never
            }
            _ => false,
        }
    }

    /// What a production may begin with, and whether it may be empty.
    fn first(&self, expr: &Expr) -> (BTreeSet<First>, bool) {
        match expr {
            Expr::Str(s) if s.is_empty() => (BTreeSet::new(), true),
            Expr::Str(s) => (BTreeSet::from([First::Sign(s.clone())]), false),
            Expr::Ident(name) => self.first_of_rule(name),
            Expr::Opt(e) | Expr::Rep(e) => (self.first(e).0, true),
            Expr::RepOnce(e) => self.first(e),
            Expr::PosPred(_) | Expr::NegPred(_) => (BTreeSet::new(), true),
            Expr::Choice(a, b) => {
                let ((mut all, a), (more, b)) = (self.first(a), self.first(b));
                all.extend(more);
                (all, a || b)
            }
            Expr::Seq(..) => self.first_of_sequence(&flat(expr)),
            _ => panic!("the laws do not know {expr:?}"),
        }
    }

    fn first_of_rule(&self, name: &str) -> (BTreeSet<First>, bool) {
        let one = |f| (BTreeSet::from([f]), false);
        match name {
            _ if TRIVIA.contains(&name) => (BTreeSet::new(), true),
            "ident" | "kebab" => one(First::Name(BTreeSet::new())),
            "name" => one(First::Name(self.words("reserved"))),
            "ASCII_DIGIT" | "literal" => one(First::Digit),
            "bound" => (BTreeSet::from([First::Digit, First::Sign("-".to_owned())]), false),
            "ANY" => one(First::Rest(BTreeSet::new())),
            "EOI" | "NEWLINE" => one(First::Sign(format!("<{name}>"))),
            _ => {
                let (ty, expr) = self.rules.get(name).unwrap_or_else(|| panic!("no rule {name}"));
                assert!(*ty != RuleType::Atomic || !matches!(name, "ident"), "{name}");
                self.first(expr)
            }
        }
    }

    fn first_of_sequence(&self, parts: &[&Expr]) -> (BTreeSet<First>, bool) {
        let mut all = BTreeSet::new();
        let mut except = BTreeSet::new();
        for (at, part) in parts.iter().enumerate() {
            if let Expr::NegPred(guard) = part {
                self.guard(guard, &mut except);
                continue;
            }
            let (mut first, empty) = self.first(part);
            let behind = parts.get(at + 1);
            first = first.into_iter().map(|f| narrowed(f, &except, behind)).collect();
            let blanks = matches!(part, Expr::RepOnce(_)) && first.iter().all(|f| matches!(f, First::Sign(s) if s.trim().is_empty()));
            if blanks {
                continue;
            }
            all.extend(first);
            if !empty {
                return (all, false);
            }
        }
        (all, true)
    }

    /// What a negative look-ahead excludes, as far as it is a matter of the first token.
    fn guard(&self, expr: &Expr, out: &mut BTreeSet<String>) {
        match expr {
            Expr::Str(s) => {
                out.insert(s.clone());
            }
            Expr::Choice(a, b) => {
                self.guard(a, out);
                self.guard(b, out);
            }
            Expr::Seq(..) => self.guard(flat(expr)[0], out),
            Expr::Ident(name) if self.rules.contains_key(name) => self.guard(&self.rules[name].1, out),
            _ => {}
        }
    }

    /// The words of a rule that is a choice of words.
    fn words(&self, rule: &str) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        self.guard(&self.rules[rule].1, &mut out);
        out
    }
}

/// A first token behind a look-ahead, and before another.
fn narrowed(first: First, except: &BTreeSet<String>, behind: Option<&&Expr>) -> First {
    let guarded = matches!(behind, Some(Expr::NegPred(_)));
    match first {
        First::Name(mut words) => {
            words.extend(except.iter().cloned());
            First::Name(words)
        }
        First::Rest(mut texts) => {
            texts.extend(except.iter().cloned());
            First::Rest(texts)
        }
        First::Sign(s) if guarded && s.starts_with(|c: char| c.is_ascii_alphabetic()) => First::Keyword(s),
        First::Sign(s) if guarded => First::Guarded(s),
        other => other,
    }
}

/// The parts of a sequence.
fn flat(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Seq(a, b) => [flat(a), flat(b)].concat(),
        _ => vec![expr],
    }
}

/// The alternatives of a choice.
fn alternatives(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Choice(a, b) => [alternatives(a), alternatives(b)].concat(),
        _ => vec![expr],
    }
}

/// The rules that a production names outside of look-aheads.
fn uses<'e>(expr: &'e Expr, out: &mut impl FnMut(&'e str)) {
    match expr {
        Expr::Ident(name) => out(name),
        Expr::Seq(a, b) | Expr::Choice(a, b) => {
            uses(a, out);
            uses(b, out);
        }
        Expr::Opt(e) | Expr::Rep(e) | Expr::RepOnce(e) => uses(e, out),
        _ => {}
    }
}

/// Every choice or sequence of a production, outermost first, without look-aheads.
fn each<'e>(expr: &'e Expr, out: &mut Vec<&'e Expr>) {
    out.push(expr);
    match expr {
        Expr::Seq(..) => flat(expr).into_iter().for_each(|e| each(e, out)),
        Expr::Choice(..) => alternatives(expr).into_iter().for_each(|e| each(e, out)),
        Expr::Opt(e) | Expr::Rep(e) | Expr::RepOnce(e) => each(e, out),
        _ => {}
    }
}

/// Whether a text that the later alternative is for would be taken, or tried, by the earlier one.
fn meet(earlier: &First, later: &First) -> bool {
    use First::*;
    match (earlier, later) {
        (Sign(a), Sign(b) | Guarded(b) | Keyword(b)) => b.starts_with(a.as_str()),
        (Guarded(a), Sign(b) | Guarded(b)) => a == b,
        (Keyword(a), Keyword(b)) => a == b,
        (Name(_), Name(_)) | (Digit, Digit) => true,
        (Name(except), Keyword(word)) => !except.contains(word),
        (Rest(except), Sign(s) | Guarded(s) | Keyword(s)) => !except.iter().any(|e| s.starts_with(e.as_str())),
        (Rest(_), Name(_) | Digit | Rest(_)) => true,
        _ => false,
    }
}

#[test]
fn each_alternative_begins_with_a_different_token() {
    let grammar = Grammar::read();
    let mut wrong = Vec::new();
    for name in grammar.reached() {
        let mut parts = Vec::new();
        each(&grammar.rules[name].1, &mut parts);
        for choice in parts.into_iter().filter(|e| matches!(e, Expr::Choice(..))) {
            let all: Vec<_> = alternatives(choice).into_iter().map(|a| (a, grammar.first(a))).collect();
            for (at, (alternative, (first, empty))) in all.iter().enumerate() {
                if *empty && at + 1 < all.len() {
                    wrong.push(format!("{name}: nothing is reached behind {alternative:?}"));
                }
                for (_, (later, _)) in &all[at + 1..] {
                    let both = first.iter().flat_map(|a| later.iter().filter(move |b| meet(a, b)).map(move |b| (a, b)));
                    wrong.extend(both.filter(|_| !TWICE.iter().any(|(n, _)| *n == name)).map(|(a, b)| format!("{name}: {a:?} and {b:?}")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_fails_behind_its_first_token() {
    let grammar = Grammar::read();
    let mut wrong = Vec::new();
    for name in grammar.reached().into_iter().filter(|n| !LATE.iter().any(|(late, _)| late == n)) {
        let mut parts = Vec::new();
        each(&grammar.rules[name].1, &mut parts);
        for sequence in parts.into_iter().filter(|e| matches!(e, Expr::Seq(..))) {
            let mut rest = flat(sequence).into_iter().skip_while(|e| grammar.first(e).0.is_empty() || is_blanks(e)).skip(1).peekable();
            while rest.next_if(|e| matches!(e, Expr::NegPred(_) | Expr::PosPred(_))).is_some() {}
            wrong.extend(rest.filter(|e| !grammar.never_fails(e, &mut Vec::new())).map(|e| format!("{name}: {e:?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_blanks(expr: &Expr) -> bool {
    matches!(expr, Expr::RepOnce(e) if alternatives(e).iter().all(|a| matches!(a, Expr::Str(s) if s.trim().is_empty())))
}

#[test]
fn whatever_a_look_ahead_recognises_a_statement_accepts() {
    let grammar = Grammar::read();
    let (statement, _) = grammar.first_of_rule("statement");
    let accepts = |first: &First| match first {
        // The closers end what is open; at the top a statement takes them.
        First::Sign(s) | First::Guarded(s) => s.trim().is_empty() || s == "<EOI>" || statement.iter().any(|f| begins(f, s)),
        First::Keyword(word) => statement.iter().any(|f| matches!(f, First::Name(_) | First::Keyword(_))) && !word.is_empty(),
        First::Name(_) => statement.iter().any(|f| matches!(f, First::Name(_))),
        First::Digit => statement.iter().any(|f| begins(f, "0")),
        First::Rest(_) => statement.iter().any(|f| matches!(f, First::Rest(_))),
    };
    for rule in ["starts", "breaks", "stops", "word_pair", "string_key"] {
        for first in grammar.first_of_rule(rule).0 {
            assert!(accepts(&first), "{rule} recognises {first:?}, and no statement begins so");
        }
    }
    for sign in (33_u8..127).map(|b| char::from(b).to_string()).filter(|s| s != "/") {
        assert!(statement.iter().any(|f| begins(f, &sign)), "no statement begins with {sign}");
    }
}

fn begins(first: &First, text: &str) -> bool {
    let letter = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match first {
        First::Sign(s) | First::Guarded(s) => text.starts_with(s.as_str()),
        First::Keyword(word) => word == text,
        First::Name(_) => letter,
        First::Digit => text.starts_with(|c: char| c.is_ascii_digit()),
        First::Rest(except) => !except.iter().any(|e| text.starts_with(e.as_str())),
    }
}

#[test]
fn what_may_stand_on_the_next_line_begins_no_statement() {
    let grammar = Grammar::read();
    let statement: Vec<First> = grammar.first_of_rule("statement").0.into_iter().filter(|f| !matches!(f, First::Rest(_))).collect();
    let closers = ["{", "}", ")", "]", "#", "<EOI>"];
    let mut wrong = Vec::new();
    // Statements stand one below the other in these, and in brackets nothing is a statement.
    for name in grammar.reached().into_iter().filter(|n| !matches!(*n, "file" | "block" | "type_record" | "filter")) {
        let mut parts = Vec::new();
        each(&grammar.rules[name].1, &mut parts);
        for sequence in parts.into_iter().filter(|e| matches!(e, Expr::Seq(..))).map(flat) {
            for (at, _) in sequence.iter().enumerate().filter(|(_, e)| matches!(e, Expr::Ident(n) if n == "ws")) {
                let guarded = at > 0 && matches!(sequence[at - 1], Expr::NegPred(_));
                let (next, _) = grammar.first_of_sequence(&sequence[at + 1..]);
                let taken = next.iter().filter(|f| !matches!(f, First::Sign(s) if closers.contains(&s.as_str())));
                let both: Vec<_> = taken.filter(|f| statement.iter().any(|s| same(s, f))).collect();
                if !guarded && !both.is_empty() {
                    wrong.push(format!("{name}: {both:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a statement begins as something else does. No statement is named by a word that continues an expression.
fn same(statement: &First, other: &First) -> bool {
    match (statement, other) {
        (First::Name(_), First::Name(_)) => true,
        (First::Keyword(a), First::Keyword(b)) => a == b,
        (First::Keyword(_), First::Name(_)) => true,
        (First::Sign(a) | First::Guarded(a), First::Sign(b) | First::Guarded(b)) => a == b,
        _ => false,
    }
}

#[test]
fn the_keywords_are_those_of_the_statements() {
    let grammar = Grammar::read();
    let (statement, _) = grammar.first_of_rule("statement");
    let of_statements: BTreeSet<String> =
        statement.into_iter().filter_map(|f| if let First::Keyword(word) = f { Some(word) } else { None }).collect();
    assert_eq!(of_statements, grammar.words("keyword"));
}
