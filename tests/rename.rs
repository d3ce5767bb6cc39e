//! Renaming each declaration of each example: nothing new is found, and renaming back restores every byte.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use purlin::base::Span;
use purlin::ide::Index;
use purlin::session::{Analysis, FileSystem, Options, analyse, find};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files of the disk with other texts for some.
struct Over(BTreeMap<PathBuf, String>);

impl FileSystem for Over {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.get(path).map_or_else(|| std::fs::read(path), |text| Ok(text.clone().into_bytes()))
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut all: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| e.unwrap().path()).collect();
        all.sort();
        Ok(all)
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }
}

fn analysed(example: &Path, texts: &BTreeMap<PathBuf, String>) -> Analysis {
    let files: Arc<dyn FileSystem> = Arc::new(Over(texts.clone()));
    let project = find(&*files, example).unwrap();
    analyse(&files, &project, &Options { as_of: Some("2026-11-20".into()), ..Options::default() }).unwrap()
}

fn index(texts: &BTreeMap<PathBuf, String>, first: &Path) -> Index {
    let rest = texts.iter().filter(|(path, _)| *path != first);
    Index::new(texts.iter().filter(|(path, _)| *path == first).chain(rest).map(|(path, text)| (path.as_path(), text.as_str())))
}

fn applied(texts: &BTreeMap<PathBuf, String>, places: &[(PathBuf, Span)], new: &str) -> BTreeMap<PathBuf, String> {
    let mut out = texts.clone();
    let mut places = places.to_vec();
    places.sort_by_key(|(_, span)| std::cmp::Reverse(span.start));
    places.dedup();
    for (path, span) in places {
        out.get_mut(&path).unwrap().replace_range(span.range(), new);
    }
    out
}

#[test]
fn each_declaration_of_each_example_can_be_renamed_and_back() {
    let mut renamed = 0;
    let mut examples: Vec<_> = std::fs::read_dir("examples").unwrap().map(|e| e.unwrap().path()).collect();
    examples.sort();
    for example in examples {
        let sources = std::fs::read_dir(&example).unwrap().map(|f| f.unwrap().path());
        let texts: BTreeMap<PathBuf, String> = sources
            .filter(|f| f.extension().is_some_and(|e| e == "purlin"))
            .map(|path| (path.clone(), std::fs::read_to_string(&path).unwrap()))
            .collect();
        let before = analysed(&example, &texts);
        let resources =
            |analysis: &Analysis| analysis.stacks.iter().map(|s| s.template.as_ref().map_or(0, |t| t.resources.len())).collect::<Vec<_>>();
        for path in texts.keys() {
            let whole = index(&texts, path);
            let declared = whole.declared();
            // `report` is a word of the language elsewhere: nothing is renamed to it.
            for (name, span) in declared.iter().filter(|(name, _)| name != "report") {
                let shown = format!("{}: {name}", path.display());
                let found = whole.renamed(path, *span, "zzz_fresh").unwrap_or_else(|error| panic!("{shown}: {error}"));
                let new = applied(&texts, &found.places, "zzz_fresh");
                let after = analysed(&example, &new);
                let findings: Vec<_> = after.findings.iter().map(|f| format!("{} {}", f.rule, f.message)).collect();
                assert_eq!(after.findings.len(), before.findings.len(), "{shown}: {findings:?}");
                assert_eq!(resources(&after), resources(&before), "{shown}");
                let (of, first) = &found.places[0];
                let moved = found.places.iter().filter(|(p, s)| p == of && s.start < first.start).count();
                let shift = moved as i64 * ("zzz_fresh".len() as i64 - name.len() as i64);
                let start = (i64::from(first.start) + shift) as u32;
                let back =
                    index(&new, of).renamed(of, Span::new(first.file, start, start + 9), name).unwrap_or_else(|e| panic!("{shown}: {e}"));
                assert_eq!(applied(&new, &back.places, name), texts, "{shown}");
                renamed += 1;
                // A name that is taken in the file is refused, in whatever scope.
                for (other, _) in declared.iter().filter(|(other, _)| other != name) {
                    assert!(whole.renamed(path, *span, other).is_err(), "{shown} to {other}");
                }
                for word in ["if", "function", "true", "self"] {
                    assert!(whole.renamed(path, *span, word).is_err(), "{shown} to {word}");
                }
            }
        }
    }
    assert!(renamed > 100, "{renamed}");
}
