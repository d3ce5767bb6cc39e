//! Documents of other tools: values, places, budgets, and the mistakes that people make.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod generated;

use proptest::prelude::*;
use purlin::base::{Diagnostic, FileId, Severity, Span, budget};
use purlin::document::{Data, Form, Node, read};
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn yaml(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    read(text, FileId(3), Form::Yaml)
}

/// A document without findings.
fn clean(text: &str, form: Form) -> Node {
    let (node, findings) = read(text, FileId(3), form);
    assert!(findings.is_empty(), "{text:?}: {findings:?}");
    node.unwrap_or_else(|| panic!("{text:?} gives nothing"))
}

fn value(text: &str) -> Json {
    clean(text, Form::Yaml).to_json()
}

/// The only finding.
fn fault(text: &str, form: Form) -> Diagnostic {
    let (_, mut findings) = read(text, FileId(3), form);
    assert_eq!(findings.len(), 1, "{text:?}: {findings:?}");
    findings.remove(0)
}

fn slice(text: &str, span: Span) -> &str {
    assert_eq!(span.file, FileId(3));
    text.get(span.range()).unwrap_or_else(|| panic!("{span:?} of {text:?}"))
}

#[test]
fn the_notation_follows_from_the_name_or_the_text() {
    for (path, text, form) in [
        ("a.json", "x", Form::Json),
        ("a.JSON", "x", Form::Json),
        ("a.yaml", "{}", Form::Yaml),
        ("a.yml", "{}", Form::Yaml),
        ("a.template", "\u{feff} \n {", Form::Json),
        ("a.template", "a: 1", Form::Yaml),
        ("json", "[", Form::Json),
    ] {
        assert_eq!(Form::of(path, text), form, "{path} {text:?}");
    }
}

