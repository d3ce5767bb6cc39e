//! A program as declarations with lines that can be removed one by one.

use super::random::Random;
use std::collections::BTreeSet;

/// Where a declaration stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Position {
    Own,
    Looped,
    Nested,
    Conditional,
}

#[derive(Clone)]
pub struct Decl {
    pub kind: String,
    pub name: String,
    pub position: Position,
    /// What it cannot do without.
    pub needed: String,
    /// Properties and edges, each on a line.
    pub lines: Vec<String>,
}

impl Decl {
    /// How others name it.
    pub fn reference(&self) -> String {
        match self.position {
            Position::Own | Position::Conditional => self.name.clone(),
            Position::Looped => format!("{}[\"a\"]", self.name),
            Position::Nested => format!("box_{}.it", self.name),
        }
    }
}

#[derive(Clone)]
pub struct Program {
    pub decls: Vec<Decl>,
}

/// What a line of the text is.
#[derive(Clone, Copy)]
enum Line {
    Of(usize),
    Part(usize, usize),
}

pub struct Text {
    pub text: String,
    /// What each line belongs to; the first line is that of the stack.
    lines: Vec<Option<Line>>,
}

impl Text {
    fn push(&mut self, line: &str, what: Option<Line>) {
        assert!(!line.contains('\n'), "{line}");
        self.text.push_str(line);
        self.text.push('\n');
        self.lines.push(what);
    }
}

impl Program {
    pub fn text(&self) -> Text {
        let mut text = Text { text: String::new(), lines: Vec::new() };
        text.push("stack app", None);
        text.push("param stage: \"dev\" | \"prod\" = \"dev\"", None);
        // A template has a resource at least.
        text.push("topic filler { }", None);
        for (at, decl) in self.decls.iter().enumerate() {
            let of = Some(Line::Of(at));
            let Decl { name, kind, .. } = decl;
            match decl.position {
                Position::Own => {}
                Position::Looped => text.push("for k in [\"a\", \"b\"] {", of),
                Position::Nested => text.push(&format!("component shape_{name}() {{"), of),
                Position::Conditional => text.push("if stage == \"prod\" {", of),
            }
            let inner = if decl.position == Position::Nested { "it" } else { name };
            text.push(&format!("{kind} {inner} {{"), of);
            if !decl.needed.is_empty() {
                text.push(&decl.needed, of);
            }
            for (part, line) in decl.lines.iter().enumerate() {
                text.push(line, Some(Line::Part(at, part)));
            }
            text.push("}", of);
            match decl.position {
                Position::Own => {}
                Position::Looped | Position::Conditional => text.push("}", of),
                Position::Nested => {
                    text.push("output it = it", of);
                    text.push("}", of);
                    text.push(&format!("shape_{name} box_{name} {{ }}"), of);
                }
            }
        }
        text
    }

    /// Removes what has an error: the lines themselves; of a declaration that is wrong as a whole first half of
    /// what it can do without, again and again, then the declaration. False if there is nothing to remove.
    pub fn repair(&mut self, text: &Text, wrong: &[usize]) -> bool {
        let (mut parts, mut whole) = (BTreeSet::new(), BTreeSet::new());
        for line in wrong.iter().filter_map(|line| text.lines.get(line - 1).copied().flatten()) {
            match line {
                Line::Part(decl, part) => drop(parts.insert((decl, part))),
                Line::Of(decl) => drop(whole.insert(decl)),
            }
        }
        if parts.is_empty() && whole.is_empty() {
            return self.decls.pop().is_some();
        }
        for (decl, part) in parts.iter().rev() {
            self.decls[*decl].lines.remove(*part);
        }
        // What follows from a removed line may be cured by that already.
        if parts.is_empty() {
            for decl in whole.iter().rev() {
                let lines = &mut self.decls[*decl].lines;
                if lines.is_empty() {
                    self.decls.remove(*decl);
                } else {
                    lines.truncate(lines.len() / 2);
                }
            }
        }
        true
    }

    pub fn shuffled(&self, random: &mut Random) -> Program {
        let mut decls = self.decls.clone();
        random.shuffle(&mut decls);
        Program { decls }
    }

    pub fn kinds(&self) -> BTreeSet<String> {
        self.decls.iter().map(|d| d.kind.clone()).collect()
    }

    pub fn edges(&self) -> usize {
        self.decls.iter().flat_map(|d| &d.lines).filter(|l| l.starts_with("on ") || l.starts_with("can ")).count()
    }
}
