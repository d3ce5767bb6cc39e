//! The format is canonical: idempotent, and nothing but blanks and commas ever changes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod texts;

use purlin::base::{FileId, line_ends};
use purlin::fmt::{edits, format};
use purlin::syntax::{DEEPEST, LeafKind, Tree, parse};
use texts::{Random, mutation, program, soup, sources};

fn read(text: &str) -> Tree {
    parse(FileId(0), text.into()).tree
}

/// Everything but blanks and commas, as the leaves tell it.
fn told(tree: &Tree) -> Vec<(LeafKind, String)> {
    let leaves = tree.leaves().filter(|l| l.kind != LeafKind::Whitespace);
    leaves
        .map(|l| (l.kind, line_ends::unix(l.text().trim_end()).into_owned()))
        .filter(|(_, text)| !matches!(text.as_str(), "" | ","))
        .collect()
}

fn check(text: &str) -> String {
    let tree = read(text);
    let once = format(&tree);
    let again = read(&once);
    assert_eq!(told(&tree), told(&again), "a token changed\n--- from\n{text}\n--- to\n{once}");
    let twice = format(&again);
    assert_eq!(once, twice, "not idempotent\n--- from\n{text}\n--- once\n{once}\n--- twice\n{twice}");
    let mut edited = text.to_owned();
    for edit in edits(&tree).iter().rev() {
        edited.replace_range(edit.span.range(), &edit.text);
    }
    assert_eq!(edited, once, "the edits say something else");
    once
}

#[test]
fn real_files() {
    for (_, text) in sources() {
        let once = check(&text);
        assert_eq!(parse(FileId(0), once.as_str().into()).diagnostics, []);
    }
}

#[test]
fn lines_end_as_the_first_does() {
    for (_, text) in sources() {
        let unix = check(&text);
        assert!(!unix.contains('\r'));
        let windows = check(&text.replace('\n', "\r\n"));
        assert_eq!(windows, unix.replace('\n', "\r\n"));
        // A file of both kinds of line ends gets one.
        for mixed in [unix.replacen('\n', "\r\n", 1), unix.replacen("\n\n", "\n\r\n\r\r\n", 3), windows.replace("}\r\n", "}\n")] {
            let once = check(&mixed);
            let (all, both) = (once.matches('\n').count(), once.matches("\r\n").count());
            assert!(both == 0 || both == all, "{both} of {all} lines end with CRLF\n{once}");
        }
    }
}

#[test]
fn any_soup_of_tokens() {
    let mut random = Random(3);
    for _ in 0..20_000 {
        check(&soup(&mut random));
    }
}

#[test]
fn any_mutation_of_a_real_file() {
    let mut random = Random(5);
    for (_, text) in sources() {
        for _ in 0..(100_000 / text.len().max(1)).clamp(5, 60) {
            check(&mutation(&text, &mut random));
        }
    }
}

#[test]
fn any_program() {
    let mut random = Random(13);
    for _ in 0..3_000 {
        let text = program(&mut random);
        let tree = parse(FileId(0), text.as_str().into());
        assert_eq!(tree.diagnostics, [], "{text}");
        let once = check(&text);
        assert_eq!(parse(FileId(0), once.as_str().into()).diagnostics, [], "{once}");
    }
}

#[test]
fn nesting_up_to_the_cap() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("f(1, ", ")"), ("\"${", "}\""), ("{ a = ", " }"), ("{\na = ", "\n}"), ("b[", "]"), ("[x && ", "]")]
    {
        check(&std::format!("a = {}1{}", open.repeat(DEEPEST), close.repeat(DEEPEST)));
    }
}

#[test]
fn the_sample_is_canonical() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/orders/main.purlin")).unwrap();
    assert_eq!(check(&text), text);
}

#[test]
fn before_and_after() {
    let cases: Vec<&str> = include_str!("fmt.txt").split("----\n").collect();
    let shown: Vec<String> = cases.iter().map(|text| format!("{text}=>\n{}", check(text))).collect();
    insta::assert_snapshot!("before_and_after", shown.join("----\n"));
}