/// Values with what they are, in every way to write them, within a map and within a list.
#[test]
fn each_way_to_write_a_value_gives_its_value_and_its_place() {
    let long = "x".repeat(3000);
    let plain: Vec<(String, Json)> = [
        ("text", json!("text")),
        ("'it''s'", json!("it's")),
        (r#""\u00e9\n""#, json!("é\n")),
        ("größe", json!("größe")),
        ("012345678901", json!("012345678901")),
        ("12345678901", json!(12345678901u64)),
        ("2012-10-17", json!("2012-10-17")),
        ("'2012-10-17'", json!("2012-10-17")),
        ("22:22", json!("22:22")),
        ("1_000", json!("1_000")),
        ("0x1F", json!("0x1F")),
        ("1e3", json!("1e3")),
        ("1.5", json!(1.5)),
        ("-7", json!(-7)),
        ("0", json!(0)),
        ("yes", json!(true)),
        ("No", json!(false)),
        ("on", json!(true)),
        ("OFF", json!(false)),
        ("y", json!("y")),
        ("'yes'", json!("yes")),
        ("true", json!(true)),
        ("null", json!(null)),
        ("~", json!(null)),
        ("!Ref a", json!({"Ref": "a"})),
        ("!Ref 'a'", json!({"Ref": "a"})),
        ("!Condition c", json!({"Condition": "c"})),
        ("!GetAtt a.b.c", json!({"Fn::GetAtt": ["a", "b.c"]})),
        ("!GetAtt [a, b]", json!({"Fn::GetAtt": ["a", "b"]})),
        ("!GetAtt 'a.b'", json!({"Fn::GetAtt": ["a", "b"]})),
        ("!Sub '${a}-${b}'", json!({"Fn::Sub": "${a}-${b}"})),
        ("!Sub 7", json!({"Fn::Sub": "7"})),
        ("!If [c, !Ref a, !Ref 'AWS::NoValue']", json!({"Fn::If": ["c", {"Ref": "a"}, {"Ref": "AWS::NoValue"}]})),
        ("!Select [0, !Split [',', !Ref a]]", json!({"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "a"}]}]})),
        ("!Transform {Name: x}", json!({"Fn::Transform": {"Name": "x"}})),
        ("!!str 012", json!("012")),
        ("!!str yes", json!("yes")),
        ("!!int '7'", json!(7)),
        ("! 7", json!("7")),
        ("[a, 'b', {c: d}]", json!(["a", "b", {"c": "d"}])),
        ("{a: [], b: {}}", json!({"a": [], "b": {}})),
        ("{\"a\":1}", json!({"a": 1})),
    ]
    .into_iter()
    .map(|(text, value)| (text.to_owned(), value))
    .chain([(long.clone(), json!(long))])
    .collect();
    for (written, expected) in plain {
        for (before, after, path) in [
            ("k: ", "\nz: 1\n", &["k"][..]),
            ("a:\n  é:\n    - ", "\n", &["a", "é", "0"]),
            ("{k: ", "}", &["k"]),
            ("k: ", "   # comment\n", &["k"]),
        ] {
            for end in ["\n", "\r\n"] {
                for mark in ["", "\u{feff}"] {
                    let text = format!("{mark}{before}{written}{after}").replace('\n', end);
                    let tree = clean(&text, Form::Yaml);
                    let node = path.iter().fold(&tree, |node, key| node.get(key).or_else(|| node.items().first()).unwrap());
                    assert_eq!(node.to_json(), expected, "{text:?}");
                    assert_eq!(slice(&text, node.span), written, "{text:?}");
                    let first = tree.entries()[0].span;
                    assert_eq!(slice(&text, first), path[0], "{text:?}");
                }
            }
        }
    }
}

#[test]
fn parts_of_short_forms_have_their_own_places() {
    let text = "x: !GetAtt Table.StreamArn\ny: !If [c, !Sub '${a}', !Ref b]\nz:\n  !Join\n    - ''\n    - - !Ref q\n";
    let tree = clean(text, Form::Yaml);
    let parts = tree.get("x").unwrap().get("Fn::GetAtt").unwrap().items();
    assert_eq!(parts.iter().map(|p| slice(text, p.span)).collect::<Vec<_>>(), ["Table", "StreamArn"]);
    assert_eq!(slice(text, tree.get("x").unwrap().entries()[0].span), "!GetAtt");
    let branches = tree.get("y").unwrap().get("Fn::If").unwrap().items();
    assert_eq!(branches.iter().map(|p| slice(text, p.span)).collect::<Vec<_>>(), ["c", "!Sub '${a}'", "!Ref b"]);
    let join = tree.get("z").unwrap();
    assert_eq!(slice(text, join.span), "!Join\n    - ''\n    - - !Ref q");
    assert_eq!(join.get("Fn::Join").unwrap().items()[1].items()[0].to_json(), json!({"Ref": "q"}));
}

#[test]
fn blocks_of_text_have_their_places() {
    for (written, expected, inner) in [
        ("|\n  a é\n\n  b\n", "a é\n\nb\n", "a é\n\n  b"),
        ("|-\n  a\n  b\n", "a\nb", "a\n  b"),
        (">\n  a\n  b\n\n  c\n", "a b\nc\n", "a\n  b\n\n  c"),
        (">-\n  a\n  b\n", "a b", "a\n  b"),
        ("|+\n  a\n\n", "a\n\n", "a"),
        ("a\n  b\n", "a b", "a\n  b"),
        ("\"a\\\n  b\"\n", "ab", "\"a\\\n  b\""),
        ("!Sub |\n  a\n", "", "!Sub |\n  a"),
    ] {
        for end in ["\n", "\r\n"] {
            let text = format!("k: {written}z: 1\n").replace('\n', end);
            let tree = clean(&text, Form::Yaml);
            let node = tree.get("k").unwrap();
            assert_eq!(slice(&text, node.span), inner.replace('\n', end), "{text:?}");
            if !expected.is_empty() {
                assert_eq!(node.as_str(), Some(expected), "{text:?}");
            }
            assert_eq!(slice(&text, tree.get("z").unwrap().span), "1");
        }
    }
}

#[test]
fn empty_values_are_between_their_neighbours() {
    let text = "a:\nb: \nc:\n  -\n  - x\n";
    let tree = clean(text, Form::Yaml);
    assert_eq!(tree.to_json(), json!({"a": null, "b": null, "c": [null, "x"]}));
    let (a, b) = (tree.get("a").unwrap().span, tree.get("b").unwrap().span);
    assert!(a.is_empty() && a.start == 2, "{a:?}");
    assert!(b.is_empty() && (5..=6).contains(&b.start), "{b:?}");
    // The end of a block is that of its last part.
    assert_eq!(slice("a:\n  b: c\n\n# x\nd: e\n", clean("a:\n  b: c\n\n# x\nd: e\n", Form::Yaml).get("a").unwrap().span), "b: c");
}

#[test]
fn aliases_share_what_they_repeat() {
    let text = "a: &x {b: [1]}\nc: *x\nd:\n  <<: *x\n  e: 2\nf:\n  <<: [*x, {b: 3, g: 4}]\n  b: 5\n";
    let tree = clean(text, Form::Yaml);
    assert_eq!(tree.to_json(), json!({"a": {"b": [1]}, "c": {"b": [1]}, "d": {"e": 2, "b": [1]}, "f": {"b": 5, "g": 4}}));
    assert_eq!(slice(text, tree.get("c").unwrap().span), "*x");
    let Data::Map(first) = &tree.get("a").unwrap().data else { panic!() };
    let Data::Map(second) = &tree.get("c").unwrap().data else { panic!() };
    assert!(std::sync::Arc::ptr_eq(first, second));
    // As a key, and of a text in a list.
    assert_eq!(value("- &k key\n- {*k : 1}\n- *k\n"), json!(["key", {"key": 1}, "key"]));
    assert_eq!(value("&k key: *k\n"), json!({"key": "key"}));
    assert_eq!(value("'<<': 1\n"), json!({"<<": 1}));
}

#[test]
fn keys_are_the_texts_that_are_written() {
    assert_eq!(value("on: 1\n012: 2\nnull: 3\n'a b': 4\n? c\n: 5\n"), json!({"on": 1, "012": 2, "null": 3, "a b": 4, "c": 5}));
}

#[test]
fn a_mistake_is_one_finding_at_its_place() {
    let all = [
        ("a: 1\na: 2\n", "duplicate-key", "a", "set twice", Severity::Warning),
        ("a: *x\n", "document-syntax", "*x", "no anchor", Severity::Error),
        ("&a [*a]\n", "document-syntax", "*a", "part of what it repeats", Severity::Error),
        ("a: !Reff x\n", "unknown-tag", "!Reff", "not a short form", Severity::Error),
        ("a: !ref x\n", "unknown-tag", "!ref", "not a short form", Severity::Error),
        ("a: !!binary x\n", "unknown-tag", "!!binary", "not a short form", Severity::Error),
        ("a: !!int x\n", "document-syntax", "!!int", "does not fit", Severity::Error),
        ("a:\n\tb: 1\n", "document-syntax", "", "tab", Severity::Error),
        ("a: b: c\n", "document-syntax", ":", "cannot begin here", Severity::Error),
        ("a: [1, 2\n", "document-syntax", "[", "has no `]`", Severity::Error),
        ("a: @x\n", "document-syntax", "@", "cannot begin with `@`", Severity::Error),
        ("a: 'x\n", "document-syntax", "'", "closing quote", Severity::Error),
        ("a:\n  b: 1\n c: 2\n", "document-syntax", "c", "indentation", Severity::Error),
        ("a: !Base64 !Sub x\n", "document-syntax", "!", "value of another short form", Severity::Error),
        ("a: {{x}}\n", "document-syntax", "{x}", "must be a text", Severity::Error),
        ("<<: 1\n", "document-syntax", "1", "takes a map", Severity::Error),
        ("a: 1\n---\nb: 2\n", "document-syntax", "---", "second document", Severity::Error),
        ("", "document-syntax", "", "empty", Severity::Error),
        ("# only\n", "document-syntax", "", "empty", Severity::Error),
    ];
    for (text, rule, place, message, severity) in all {
        let found = fault(text, Form::Yaml);
        assert_eq!((&*found.rule, found.severity), (rule, severity), "{text:?}: {found:?}");
        assert!(found.message.contains(message), "{text:?}: {}", found.message);
        let at = slice(text, found.primary.span);
        assert!(place.is_empty() || at == place, "{text:?}: at {at:?}");
    }
    let json = [
        ("", "empty"),
        ("{\"a\": 1,}", "no comma after the last"),
        ("{\"a\": 1 \"b\": 2}", "expected `,`"),
        ("{\"a\" 1}", "expected `:`"),
        ("{a: 1}", "double quotes"),
        ("{\"a\": 1} x", "ends before"),
        ("{\"a\": 1", "has no `}`"),
        ("[1", "has no `]`"),
        ("// x\n{}", "no comments"),
        ("{\"a\": \"x}", "closing quote"),
        ("{\"a\": 'x'}", "double quotes"),
        ("{\"a\": 1, \"a\": 2}", "set twice"),
        ("{\"a\": tru}", "not valid JSON"),
    ];
    for (text, message) in json {
        let found = fault(text, Form::Json);
        assert!(found.message.contains(message), "{text:?}: {}", found.message);
        slice(text, found.primary.span);
    }
}

#[test]
fn a_control_character_in_a_text_of_json_is_refused_where_it_is() {
    for control in (0..0x20u8).map(char::from) {
        for mark in ["", "\u{feff}"] {
            for (before, after) in [("{\"a\": \"\\\"x", "\"}"), ("{\"é", "\": 1}"), ("[\"\", \"\\\\", "\"]")] {
                let text = format!("{mark}{before}{control}{after}");
                let found = fault(&text, Form::Json);
                // A line break ends the line of the text, and its closing quote is what is missing.
                if !matches!(control, '\n' | '\r') {
                    assert!(found.message.contains("no control characters"), "{text:?}: {}", found.message);
                    assert_eq!(found.primary.span.range(), mark.len() + before.len()..mark.len() + before.len() + 1, "{text:?}");
                }
            }
        }
    }
}

#[test]
fn a_duplicate_key_shows_both_places_and_the_last_value_counts() {
    for (text, form) in [("Resources:\n  A: 1\n  B: 2\n  A: 3\n", Form::Yaml), (r#"{"Resources": {"A": 1, "B": 2, "A": 3}}"#, Form::Json)] {
        let (node, findings) = read(text, FileId(3), form);
        assert_eq!(node.unwrap().to_json(), json!({"Resources": {"A": 3, "B": 2}}));
        assert_eq!(findings.len(), 1);
        let (first, second) = (findings[0].related[0].span, findings[0].primary.span);
        assert!(first.start < second.start && slice(text, first).contains('A') && slice(text, second).contains('A'));
    }
    // Far from one another, in a map that is searched by table.
    let many: String = (0..200).map(|n| format!("k{n}: {n}\n")).chain(["k7: x\n".to_owned()]).collect();
    let (node, findings) = yaml(&many);
    assert_eq!((node.unwrap().get("k7").unwrap().as_str(), findings.len()), (Some("x"), 1));
}

#[test]
fn what_is_hostile_is_one_finding_in_no_time() {
    let laughs: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..40).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "))))
        .collect();
    let merged: String = std::iter::once("a0: &a0 {k0: 0}\n".to_owned())
        .chain((1..3000).map(|n| format!("a{n}: &a{n} {{<<: *a{}, k{n}: {n}}}\n", n - 1)))
        .collect();
    let all = [
        ("laughs", laughs, Form::Yaml),
        ("merged", merged, Form::Yaml),
        ("flow", "[".repeat(100_000), Form::Yaml),
        ("flow, closed", "[".repeat(100_000) + &"]".repeat(100_000), Form::Yaml),
        ("maps", "{a: ".repeat(50_000), Form::Yaml),
        ("blocks", (0..3000).map(|n| " ".repeat(n) + "a:\n").collect(), Form::Yaml),
        ("lists", "- ".repeat(5000) + "x", Form::Yaml),
        ("alias depth", (1..150).fold("- &a0 [[[[x]]]]\n".to_owned(), |t, n| t + &format!("- &a{n} [[*a{}]]\n", n - 1)), Form::Yaml),
        ("json lists", "[".repeat(100_000), Form::Json),
        ("json maps", "{\"a\":".repeat(100_000), Form::Json),
        ("json closed", "[".repeat(300) + &"]".repeat(300), Form::Json),
        ("bytes", format!("a: {}", "x".repeat(50 << 20)), Form::Yaml),
        ("values", format!("[{}1]", "1,".repeat(budget::DOCUMENT_NODES)), Form::Json),
    ];
    for (name, text, form) in all {
        let start = Instant::now();
        let found = fault(&text, form);
        assert_eq!(&*found.rule, "document-too-large", "{name}: {found:?}");
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn what_is_large_is_read_in_linear_time() {
    let texts = [
        ("keys", (0..60_000).map(|n| format!("key{n}: {n}\n")).collect::<String>()),
        ("duplicates", "key: 1\n".repeat(60_000)),
        ("anchors", (0..60_000).map(|n| format!("- &a{n} x\n- *a{n}\n")).collect()),
        ("unknown", "- *x\n".repeat(60_000)),
        ("quotes", "- 'x'\n- \"\\u00e9\"\n".repeat(60_000)),
        ("comments", "# comment\n".repeat(100_000) + "a: 1\n"),
        ("long text", format!("a: |\n{}", "  line\n".repeat(200_000))),
        ("long line", format!("a: {}", "word ".repeat(200_000))),
        ("tags", "- !Foo x\n".repeat(60_000)),
        ("questions", "? a\n".repeat(60_000)),
        ("colons", ": ".repeat(60_000)),
        ("braces", "{}".repeat(60_000)),
        ("tabs", "\t".repeat(60_000)),
        ("ampersands", "&".repeat(60_000)),
        ("documents", "---\n".repeat(60_000)),
        ("directives", "%TAG ! x\n".repeat(60_000)),
    ];
    for (name, text) in texts {
        for form in [Form::Yaml, Form::Json] {
            let start = Instant::now();
            let (_, findings) = read(&text, FileId(3), form);
            assert!(findings.len() <= 101, "{name}: {} findings", findings.len());
            assert!(start.elapsed() < Duration::from_secs(10), "{name} {form:?}: {:?}", start.elapsed());
        }
    }
}

/// All documents that the repository has: examples of templates, and what the compiler emits.
fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join("tests"), root.join("examples"), root.join(".tools/carried")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with("template.json") || name.ends_with(".yaml") || name.ends_with(".yml") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Every scalar as a text, as the oracle writes it.
fn texts(node: &Node) -> Json {
    match &node.data {
        Data::Null => Json::Null,
        Data::Bool(b) => json!(b),
        Data::Number(text) | Data::Text(text) => json!(&**text),
        Data::List(items) => items.iter().map(texts).collect(),
        Data::Map(entries) => Json::Object(entries.iter().map(|e| (e.key.to_string(), texts(&e.value))).collect()),
    }
}

/// Every part lies within what contains it, unless an alias repeats it, and scalars without escapes are what is written.
fn check_places(text: &str, node: &Node, path: &str) {
    assert!(text.get(node.span.range()).is_some(), "{path}: {:?}", node.span);
    if let Some(scalar) = node.as_str().filter(|s| !s.contains('\n')) {
        let written = slice(text, node.span);
        let bare = written.trim_matches(['"', '\'']);
        let folded = written.contains(['\n', '\\', '\'', '"', '&', '!', '*']);
        assert!(folded || bare == scalar, "{path}: {written:?} is not {scalar:?}");
    }
    for (at, item) in node.items().iter().enumerate() {
        check_places(text, item, &format!("{path}[{at}]"));
    }
    for entry in node.entries() {
        let path = format!("{path}.{}", entry.key);
        let written = slice(text, entry.span);
        assert!(written.trim_matches(['"', '\'']) == &*entry.key || written.contains(['\\', '!', '*', '&']), "{path}: {written:?}");
        check_places(text, &entry.value, &path);
    }
}

#[test]
fn documents_are_read_as_libyaml_reads_them() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/venv/bin/python");
    let files: Vec<(PathBuf, Node)> = corpus()
        .into_iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let (node, findings) = read(&text, FileId(3), Form::of(&path.to_string_lossy(), &text));
            // Templates of project generators are no YAML before they are filled in.
            if text.contains("{%") || text.contains("{{") {
                return None;
            }
            assert!(findings.is_empty(), "{}: {findings:?}", path.display());
            let node = node.unwrap();
            check_places(&text, &node, "");
            Some((path, node))
        })
        .collect();
    assert!(files.len() > 30, "{} documents", files.len());
    if !python.exists() {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/documents.py");
    let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let paths: String = files.iter().map(|(path, _)| format!("{}\n", path.display())).collect();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(paths.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.lines().count(), files.len());
    for ((path, node), line) in files.iter().zip(lines.lines()) {
        let expected: Json = serde_json::from_str(line).unwrap();
        assert_eq!(texts(node), expected, "{}", path.display());
    }
}

fn seed() -> impl Strategy<Value = String> {
    let files: Vec<String> = corpus().iter().map(|p| std::fs::read_to_string(p).unwrap()).filter(|t| t.len() < 6000).collect();
    proptest::sample::select(files)
}

/// Pieces that mean something in JSON or YAML.
const PIECES: &[&str] = &[
    "\n", "\r\n", "\t", " ", "  ", "- ", "? ", ": ", ":", ",", "[", "]", "{", "}", "&a ", "*a", "!Ref ", "!GetAtt ", "!", "|\n", ">-\n",
    "'", "\"", "\\", "#", " #", "---\n", "...\n", "%", "<<: *a", "~", "é", "\u{feff}", "\u{2028}", "\u{0}", "@", "`", "1e5", "//",
];

proptest! {
    #![proptest_config(generated::config(200))]

    #[test]
    fn a_changed_document_is_read_or_refused_at_a_place(
        text in seed(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..40usize, 0..3u8), 1..6),
    ) {
        let mut text = text;
        for (at, piece, len, what) in edits {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let start = at.index(places.len());
            let end = (start + len).min(places.len() - 1);
            let (from, to) = (places[start], if what == 0 { places[start] } else { places[end] });
            let new = if what == 1 { "" } else { PIECES[piece.index(PIECES.len())] };
            text.replace_range(from..to, new);
        }
        for form in [Form::Yaml, Form::Json] {
            let (node, findings) = read(&text, FileId(3), form);
            prop_assert!(node.is_some() || !findings.is_empty());
            for finding in &findings {
                let places = std::iter::once(&finding.primary).chain(&finding.related);
                places.for_each(|label| {
                    slice(&text, label.span);
                });
            }
            if let Some(node) = node {
                let mut parts = vec![&node];
                while let Some(part) = parts.pop() {
                    slice(&text, part.span);
                    parts.extend(part.items());
                    parts.extend(part.entries().iter().map(|e| &e.value));
                }
            }
        }
    }

    #[test]
    fn texts_of_json_are_read_as_serde_reads_them(text in r#""([a-z"\\/bfnrtu0-9dDeE\x01\x1f\x7f\t\né]|\\[u"\\/nx]|\\u[dD][89c][0-9a-f]{2}){0,8}""#) {
        let expected = serde_json::from_str::<Json>(&text).ok();
        let found = read(&text, FileId(3), Form::Json).0.map(|n| n.to_json());
        prop_assert!(found == expected, "{:?}: {:?}, expected {:?}", text, found, expected);
    }

    #[test]
    fn json_is_read_as_serde_reads_it(text in r#"[\[\]{}:,"\\/ nulltrefas0-9eE+.\-uU\x01é'#]{0,12}"#) {
        let ours = read(&text, FileId(3), Form::Json);
        match serde_json::from_str::<Json>(&text) {
            Ok(expected) => {
                let found = ours.0.map(|n| n.to_json());
                prop_assert!(found == Some(expected), "{:?}", text);
            }
            Err(_) => prop_assert!(ours.0.is_none(), "{:?} is accepted", text),
        }
    }
}
