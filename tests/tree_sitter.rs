//! The grammar for editors says the same of correct texts as the grammar of the compiler, and its queries show it.
//!
//! After a change of `grammar.js`: `UPDATE_PARSER=1 cargo test --test tree_sitter` writes the generated files anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod texts;

use purlin::base::FileId;
use purlin::syntax::{Kind, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tree_sitter::{Node, Parser, Query, QueryCursor, StreamingIterator as _};

const HOME: &str = "editors/tree-sitter-purlin";
/// Read by the tree-sitter of every editor since 2022.
const ABI: usize = 14;
const GENERATED: &[&str] =
    &["grammar.json", "node-types.json", "parser.c", "tree_sitter/alloc.h", "tree_sitter/array.h", "tree_sitter/parser.h"];

fn tree(text: &str) -> tree_sitter::Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_purlin::LANGUAGE.into()).unwrap();
    parser.parse(text, None).unwrap()
}

fn every<'t>(node: Node<'t>, out: &mut Vec<Node<'t>>) {
    out.push(node);
    for child in node.children(&mut node.walk()) {
        every(child, out);
    }
}

fn nodes(tree: &tree_sitter::Tree) -> Vec<Node<'_>> {
    let mut all = Vec::new();
    every(tree.root_node(), &mut all);
    all
}

/// Every correct Purlin file of the repository.
fn correct() -> Vec<(PathBuf, String)> {
    let mut all = texts::sources();
    for case in std::fs::read_dir("tests/golden").unwrap().flatten() {
        if !case.file_name().to_string_lossy().starts_with("wrong") {
            let files = std::fs::read_dir(case.path()).unwrap().flatten().map(|e| e.path());
            all.extend(
                files.filter(|p| p.extension().is_some_and(|e| e == "purlin")).map(|p| (p.clone(), std::fs::read_to_string(p).unwrap())),
            );
        }
    }
    all.push(("tests/editors/highlights.purlin".into(), include_str!("editors/highlights.purlin").into()));
    assert!(all.len() > 60, "{}", all.len());
    all
}

#[test]
fn the_parser_is_what_the_grammar_generates() {
    let made = tempfile::tempdir().unwrap();
    let grammar = made.path().join("grammar.js");
    std::fs::copy(Path::new(HOME).join("grammar.js"), &grammar).unwrap();
    std::fs::copy(Path::new(HOME).join("tree-sitter.json"), made.path().join("tree-sitter.json")).unwrap();
    let mut told = Vec::new();
    let best = tree_sitter_generate::OptLevel::default();
    tree_sitter_generate::generate_parser_in_directory(
        made.path(),
        None::<PathBuf>,
        Some(grammar),
        ABI,
        None,
        Some("node"),
        true,
        best,
        &mut told,
    )
    .unwrap();
    assert!(told.is_empty(), "{told:?}");
    for name in GENERATED {
        let (fresh, kept) = (made.path().join("src").join(name), Path::new(HOME).join("src").join(name));
        if std::env::var_os("UPDATE_PARSER").is_some() {
            std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
            std::fs::copy(&fresh, &kept).unwrap();
        }
        let same = std::fs::read(&fresh).unwrap() == std::fs::read(&kept).unwrap_or_default();
        assert!(same, "{} is old: UPDATE_PARSER=1 cargo test --test tree_sitter", kept.display());
    }
}

#[test]
fn correct_files_have_no_error() {
    for (path, text) in correct() {
        let tree = tree(&text);
        let wrong = nodes(&tree).into_iter().find(|n| n.is_error() || n.is_missing());
        assert!(wrong.is_none(), "{}: {wrong:?}", path.display());
    }
}

#[test]
fn what_is_wrong_is_an_error() {
    for text in ["queue jobs {", "queue { = 1 }", "let x 1", "a = b\n as s", "use x", "output x = (1", "for x { }", "let l = [1 2]"] {
        assert!(tree(text).root_node().has_error(), "{text}\n{}", tree(text).root_node().to_sexp());
    }
}

