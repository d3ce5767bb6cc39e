//! The grammar is total, lossless and linear, whatever the text.

mod texts;

use purlin::base::FileId;
use purlin::syntax::{DEEPEST, Kind, LeafKind, Node, Parsed, Tree, parse};
use texts::{Random, mutation, soup, sources};

fn read(text: &str) -> Parsed {
    parse(FileId(0), text.into())
}

/// A tree is sound if its leaves are the text, its nodes nest and nothing was given up.
fn check(text: &str) -> Parsed {
    let parsed = read(text);
    let tree = &parsed.tree;
    let leaves: String = tree.leaves().map(|l| l.text()).collect();
    assert_eq!(leaves, text, "a byte is lost");
    nest(tree.root());
    assert_eq!(tree.root().descendants().count(), tree.len());
    parsed
}

/// Nothing was given up.
fn whole(parsed: &Parsed) {
    assert!(parsed.diagnostics.iter().all(|d| d.rule.as_ref() != "nesting-too-deep"), "{:?}", parsed.tree.text());
}

fn nest(node: Node<'_>) {
    let mut at = node.span().start;
    for child in node.children() {
        assert!(child.span().start >= at && child.span().end <= node.span().end, "{child:?} in {node:?}");
        at = child.span().end;
        nest(child);
    }
}

#[test]
fn examples_and_stdlib_have_no_mistake() {
    for (path, text) in sources() {
        let parsed = check(&text);
        assert!(parsed.diagnostics.is_empty(), "{}: {:#?}", path.display(), parsed.diagnostics);
    }
}

#[test]
fn any_soup_of_tokens_is_read() {
    let mut random = Random(7);
    for _ in 0..200_000 {
        whole(&check(&soup(&mut random)));
    }
}

#[test]
fn any_mutation_of_a_real_file_is_read() {
    let mut random = Random(11);
    for (_, text) in sources() {
        let rounds = (500_000 / text.len().max(1)).clamp(20, 200);
        for _ in 0..rounds {
            whole(&check(&mutation(&text, &mut random)));
        }
    }
}

#[test]
fn any_text_is_read() {
    for text in [
        "",
        "\n",
        " ",
        "\u{FEFF}",
        "\u{a0}",
        "é = 1",
        "a = \"é",
        "\\",
        "\r",
        "\r\n",
        "\"\"\"",
        "\"\"\"\"",
        "\"${",
        "${",
        "//",
        "///",
        "#",
        "'",
        "@",
        "@@",
        "\0",
        "日本 = {",
    ] {
        check(text);
    }
}

/// The ways to nest, each as what opens, what stands inside, and what closes.
const NESTS: &[(&str, &str, &str)] = &[
    ("a = ((", "((", ""),
    ("a = [", "[", ""),
    ("a ", "{ a ", ""),
    ("a = ", "\"${", ""),
    ("a = ", "f(x, ", ""),
    ("a = b", "[c", ""),
    ("type t = ", "[", ""),
    ("type t = ", "(", ""),
    ("type t = ", "{ a: ", ""),
    ("", "if x { ", ""),
    ("if a { }", " else if b { }", ""),
    ("a = 1", " if b else 1", ""),
    ("a = 1", " if b\n else 1", ""),
    ("", "{", ""),
    ("", "}", ""),
    ("", "(", ""),
    ("a = [", "{ b = [", ""),
    ("f", "(f", ""),
    ("a b ", "x {", ""),
    ("component c(", "a: [(", ""),
    ("a = ", "{ b = \"${f([", ""),
];

#[test]
fn ten_thousand_brackets_are_one_message() {
    for (before, inner, after) in NESTS {
        for n in [DEEPEST, DEEPEST * 2, 10_000] {
            let text = format!("{before}{}{after}", inner.repeat(n));
            let parsed = check(&text);
            if n == 10_000 && parsed.diagnostics.iter().any(|d| d.rule.as_ref() == "nesting-too-deep") {
                assert_eq!(parsed.diagnostics.len(), 1, "{before}{inner}");
            }
        }
    }
}

#[test]
fn nesting_up_to_the_cap_is_read() {
    let nested = |open: &str, close: &str, n: usize| format!("a = {}1{}", open.repeat(n), close.repeat(n));
    for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("\"${", "}\""), ("{ a = ", " }"), ("b[", "]")] {
        assert!(check(&nested(open, close, DEEPEST)).diagnostics.is_empty(), "{open}");
        let found = check(&nested(open, close, DEEPEST + 1)).diagnostics;
        assert_eq!(found.len(), 1, "{open}");
        assert_eq!(found[0].rule.as_ref(), "nesting-too-deep");
    }
}

#[test]
fn a_leaf_knows_what_it_is() {
    let tree: Tree = read("/// doc\n// note\nlet a = \"x${b}\" //! c\n").tree;
    let told: Vec<String> =
        tree.leaves().filter(|l| l.kind != LeafKind::Whitespace).map(|l| format!("{:?} {}", l.kind, l.text())).collect();
    assert_eq!(
        told,
        [
            "Doc /// doc",
            "Comment // note",
            "Keyword let",
            "Node a",
            "Punct =",
            "Punct \"",
            "Node x",
            "Punct ${",
            "Node b",
            "Punct }",
            "Punct \"",
            "Doc //! c"
        ]
    );
}

#[test]
fn documentation_is_what_stands_directly_above() {
    let tree = read("/// no\n\n/// one\n///two\n@id(\"X\")\nqueue a { }\nqueue b { /// c\n x = 1 }\n").tree;
    let docs: Vec<Option<String>> = tree.root().all(Kind::entry).map(Node::doc).collect();
    assert_eq!(docs, [Some("one\ntwo".to_owned()), None]);
}
