//! One answer for each request, in the protocol's types.

use super::convert::{path, uri};
use super::server::Server;
use crate::base::{Diagnostic as Finding, Edit, FileId, Severity, Span};
use crate::ide::{self, CompletionKind, Place};
use crate::session::Analysis;
use crate::types::Library;
use lsp_server::{Message, Notification};
use lsp_types::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

impl Server {
    fn place(&self, at: &TextDocumentPositionParams) -> Option<(PathBuf, Place)> {
        let path = path(&at.text_document.uri)?;
        let text = self.files.text(&path)?;
        let byte = self.columns.byte(&text, at.position);
        Some((path, Place::new(&text, byte)))
    }

    pub fn hover(&self, params: &HoverParams) -> Option<Value> {
        let (path, place) = self.place(&params.text_document_position_params)?;
        let text = ide::hover(&place, &self.library, self.analysis(&path).as_ref())?;
        Some(json!({ "contents": { "kind": "markdown", "value": text } }))
    }

    pub fn completion(&self, params: &CompletionParams) -> Option<Value> {
        let (path, place) = self.place(&params.text_document_position)?;
        let all = ide::complete(&place, &self.library, self.analysis(&path).as_ref());
        let item = |(at, c): (usize, &ide::Completion)| {
            json!({
                "label": c.label,
                "detail": c.detail,
                "documentation": { "kind": "markdown", "value": c.documentation },
                "insertText": c.snippet,
                "insertTextFormat": 2,
                "sortText": format!("{at:04}"),
                "kind": match c.kind {
                    CompletionKind::Kind => 7,
                    CompletionKind::Property => 10,
                    CompletionKind::Word => 12,
                    CompletionKind::Declaration => 6,
                    CompletionKind::Event => 23,
                    CompletionKind::Verb => 2,
                    CompletionKind::Keyword => 14,
                },
            })
        };
        Some(Value::Array(all.iter().enumerate().map(item).collect()))
    }

    pub fn definition(&self, params: &GotoDefinitionParams) -> Option<Value> {
        let (path, place) = self.place(&params.text_document_position_params)?;
        let analysis = self.analysis(&path);
        let span = ide::definition(&place, &self.library, analysis.as_ref())?;
        let location = self.location(analysis.as_ref()?, span)?;
        serde_json::to_value(location).ok()
    }

    /// A span as a location; of the standard library, in a copy that an editor can open.
    fn location(&self, analysis: &Analysis, span: Span) -> Option<Location> {
        if let Some((name, text)) = Library::file(span.file) {
            let copy = std::env::temp_dir().join(format!("purlin-{}", env!("CARGO_PKG_VERSION"))).join(name);
            if std::fs::read_to_string(&copy).ok().as_deref() != Some(text) {
                std::fs::create_dir_all(copy.parent()?).ok()?;
                std::fs::write(&copy, text).ok()?;
            }
            return Some(Location::new(uri(&copy)?, self.columns.range(text, span)));
        }
        let (path, text) = analysis.sources.get(span.file)?;
        Some(Location::new(uri(path)?, self.columns.range(text, span)))
    }

    /// Every place of the project where the word at a place stands as a name.
    fn places(&self, at: &TextDocumentPositionParams) -> Option<BTreeMap<PathBuf, Vec<Range>>> {
        let (path, place) = self.place(at)?;
        let (word, _) = place.word()?;
        let mut out = BTreeMap::new();
        let analysis = self.analysis(&path);
        let own = [(path.as_path(), place.text().to_string())];
        let all: Vec<(&Path, String)> = match &analysis {
            Some(analysis) => analysis.sources.all().iter().map(|s| (s.path.as_path(), s.text.to_string())).collect(),
            None => own.to_vec(),
        };
        for (path, text) in all {
            let ranges: Vec<Range> = ide::references(&text, word).into_iter().map(|span| self.columns.range(&text, span)).collect();
            if !ranges.is_empty() {
                out.insert(path.to_path_buf(), ranges);
            }
        }
        Some(out)
    }

    pub fn references(&self, params: &ReferenceParams) -> Option<Value> {
        let places = self.places(&params.text_document_position)?;
        let all = places.into_iter().flat_map(|(path, ranges)| ranges.into_iter().filter_map(move |r| Some(Location::new(uri(&path)?, r))));
        serde_json::to_value(all.collect::<Vec<_>>()).ok()
    }

    pub fn highlights(&self, params: &DocumentHighlightParams) -> Option<Value> {
        let at = &params.text_document_position_params;
        let own = path(&at.text_document.uri)?;
        let ranges = self.places(at)?.remove(&own)?;
        serde_json::to_value(ranges.into_iter().map(|range| DocumentHighlight { range, kind: None }).collect::<Vec<_>>()).ok()
    }

    pub fn rename(&self, params: &RenameParams) -> Option<Value> {
        let places = self.places(&params.text_document_position)?;
        let edit = |range: Range| TextEdit::new(range, params.new_name.clone());
        #[allow(clippy::mutable_key_type)]
        let changes: HashMap<Uri, Vec<TextEdit>> =
            places.into_iter().filter_map(|(path, ranges)| Some((uri(&path)?, ranges.into_iter().map(edit).collect()))).collect();
        serde_json::to_value(WorkspaceEdit::new(changes)).ok()
    }

    fn text_of(&self, document: &TextDocumentIdentifier) -> Option<String> {
        self.files.text(&path(&document.uri)?)
    }