#[test]
fn what_is_being_written_is_read_and_read_again_in_part() {
    let mut random = texts::Random(23);
    for (path, text) in correct().into_iter().filter(|(p, _)| !p.to_string_lossy().contains("stdlib")) {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_purlin::LANGUAGE.into()).unwrap();
        for _ in 0..20 {
            let at = random.below(text.len());
            let at = (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap();
            let token = random.pick(texts::TOKENS);
            let changed = format!("{} {token} {}", &text[..at], &text[at..]);
            let mut old = tree(&text);
            let point = |offset: usize, of: &str| {
                let before = &of[..offset];
                tree_sitter::Point::new(before.matches('\n').count(), before.len() - before.rfind('\n').map_or(0, |n| n + 1))
            };
            let end = at + token.len() + 2;
            old.edit(&tree_sitter::InputEdit {
                start_byte: at,
                old_end_byte: at,
                new_end_byte: end,
                start_position: point(at, &text),
                old_end_position: point(at, &text),
                new_end_position: point(end, &changed),
            });
            let again = parser.parse(&changed, Some(&old)).unwrap();
            assert_eq!(again.root_node().end_byte(), changed.len(), "{}", path.display());
            // With a mistake in it the way back may differ; without one there is a single tree.
            if !tree(&changed).root_node().has_error() {
                assert_eq!(again.root_node().to_sexp(), tree(&changed).root_node().to_sexp(), "{}: {token} at {at}", path.display());
            }
        }
    }
}

/// What a node of the compiler's tree is called in tree-sitter's.
fn called(kind: Kind) -> Option<String> {
    let name = format!("{kind:?}");
    Some(match name.as_str() {
        "export_stmt" => "output_statement".into(),
        "keyed" | "entry" => "entry".into(),
        "long" => "long_string".into(),
        "param" => "parameter".into(),
        "in_range" | "length" | "matching" => "refinement".into(),
        "attribute" | "binder" | "block" | "string" | "interpolation" | "list" | "comprehension" | "argument" | "literal" | "name"
        | "type_field" | "type_list" | "type_record" | "range" | "escape" => name,
        _ => format!("{}ement", name.strip_suffix("_stmt").map(|n| format!("{n}_stat"))?),
    })
}

/// The same of tree-sitter's, where its tree tells more apart.
fn same(node: Node<'_>) -> Option<String> {
    let within = node.parent().map_or("", |p| p.kind());
    Some(match node.kind() {
        "constant" => "name".into(),
        "function" if node.prev_sibling().is_none() => "name".into(),
        "function" => return None,
        // The compiler has a node for the second binder and those that follow.
        "binder" if node.prev_sibling().is_none_or(|before| before.kind() != ",") => return None,
        // It reads a bound as one text.
        "literal" if within == "bound" => return None,
        kind => kind.into(),
    })
}

#[test]
fn both_grammars_see_the_same() {
    for (path, text) in correct() {
        let compiler = parse(FileId(0), text.as_str().into()).tree;
        let expected: BTreeSet<(usize, String)> =
            compiler.root().descendants().filter_map(|n| Some((n.span().start as usize, called(n.kind())?))).collect();
        let known: BTreeSet<&String> = expected.iter().map(|(_, kind)| kind).collect();
        let tree = tree(&text);
        let seen: BTreeSet<(usize, String)> = nodes(&tree)
            .into_iter()
            .filter(Node::is_named)
            .filter_map(|n| Some((n.start_byte(), same(n)?)))
            .filter(|(_, k)| known.contains(k))
            .collect();
        let apart: Vec<_> =
            expected.symmetric_difference(&seen).take(5).map(|(at, kind)| (kind, &text[*at..text.len().min(at + 40)])).collect();
        assert!(apart.is_empty(), "{}: {apart:#?}", path.display());
    }
}

