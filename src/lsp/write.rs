//! What helps to write: completion, signatures, layout, and changes of a text.

use super::convert::{Lines, path};
use super::server::Server;
use super::templates::Templates;
use super::workspace::Workspace;
use crate::base::{Diagnostic as Finding, FileId, Fix};
use crate::ide::{self, CompletionKind};
use crate::session::{Analysis, FileSystem as _, errors, fixed, fixes, largest};
use lsp_types::*;
use serde_json::{Value, json};

impl Server {
    pub fn completion(&self, params: &CompletionParams) -> Option<Value> {
        let (path, place) = self.place(&params.text_document_position)?;
        let analysis = self.workspace.analysis(&path);
        let list = |folder: &str| {
            let folder = path.parent().unwrap_or(std::path::Path::new("")).join(folder);
            let entries = self.workspace.files.list(&folder).unwrap_or_default();
            let name = |p: std::path::PathBuf| {
                let name = p.file_name()?.to_string_lossy().into_owned();
                Some(if self.workspace.files.is_folder(&p) { format!("{name}/") } else { name })
            };
            entries.into_iter().filter_map(name).collect()
        };
        let all = ide::complete(&place, &Workspace::library(analysis.as_deref()), analysis.as_deref(), &list);
        let item = |(at, c): (usize, &ide::Completion)| {
            json!({
                "label": c.label,
                "detail": c.detail,
                // Told when it is asked for: most items never are.
                "data": c.documentation,
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
                    CompletionKind::File => 17,
                },
            })
        };
        Some(Value::Array(all.iter().enumerate().map(item).collect()))
    }

    /// A completion with what is known of it.
    pub fn completed(&self, mut item: Value) -> Option<Value> {
        let documentation = item.get_mut("data").map(Value::take)?;
        let item = item.as_object_mut()?;
        item.remove("data");
        item.insert("documentation".into(), json!({ "kind": "markdown", "value": documentation.as_str().unwrap_or("") }));
        Some(Value::Object(item.clone()))
    }

    pub fn signature(&self, params: &SignatureHelpParams) -> Option<Value> {
        let (path, place) = self.place(&params.text_document_position_params)?;
        let analysis = self.workspace.analysis(&path);
        let found = ide::signature(&place, &Workspace::library(analysis.as_deref()), analysis.as_deref())?;
        let parameters: Vec<Value> = found.parameters.iter().map(|(label, doc)| json!({ "label": label, "documentation": doc })).collect();
        Some(json!({
            "signatures": [{
                "label": found.label,
                "documentation": { "kind": "markdown", "value": found.documentation },
                "parameters": parameters,
            }],
            "activeSignature": 0,
            "activeParameter": found.active,
        }))
    }

    pub fn formatting(&self, params: &DocumentFormattingParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        Some(Value::Array(self.laid_out(&text, 0, u32::MAX)))
    }

    pub fn range_formatting(&self, params: &DocumentRangeFormattingParams) -> Option<Value> {
        let text = self.text_of(&params.text_document)?;
        Some(Value::Array(self.laid_out(&text, params.range.start.line, params.range.end.line)))
    }

    /// After a closing brace: what it closes.
    pub fn typed(&self, params: &DocumentOnTypeFormattingParams) -> Option<Value> {
        let at = &params.text_document_position;
        let text = self.text_of(&at.text_document)?;
        let byte = self.columns.byte(&text, at.position) as u32;
        let tree = crate::syntax::parse(FileId(0), text.as_str().into()).tree;
        let closed = tree.root().children().find(|n| n.trimmed().start < byte && byte <= n.trimmed().end)?;
        let lines = Lines::new(self.columns, &text);
        let range = lines.range(closed.trimmed());
        Some(Value::Array(self.laid_out(&text, range.start.line, range.end.line)))
    }

    /// The edits that lay some lines out as the whole file would be: hunks of lines, so that the cursor stays where it is.
    fn laid_out(&self, text: &str, first: u32, last: u32) -> Vec<Value> {
        let new = crate::fmt::format(&crate::syntax::parse(FileId(0), text.into()).tree);
        let (before, after): (Vec<&str>, Vec<&str>) = (text.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
        let diff = similar::TextDiff::from_lines(text, new.as_str());
        let changed = diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal);
        let within = changed.filter(|op| {
            let (start, end) = (op.old_range().start as u32, op.old_range().end as u32);
            start <= last && first < end.max(start + 1)
        });
        let end_of = |line: usize| match before.get(line) {
            Some(_) => Position::new(line as u32, 0),
            None => Lines::new(self.columns, text).position(text.len()),
        };
        within
            .map(|op| {
                let text: String = after.get(op.new_range()).unwrap_or_default().concat();
                let range = Range::new(end_of(op.old_range().start), end_of(op.old_range().end));
                json!({ "range": range, "newText": text })
            })
            .collect()
    }

    pub fn code_actions(&self, params: &CodeActionParams) -> Option<Value> {
        let file = path(&params.text_document.uri)?;
        let analysis = self.workspace.analysis(&file)?;
        let (id, text) = self.file(&analysis, &file)?;
        let template = Templates::is_foreign(&file);
        let tree = crate::syntax::parse(id, if template { "".into() } else { text.into() }).tree;
        let (from, to) = (self.columns.byte(text, params.range.start) as u32, self.columns.byte(text, params.range.end) as u32);
        let here = |f: &&Finding| f.primary.span.file == id && f.primary.span.start <= to && from <= f.primary.span.end;
        let mut out = Vec::new();
        let mut add = |kind: &str, action: ide::Action, findings: &[Value]| {
            out.push(json!({
                "title": action.title,
                "kind": kind,
                "isPreferred": action.preferred,
                "diagnostics": findings,
                "edit": self.workspace_edit(&analysis, &action.edits),
            }));
        };
        for finding in analysis.findings.iter().filter(here) {
            let told = [self.finding(finding, &analysis)];
            let actions = match template {
                true => ide::actions_in_template(finding, (id, &file.display().to_string(), text)),
                false => ide::actions(finding, &tree),
            };
            actions.into_iter().for_each(|action| add("quickfix", action, &told));
        }
        let all = self.fix_all(&file, &analysis, id);
        if all.len() > 1 {
            let title = format!("fix {} findings in this file", all.len());
            let edits = all.iter().flat_map(|fix| fix.edits.clone()).collect();
            add("source.fixAll", ide::Action { title, edits, preferred: false }, &[]);
        }
        // What follows reads Purlin: of a template there is no more.
        for action in ide::reshapings(&analysis, &tree, from) {
            add("refactor.rewrite", action, &[]);
        }
        for action in ide::extractions(&tree, from, to) {
            add(if from < to { "refactor.extract" } else { "refactor.inline" }, action, &[]);
        }
        let wanted = params.context.only.as_deref();
        let fits = |action: &Value| {
            let kind = action.get("kind").and_then(Value::as_str).unwrap_or("");
            wanted.is_none_or(|all| all.iter().any(|w| kind == w.as_str() || kind.starts_with(&format!("{}.", w.as_str()))))
        };
        Some(Value::Array(out.into_iter().filter(fits).collect()))
    }

    /// The safe fixes of a file that leave no more errors than there are, made together.
    fn fix_all<'a>(&self, file: &std::path::Path, analysis: &'a Analysis, id: FileId) -> Vec<&'a Fix> {
        let own = |fix: &&Fix| fix.edits.iter().all(|edit| edit.span.file == id);
        let all: Vec<&Fix> = fixes(analysis, false).into_iter().filter(own).collect();
        if all.len() < 2 {
            return Vec::new();
        }
        let most = errors(analysis);
        let mut holds = |some: &[&Fix]| Ok(self.workspace.errors_with(file, fixed(analysis, some)).is_some_and(|errors| errors <= most));
        // Nothing here fails: what cannot be analysed is not offered.
        largest(&all, &mut holds).unwrap_or_default()
    }
}
