//! Reading costs in proportion to the text, whatever the text: counted, not timed.
//! The one test of this binary, since the limit of calls is one for the whole process.

use purlin::base::FileId;
use purlin::syntax::parse;
use std::num::NonZeroUsize;

/// Whether a text is read within so many calls of the recogniser.
fn is_read(text: &str, calls: usize) -> bool {
    pest::set_call_limit(NonZeroUsize::new(calls));
    parse(FileId(0), text.into()).diagnostics.iter().all(|d| d.rule.as_ref() != "nesting-too-deep")
}

/// How many calls the recogniser needs for a text, nearly.
fn calls(text: &str) -> usize {
    let mut enough = 64;
    while !is_read(text, enough) {
        enough *= 2;
        assert!(enough < 1 << 26, "no end in sight: {:.80}", text);
    }
    let mut little = enough / 2;
    while enough - little > enough / 25 + 1 {
        let middle = usize::midpoint(little, enough);
        if is_read(text, middle) { enough = middle } else { little = middle }
    }
    enough
}

/// What nests, up to the deepest that is read: what opens, what is innermost, what closes.
const NESTED: &[(&str, &str, &str)] = &[
    ("a = ", "(", ")"),
    ("a = ", "[", "]"),
    ("a = ", "f(", ")"),
    ("a = ", "f(x: ", ")"),
    ("a = b", "[b", "]"),
    ("a = ", "\"${", "}\""),
    ("a = ", "{ a = ", "}"),
    ("", "a { ", "}"),
    ("", "if x { ", "}"),
    ("", "if x {} else ", ""),
    ("", "if x {\n} else ", ""),
    ("a = 1", " if b else 1", ""),
    ("a = 1", " if b\nelse 1", ""),
    ("a: ", "[", "]"),
    ("a: ", "(", ")"),
    ("a: ", "{ a: ", "}"),
    ("", "{ ", "}"),
    ("a b ", "(x) {", "}"),
    ("a = ", "[x for x in ", "]"),
    ("a = ", "!(", ")"),
    ("a = ", "[\n// note\n", "\n// note\n]"),
];

/// What follows itself: a good part of it are mistakes.
const REPEATED: &[&str] = &[
    "a = 1\n",
    "a = b + c.d(e, f: [1, 2])\n",
    "queue a { b = 1 }\n",
    "a b\n",
    "a b ",
    "a ",
    "a, ",
    "a; ",
    "a @ ",
    "a ) ",
    "a ( ",
    "a ] ",
    "a \" ",
    "a = ",
    "a = \n",
    "a = [\n",
    "a = [1, 2\n",
    "a = f(x\n",
    "a = \"x\n",
    "a = \"${\n",
    "a = \"${x\n",
    "a = '\n",
    "on ",
    "on\n",
    "can ",
    "kind ",
    "kind a ",
    "if ",
    "if a ",
    "for a in ",
    "for ",
    "check ",
    "verb a = ",
    "event a ",
    "type a = ",
    "let ",
    "use ",
    "@",
    "@a ",
    "@a(",
    "# a\n",
    "// a\n",
    "/",
    "a /",
    "\n",
    " ",
    "\t\n",
    "\" ",
    "\"",
    "'",
    "$",
    "${",
    "$${",
    "\"${",
    "\\",
    ".",
    "a.",
    "..",
    ":",
    "a:",
    "a: b",
    "a: b |",
    "|",
    "| ",
    "=",
    "==",
    "= ",
    "-",
    "- ",
    "a-",
    "!",
    "! ",
    "1",
    "1 ",
    "1.",
    "1%",
    "1% ",
    "1.1.1.1",
    "2026-",
    "1_",
    ",",
    ";",
    "?",
    "}",
    ")",
    "]",
    "} ",
    ") ",
    "é",
    "\u{a0}",
    "a é ",
    "a é {}\n",
    "a b é ",
    "a b c {}\n",
    "a if ",
    "a = b if c\n",
    "a = b\n + ",
    "a = b as ",
    "a = b as s\n",
    "a = b ?? c\n",
    "\"a\" = 1\n",
    "\"a\"\n",
    "\"a\" ",
    "a = [b c]\n",
    "a = [b\nc]\n",
    "a = (b c)\n",
    "a = b[c d]\n",
    "a \\\n",
    "a = \"\"\"b\"\"\"\n",
    "a in 1..2 ",
    "a: Int in 1..2\n",
    "a: [b c]\n",
    "component a(b c\n",
    "component a(b: c, d)\n",
    "a = {\n}\n",
    "a = 1 else ",
    "else ",
    "for\n",
    "in ",
    "} else ",
];

/// Parts that are put together once before and once behind what is repeated.
const AROUND: &[(&str, &str)] = &[
    ("", ""),
    ("a = [", "]"),
    ("a = f(", ")"),
    ("a = \"", "\""),
    ("a = \"${", "}\""),
    ("component c(", ") {}"),
    ("a: {", "}"),
    ("queue a {", "}"),
    ("a = \n", "b = 1"),
    ("a = 1 +", "\n"),
];

#[test]
fn twice_the_text_costs_twice_the_calls() {
    let mut wrong = Vec::new();
    let mut hold = |name: String, make: &dyn Fn(usize) -> String, n: usize| {
        let (one, two) = (calls(&make(n)), calls(&make(2 * n)));
        if two as f64 > 2.3 * one as f64 + 200.0 {
            wrong.push(format!("{name:?}: {one} calls, then {two}"));
        }
    };
    for (before, open, close) in NESTED {
        hold(format!("{before}{open}"), &|n| format!("{before}{}1{}", open.repeat(n), close.repeat(n)), 50);
    }
    for part in REPEATED {
        for (before, behind) in AROUND {
            let nests = part.matches(['(', '[', '{']).count() > part.matches([')', ']', '}']).count()
                || part.contains("else")
                || part.contains("\"${");
            hold(format!("{before}{part}"), &|n| format!("{before}{}{behind}", part.repeat(n)), if nests { 30 } else { 120 });
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