/// The words that a text in pest's or tree-sitter's notation quotes.
fn quoted(text: &str) -> BTreeSet<String> {
    let words = regex::Regex::new(r#""([a-z_]{2,})""#).unwrap();
    words.captures_iter(text).map(|c| c[1].to_owned()).collect()
}

fn keywords_of_the_compiler() -> BTreeSet<String> {
    include_str!("../grammar/purlin.pest").lines().filter(|l| !l.starts_with("//")).flat_map(quoted).collect()
}

#[test]
fn the_keywords_are_those_of_the_compiler() {
    let grammar: serde_json::Value = serde_json::from_str(include_str!("../editors/tree-sitter-purlin/src/grammar.json")).unwrap();
    let mut words = BTreeSet::new();
    literals(&grammar["rules"], &mut words);
    let mut expected = keywords_of_the_compiler();
    expected.extend(["true", "false", "none"].map(str::to_owned));
    assert_eq!(words, expected);
    // Each word that a statement begins with may be a name.
    let pest = include_str!("../grammar/purlin.pest");
    let list = pest.split("keyword = _{").nth(1).unwrap().split('}').next().unwrap();
    for word in quoted(list) {
        for text in
            [format!("{word} = 1"), format!("a {{ {word} {{ b = 1 }} }}"), format!("{word}: Int"), format!("let x = f({word}: 1).{word}")]
        {
            assert!(!tree(&text).root_node().has_error(), "{text}: {}", tree(&text).root_node().to_sexp());
        }
    }
}

/// Every word that a grammar names: as a text of its own or as what a word of the scanner is called.
fn literals(value: &serde_json::Value, out: &mut BTreeSet<String>) {
    if value["type"] == "STRING" || value["type"] == "ALIAS" && value["named"] == false {
        out.extend(quoted(&format!("{:?}", value["value"].as_str().unwrap())));
    }
    match value {
        serde_json::Value::Array(all) => all.iter().for_each(|v| literals(v, out)),
        serde_json::Value::Object(all) => all.values().for_each(|v| literals(v, out)),
        _ => {}
    }
}

fn query(name: &str) -> Query {
    let text = std::fs::read_to_string(Path::new(HOME).join("queries").join(name)).unwrap();
    Query::new(&tree_sitter_purlin::LANGUAGE.into(), &text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// What a query captures of a text: byte ranges, and the names that each was given.
fn captured(query: &Query, text: &str) -> BTreeMap<(usize, usize), BTreeSet<String>> {
    let tree = tree(text);
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(query, tree.root_node(), text.as_bytes());
    let mut all: BTreeMap<(usize, usize), BTreeSet<String>> = BTreeMap::new();
    while let Some(one) = matches.next() {
        for capture in one.captures() {
            let name = query.capture_names()[capture.index as usize].to_string();
            all.entry((capture.node.start_byte(), capture.node.end_byte())).or_default().insert(name);
        }
    }
    all
}

#[test]
fn highlights_are_known_to_editors() {
    // Those of Neovim's `:help treesitter-highlight-groups` that Helix knows too, by themselves or by what stands before the dot.
    const KNOWN: &[&str] = &[
        "attribute",
        "comment",
        "comment.documentation",
        "constant",
        "constant.builtin",
        "function",
        "keyword",
        "keyword.conditional",
        "keyword.repeat",
        "label",
        "module",
        "number",
        "operator",
        "property",
        "punctuation.bracket",
        "punctuation.delimiter",
        "punctuation.special",
        "string",
        "string.escape",
        "type",
        "variable",
        "variable.parameter",
    ];
    assert_eq!(query("highlights.scm").capture_names(), order(&query("highlights.scm"), KNOWN));
    assert_eq!(query("folds.scm").capture_names(), ["fold"]);
    assert_eq!(query("indents.scm").capture_names(), ["indent.begin", "indent", "indent.branch", "outdent", "indent.ignore"]);
}

/// Known names in the order in which a query uses them, so that unknown and unused ones both show.
fn order<'k>(query: &Query, known: &[&'k str]) -> Vec<&'k str> {
    let at = |name: &&str| query.capture_names().iter().position(|n| n == name).unwrap_or(usize::MAX);
    let mut all = known.to_vec();
    all.sort_by_key(at);
    all
}

#[test]
fn each_word_and_sign_is_highlighted_once() {
    let query = query("highlights.scm");
    for (path, text) in correct() {
        let captured = captured(&query, &text);
        let twice: Vec<_> = captured.iter().filter(|(_, names)| names.len() > 1).map(|((a, b), names)| (&text[*a..*b], names)).collect();
        assert!(twice.is_empty(), "{}: {twice:?}", path.display());
        let tree = tree(&text);
        for leaf in nodes(&tree).into_iter().filter(|n| n.child_count() == 0 && n.end_byte() > n.start_byte()) {
            let covered = captured.keys().any(|(a, b)| *a <= leaf.start_byte() && leaf.end_byte() <= *b);
            assert!(covered, "{}: {:?} of {:?} is plain", path.display(), &text[leaf.byte_range()], leaf.parent());
        }
    }
}

#[test]
fn highlights_as_text() {
    let text = include_str!("editors/highlights.purlin");
    let captured = captured(&query("highlights.scm"), text);
    let mut shown = String::new();
    let mut begin = 0;
    for line in text.split_inclusive('\n') {
        let within = captured.iter().filter(|((a, b), _)| *a >= begin && *a < begin + line.len() && !text[*a..*b].contains('\n'));
        let words: Vec<String> = within
            .filter(|(_, names)| !names.iter().any(|n| matches!(n.as_str(), "operator" | "punctuation.bracket" | "punctuation.delimiter")))
            .map(|((a, b), names)| format!("{}: {}", names.first().unwrap(), &text[*a..*b]))
            .collect();
        shown += &format!("| {line}");
        shown.extend(words.iter().map(|w| format!("    {w}\n")));
        begin += line.len();
    }
    insta::with_settings!({ snapshot_path => "editors", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("highlights", shown);
    });
}
