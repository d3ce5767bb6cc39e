//! A text as an editor shows it: symbols, folds, growing selections, colours.

use super::convert::{Lines, path, uri};
use super::server::Server;
use super::templates::Templates;
use crate::base::{FileId, Span};
use crate::ide::{self, Place, Token};
use crate::syntax::Tree;
use lsp_types::*;
use serde_json::{Value, json};
use std::sync::Arc;

impl Server {
    pub fn text_of(&self, document: &TextDocumentIdentifier) -> Option<String> {
        self.workspace.files.text(&path(&document.uri)?)
    }

    fn tree(text: &str) -> Tree {
        crate::syntax::parse(FileId(0), text.into()).tree
    }

    pub fn document_symbols(&self, params: &DocumentSymbolParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        let lines = Lines::new(self.columns, &text);
        Some(Value::Array(ide::symbols(&Self::tree(&text)).iter().map(|s| symbol(&lines, s)).collect()))
    }

    /// What the projects of the open files declare, as far as the name fits what is typed.
    pub fn workspace_symbols(&self, params: &WorkspaceSymbolParams) -> Option<Value> {
        let wanted = params.query.to_lowercase();
        let fits = |name: &str| {
            let mut letters = name.to_lowercase().chars().collect::<Vec<_>>().into_iter();
            wanted.chars().all(|w| letters.any(|c| c == w))
        };
        let mut seen: Vec<Arc<crate::session::Analysis>> = Vec::new();
        let mut out = Vec::new();
        for file in self.workspace.files.open() {
            let Some(analysis) = self.workspace.analysis(&file).filter(|a| !seen.iter().any(|s| Arc::ptr_eq(s, a))) else { continue };
            for source in analysis.sources.all().iter().filter(|s| !Templates::is_foreign(&s.path)) {
                let lines = Lines::new(self.columns, &source.text);
                let symbols = ide::symbols(&Self::tree(&source.text));
                let inner = symbols.iter().flat_map(|s| &s.children);
                for symbol in symbols.iter().chain(inner).filter(|s| fits(&s.name)) {
                    let Some(uri) = uri(&source.path) else { continue };
                    let location = json!({ "uri": uri.to_string(), "range": lines.range(symbol.name_span) });
                    out.push(json!({ "name": symbol.name, "kind": 19, "containerName": symbol.what, "location": location }));
                }
            }
            seen.push(analysis);
        }
        Some(Value::Array(out))
    }

    pub fn folding(&self, params: &FoldingRangeParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        let lines = Lines::new(self.columns, &text);
        let fold = |span: Span| {
            let range = lines.range(span);
            json!({ "startLine": range.start.line, "endLine": range.end.line.saturating_sub(1).max(range.start.line) })
        };
        Some(Value::Array(ide::folds(&Self::tree(&text)).into_iter().map(fold).collect()))
    }

    pub fn selections(&self, params: &SelectionRangeParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        let lines = Lines::new(self.columns, &text);
        let one = |position: &Position| {
            let place = Place::new(&text, self.columns.byte(&text, *position));
            let outer = ide::selections(&place).into_iter().rev();
            outer.fold(Value::Null, |parent, span| match parent {
                Value::Null => json!({ "range": lines.range(span) }),
                parent => json!({ "range": lines.range(span), "parent": parent }),
            })
        };
        Some(Value::Array(params.positions.iter().map(one).collect()))
    }

    pub fn tokens(&mut self, params: &SemanticTokensParams) -> Option<Value> {
        let file = path(&params.text_document.uri)?;
        let data = self.token_data(&self.workspace.files.text(&file)?, None);
        let id = self.next_tokens();
        self.tokens_told.insert(file, (id.clone(), data.clone()));
        Some(json!({ "resultId": id, "data": data }))
    }

    pub fn tokens_in(&self, params: &SemanticTokensRangeParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        let (from, to) = (self.columns.byte(&text, params.range.start), self.columns.byte(&text, params.range.end));
        Some(json!({ "data": self.token_data(&text, Some((from as u32, to as u32))) }))
    }

    /// What is not as it was told last: one edit from the first difference to the last.
    pub fn tokens_since(&mut self, params: &SemanticTokensDeltaParams) -> Option<Value> {
        let file = path(&params.text_document.uri)?;
        let data = self.token_data(&self.workspace.files.text(&file)?, None);
        let id = self.next_tokens();
        let old = self.tokens_told.insert(file, (id.clone(), data.clone()));
        let Some((_, old)) = old.filter(|(told, _)| *told == params.previous_result_id) else {
            return Some(json!({ "resultId": id, "data": data }));
        };
        let same = old.iter().zip(&data).take_while(|(a, b)| a == b).count();
        let (rest_old, rest_new) = (old.get(same..).unwrap_or_default(), data.get(same..).unwrap_or_default());
        let tail = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(a, b)| a == b).count();
        let new = rest_new.get(..rest_new.len() - tail).unwrap_or_default();
        let edits = if rest_old.len() == tail && new.is_empty() {
            Vec::new()
        } else {
            vec![json!({ "start": same, "deleteCount": rest_old.len() - tail, "data": new })]
        };
        Some(json!({ "resultId": id, "edits": edits }))
    }

    fn next_tokens(&mut self) -> String {
        self.tokens_counted += 1;
        self.tokens_counted.to_string()
    }

    /// Five numbers for each token and line: how far from the one before, how long, what.
    fn token_data(&self, text: &str, within: Option<(u32, u32)>) -> Vec<u32> {
        let lines = Lines::new(self.columns, text);
        let (mut data, mut last) = (Vec::new(), Position::new(0, 0));
        let inside = |t: &Token| within.is_none_or(|(from, to)| t.span.start < to && from < t.span.end);
        for token in ide::tokens(&Self::tree(text)).into_iter().filter(inside) {
            let mut start = token.span.start as usize;
            for part in text.get(token.span.range()).unwrap_or("").split_inclusive('\n') {
                let shown = part.trim_end_matches(['\n', '\r']);
                if !shown.is_empty() {
                    let at = lines.position(start);
                    let column = if at.line == last.line { at.character - last.character } else { at.character };
                    data.extend([at.line - last.line, column, lines.units(shown), token.kind as u32, token.modifiers]);
                    last = at;
                }
                start += part.len();
            }
        }
        data
    }
}

fn symbol(lines: &Lines<'_>, symbol: &ide::Symbol) -> Value {
    json!({
        "name": symbol.name,
        "detail": symbol.what,
        "kind": if symbol.what == "let" { 14 } else { 19 },
        "range": lines.range(symbol.span),
        "selectionRange": lines.range(symbol.name_span),
        "children": symbol.children.iter().map(|s| self::symbol(lines, s)).collect::<Vec<_>>(),
    })
}
