//! Findings as an editor shows them: pushed after every change, and pulled when asked for.

use super::convert::{Lines, path, uri};
use super::server::Server;
use crate::base::{Diagnostic as Finding, Edit, FileId, Severity, Span};
use crate::session::Analysis;
use crate::types::Library;
use lsp_server::{Message, Notification};
use lsp_types::{DocumentDiagnosticParams, Location};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Server {
    /// The file of an analysis by its path, with its text.
    pub fn file<'a>(&self, analysis: &'a Analysis, file: &Path) -> Option<(FileId, &'a str)> {
        let id = analysis.sources.all().iter().position(|s| s.path == file).map(|at| FileId(at as u32))?;
        analysis.sources.get(id).map(|(_, text)| (id, text))
    }

    /// A span as a location; of the standard library, in a copy that an editor can open.
    pub fn location(&self, analysis: &Analysis, span: Span) -> Option<Location> {
        let Some((name, text)) = Library::file(span.file) else {
            let (path, _) = analysis.sources.get(span.file)?;
            return Some(Location::new(uri(path)?, Lines::of(self.columns, &analysis.sources, span.file).range(span)));
        };
        let copy = match self.copies.path(name, text) {
            Ok(copy) => copy,
            Err(error) => {
                // The answer can only leave the place out; editors show what a server writes here in its log.
                let _ = writeln!(std::io::stderr(), "purlin: {name} of the standard library cannot be copied for the editor: {error}");
                return None;
            }
        };
        Some(Location::new(uri(&copy)?, Lines::new(self.columns, text).range(span)))
    }

    /// Edits as the protocol has them.
    pub fn workspace_edit(&self, analysis: &Analysis, edits: &[Edit]) -> Value {
        let mut changes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for edit in edits {
            let Some(uri) = analysis.sources.get(edit.span.file).and_then(|(path, _)| uri(path)) else { continue };
            let range = Lines::of(self.columns, &analysis.sources, edit.span.file).range(edit.span);
            changes.entry(uri.to_string()).or_default().push(json!({ "range": range, "newText": edit.text }));
        }
        json!({ "changes": changes })
    }

    /// The findings of every file of an analysis of a folder or a file, but for files that another analysis answers for.
    fn of_files(&self, analysis: &Analysis, analysed: &Path) -> BTreeMap<PathBuf, Vec<Value>> {
        let shown = |path: &Path| self.workspace.shows(analysed, path);
        let sources = analysis.sources.all().iter().map(|s| &s.path).filter(|path| shown(path));
        let mut of: BTreeMap<PathBuf, Vec<Value>> = sources.map(|path| (path.clone(), Vec::new())).collect();
        of.extend(analysis.sources.config().map(|(_, config)| (config.path.clone(), Vec::new())));
        for finding in &analysis.findings {
            let Some((path, _)) = analysis.sources.get(finding.primary.span.file).filter(|(path, _)| shown(path)) else { continue };
            of.entry(path.to_path_buf()).or_default().push(self.finding(finding, analysis));
        }
        of
    }

    /// The findings of the projects of some files, for each file of which they are not as they were told last.
    pub fn published(&mut self, files: &[PathBuf]) -> Vec<Message> {
        if self.pulls {
            return Vec::new();
        }
        let mut seen: Vec<Arc<Analysis>> = Vec::new();
        let mut all: BTreeMap<PathBuf, Vec<Value>> = BTreeMap::new();
        for file in files {
            let Some((analysis, at)) = self.workspace.analysed(file) else { continue };
            if !seen.iter().any(|s| Arc::ptr_eq(s, &analysis)) {
                all.extend(self.of_files(&analysis, &at));
                seen.push(analysis);
            }
        }
        // A file of which something was told and that belongs to no project any more, such as one that is no template now.
        for file in files.iter().filter(|file| self.told.contains_key(*file)) {
            all.entry(file.clone()).or_default();
        }
        let mut out = Vec::new();
        for (path, diagnostics) in all {
            let Some(uri) = uri(&path) else { continue };
            let told = Value::Array(diagnostics);
            let silent = !self.told.contains_key(&path) && told.as_array().is_some_and(Vec::is_empty) && !files.contains(&path);
            if silent || self.told.get(&path) == Some(&told) {
                continue;
            }
            let params = json!({ "uri": uri.to_string(), "diagnostics": told });
            self.told.insert(path, told);
            out.push(Message::Notification(Notification { method: "textDocument/publishDiagnostics".into(), params }));
        }
        out
    }

    pub fn pulled(&self, params: &DocumentDiagnosticParams) -> Option<Value> {
        let file = path(&params.text_document.uri)?;
        let items = self.workspace.analysed(&file).and_then(|(a, at)| self.of_files(&a, &at).remove(&file)).unwrap_or_default();
        Some(json!({ "kind": "full", "items": items }))
    }

    /// The findings of every project that a file is open of.
    pub fn pulled_all(&self) -> Option<Value> {
        let mut all: BTreeMap<PathBuf, Vec<Value>> = BTreeMap::new();
        for file in self.workspace.files.open() {
            all.extend(self.workspace.analysed(&file).map(|(a, at)| self.of_files(&a, &at)).unwrap_or_default());
        }
        let report = |(path, items): (PathBuf, Vec<Value>)| {
            Some(json!({ "kind": "full", "uri": uri(&path)?.to_string(), "version": null, "items": items }))
        };
        Some(json!({ "items": all.into_iter().filter_map(report).collect::<Vec<_>>() }))
    }

    pub fn finding(&self, finding: &Finding, analysis: &Analysis) -> Value {
        let mut message = finding.message.clone();
        for more in finding.help.iter().chain(&finding.notes) {
            message.push('\n');
            message.push_str(more);
        }
        let related: Vec<Value> = finding
            .related
            .iter()
            .filter_map(|l| {
                let location = self.location(analysis, l.span)?;
                Some(json!({ "location": location, "message": if l.text.is_empty() { "takes part" } else { &l.text } }))
            })
            .collect();
        let tags: &[u32] = match &*finding.rule {
            "unused-declaration" | "unused-allow" => &[1],
            "runtime-deprecated" | "runtime-blocked" => &[2],
            _ => &[],
        };
        json!({
            "range": Lines::of(self.columns, &analysis.sources, finding.primary.span.file).range(finding.primary.span),
            "severity": match finding.severity {
                Severity::Error => 1,
                Severity::Warning => 2,
                Severity::Advice => 3,
            },
            "code": &*finding.rule,
            "codeDescription": { "href": format!("{}/blob/main/docs/rules.md", env!("CARGO_PKG_REPOSITORY")) },
            "source": "purlin",
            "message": message,
            "tags": tags,
            "relatedInformation": related,
        })
    }
}