    pub fn document_symbols(&self, params: &DocumentSymbolParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        let tree = crate::syntax::parse(FileId(0), text.as_str().into()).tree;
        Some(Value::Array(ide::symbols(&tree).iter().map(|s| self.symbol(&text, s)).collect()))
    }

    fn symbol(&self, text: &str, symbol: &ide::Symbol) -> Value {
        json!({
            "name": symbol.name,
            "detail": symbol.what,
            "kind": if symbol.what == "let" { 14 } else { 19 },
            "range": self.columns.range(text, symbol.span),
            "selectionRange": self.columns.range(text, symbol.name_span),
            "children": symbol.children.iter().map(|s| self.symbol(text, s)).collect::<Vec<_>>(),
        })
    }

    pub fn folding(&self, params: &FoldingRangeParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        let tree = crate::syntax::parse(FileId(0), text.as_str().into()).tree;
        let fold = |span: Span| {
            let range = self.columns.range(&text, span);
            json!({ "startLine": range.start.line, "endLine": range.end.line.saturating_sub(1).max(range.start.line) })
        };
        Some(Value::Array(ide::folds(&tree).into_iter().map(fold).collect()))
    }

    pub fn formatting(&self, params: &DocumentFormattingParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        let new = crate::fmt::format(&crate::syntax::parse(FileId(0), text.as_str().into()).tree);
        let whole = Span::new(FileId(0), 0, text.len() as u32);
        let edits = if new == text { Vec::new() } else { vec![TextEdit::new(self.columns.range(&text, whole), new)] };
        serde_json::to_value(edits).ok()
    }

    pub fn code_actions(&self, params: &CodeActionParams) -> Option<Value> {
        let file = path(&params.text_document.uri)?;
        let analysis = self.analysis(&file)?;
        let id = analysis.sources.all().iter().position(|s| s.path == file).map(|at| FileId(at as u32))?;
        let (_, text) = analysis.sources.get(id)?;
        let tree = crate::syntax::parse(id, text.into()).tree;
        let (from, to) = (self.columns.byte(text, params.range.start) as u32, self.columns.byte(text, params.range.end) as u32);
        let here = |f: &&Finding| f.primary.span.file == id && f.primary.span.start <= to && from <= f.primary.span.end;
        let mut out = Vec::new();
        for finding in analysis.findings.iter().filter(here) {
            for action in ide::actions(finding, &tree) {
                out.push(json!({
                    "title": action.title,
                    "kind": "quickfix",
                    "isPreferred": action.preferred,
                    "diagnostics": [self.finding(finding, &analysis, text)],
                    "edit": self.edit(&analysis, &action.edits),
                }));
            }
        }
        Some(Value::Array(out))
    }

    fn edit(&self, analysis: &Analysis, edits: &[Edit]) -> Value {
        let mut changes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for edit in edits {
            let Some((path, text)) = analysis.sources.get(edit.span.file) else { continue };
            let Some(uri) = uri(path) else { continue };
            let change = json!({ "range": self.columns.range(text, edit.span), "newText": edit.text });
            changes.entry(uri.to_string()).or_default().push(change);
        }
        json!({ "changes": changes })
    }

    /// The findings of a file's project, for each of its files; and nothing for those that have none any more.
    pub fn published(&mut self, file: &Path) -> Vec<Message> {
        let Some(analysis) = self.analysis(file) else { return Vec::new() };
        let mut of: BTreeMap<PathBuf, Vec<Value>> = analysis.sources.all().iter().map(|s| (s.path.clone(), Vec::new())).collect();
        for finding in &analysis.findings {
            let Some((path, text)) = analysis.sources.get(finding.primary.span.file) else { continue };
            of.entry(path.to_path_buf()).or_default().push(self.finding(finding, &analysis, text));
        }
        self.told.extend(of.keys().cloned());
        of.into_iter()
            .filter_map(|(path, diagnostics)| {
                let params = json!({ "uri": uri(&path)?.to_string(), "diagnostics": diagnostics });
                Some(Message::Notification(Notification { method: "textDocument/publishDiagnostics".into(), params }))
            })
            .collect()
    }

    pub fn pulled(&self, params: &DocumentDiagnosticParams) -> Option<Value> {
        let file = path(&params.text_document.uri)?;
        let analysis = self.analysis(&file)?;
        let of_file = |f: &&Finding| analysis.sources.get(f.primary.span.file).is_some_and(|(path, _)| path == file);
        let items: Vec<Value> = analysis
            .findings
            .iter()
            .filter(of_file)
            .filter_map(|f| Some(self.finding(f, &analysis, analysis.sources.get(f.primary.span.file)?.1)))
            .collect();
        Some(json!({ "kind": "full", "items": items }))
    }

    fn finding(&self, finding: &Finding, analysis: &Analysis, text: &str) -> Value {
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
        let unused = ["unused-declaration", "unused-allow"].contains(&&*finding.rule);
        json!({
            "range": self.columns.range(text, finding.primary.span),
            "severity": match finding.severity {
                Severity::Error => 1,
                Severity::Warning => 2,
                Severity::Advice => 3,
            },
            "code": &*finding.rule,
            "codeDescription": { "href": format!("{}/blob/main/docs/rules.md", env!("CARGO_PKG_REPOSITORY")) },
            "source": "purlin",
            "message": message,
            "tags": if unused { vec![1] } else { Vec::new() },
            "relatedInformation": related,
        })
    }
}
