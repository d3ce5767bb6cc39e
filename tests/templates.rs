//! Templates as the reader understands them: what triggers what, who may do what, and what could not be read.
#![allow(clippy::unwrap_used, clippy::panic)]

use purlin::base::FileId;
use purlin::document::{Form, read};
use purlin::project::{Project, rules};
use purlin::template::{Alone, fault, summary};
use std::path::{Path, PathBuf};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| ["json", "yaml", "yml"].iter().any(|k| e == *k)) {
            out.push(path);
        }
    }
}

#[test]
fn the_table_is_sound() {
    assert_eq!(fault(), None);
}

#[test]
fn every_template_of_the_suite_is_read() {
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates"), &mut all);
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"), &mut all);
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        let (node, found) = read(&text, FileId(0), Form::of(&path.display().to_string(), &text));
        assert!(found.is_empty(), "{}: {found:?}", path.display());
        let Some(node) = node.filter(|node| node.get("Resources").is_some()) else { continue };
        let summary = summary(&node, "it".into(), &Alone);
        let spans = summary.resources.iter().map(|r| r.span).chain(summary.edges.iter().map(|e| e.span));
        for span in spans.chain(summary.rights.iter().map(|r| r.span)).chain(summary.opaque.iter().map(|o| o.span)) {
            assert!(text.get(span.range()).is_some_and(|t| !t.is_empty()), "{}: {span:?}", path.display());
        }
        assert!(summary.rights.iter().all(|r| !r.actions.is_empty() && !r.resources.is_empty()), "{}", path.display());
        rules::findings(&Project::join(vec![summary], &[]));
    }
}
