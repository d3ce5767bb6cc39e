//! What an editor shows beside a text: what words mean, what follows from lines, and what a declaration becomes.

use super::convert::{Lines, path};
use super::server::Server;
use super::workspace::Workspace;
use crate::ide::{self, Place};
use lsp_types::*;
use serde_json::{Value, json};

/// The commands that the server knows.
pub(super) const COMMANDS: [&str; 3] = ["purlin.cloudformation", "purlin.graph", "purlin.explain"];

impl Server {
    pub fn hover(&self, params: &HoverParams) -> Option<Value> {
        let (path, place) = self.place(&params.text_document_position_params)?;
        let analysis = self.workspace.analysis(&path);
        let file = analysis.as_deref().and_then(|a| self.file(a, &path)).map(|(file, _)| file).unwrap_or_default();
        let text = ide::hover(&place, &Workspace::library(analysis.as_deref()), analysis.as_deref(), file)?;
        let range = place.word().map(|(_, span)| Lines::new(self.columns, place.text()).range(span));
        Some(json!({ "contents": { "kind": "markdown", "value": text }, "range": range }))
    }

    pub fn hints(&self, params: &InlayHintParams) -> Option<Value> {
        let path = path(&params.text_document.uri)?;
        let analysis = self.workspace.analysis(&path)?;
        let (file, _) = self.file(&analysis, &path)?;
        let lines = Lines::of(self.columns, &analysis.sources, file);
        let hint = |hint: &ide::Hint| {
            let at = lines.position(hint.span.end as usize);
            let within = params.range.start.line <= at.line && at.line <= params.range.end.line;
            let about = json!({ "kind": "markdown", "value": hint.about });
            within.then(|| json!({ "position": at, "label": hint.text, "paddingLeft": true, "tooltip": about }))
        };
        Some(Value::Array(ide::hints(&analysis, file).iter().filter_map(hint).collect()))
    }

    pub fn lenses(&self, params: &CodeLensParams) -> Option<Value> {
        let path = path(&params.text_document.uri)?;
        let analysis = self.workspace.analysis(&path)?;
        let (file, _) = self.file(&analysis, &path)?;
        let lines = Lines::of(self.columns, &analysis.sources, file);
        let mut out = Vec::new();
        for summary in ide::summaries(&analysis, file) {
            let said =
                [("triggered by", &summary.woken_by), ("can", &summary.can), ("triggers", &summary.wakes), ("used by", &summary.used_by)];
            let parts: Vec<String> = said.iter().filter(|(_, all)| !all.is_empty()).map(|(word, all)| counted(word, all)).collect();
            if parts.is_empty() {
                continue;
            }
            let range = lines.range(summary.name_span);
            let at = json!({ "uri": params.text_document.uri.to_string(), "position": range.start });
            out.push(
                json!({ "range": range, "command": { "title": parts.join(" | "), "command": "purlin.cloudformation", "arguments": [at] } }),
            );
        }
        Some(Value::Array(out))
    }

    /// Runs a command. What is wrong with how it is asked for is said in words.
    pub fn command(&self, params: &ExecuteCommandParams) -> Result<Value, String> {
        let first = params.arguments.first().cloned().unwrap_or_default();
        match params.command.as_str() {
            "purlin.explain" => {
                let name = first.as_str().ok_or("`purlin.explain` takes the name of a rule")?;
                let rules = crate::session::rules();
                let rule = rules.get(name).ok_or_else(|| format!("there is no rule `{name}`"))?;
                Ok(json!({ "title": name, "markdown": ide::explained(rule) }))
            }
            "purlin.graph" => {
                let at = first.get("uri").and_then(Value::as_str).ok_or("`purlin.graph` takes `{ uri }`")?;
                let file = at.parse::<Uri>().ok().and_then(|uri| path(&uri)).ok_or("not a file URI")?;
                let analysis = self.workspace.analysis(&file).ok_or("the project cannot be read")?;
                let own = analysis.stacks.iter().find(|s| analysis.sources.get(s.span.file).is_some_and(|(p, _)| p == file));
                let stack = own.or(analysis.stacks.first()).ok_or("no file declares a stack")?;
                let picture = crate::session::marked(stack, &analysis);
                Ok(json!({ "title": &*stack.name, "svg": crate::render::svg(&picture) }))
            }
            "purlin.cloudformation" => {
                let at: TextDocumentPositionParams =
                    serde_json::from_value(json!({ "textDocument": { "uri": first.get("uri") }, "position": first.get("position") }))
                        .map_err(|_| "`purlin.cloudformation` takes `{ uri, position }`")?;
                self.emitted(&at)
            }
            other => Err(format!("there is no command `{other}`")),
        }
    }

    fn emitted(&self, at: &TextDocumentPositionParams) -> Result<Value, String> {
        let (path, place): (_, Place) = self.place(at).ok_or("the file cannot be read")?;
        let analysis = self.workspace.analysis(&path).ok_or("the project cannot be read")?;
        let (file, _) = self.file(&analysis, &path).ok_or("the file is not of the project")?;
        let found = ide::around(&analysis, file, place.at as u32);
        let (stack, instance) = found.ok_or("there is no declaration here")?;
        let text = ide::emitted(stack, instance).ok_or("it cannot be written as JSON")?;
        Ok(json!({ "title": &*instance.name, "language": "json", "text": text }))
    }
}

/// `woken by 2: jobs.messages, shop.route`, the first three by name.
fn counted(word: &str, all: &[String]) -> String {
    let names: Vec<&str> = all.iter().take(3).map(String::as_str).collect();
    let more = if all.len() > names.len() { ", ..." } else { "" };
    format!("{word} {}: {}{more}", all.len(), names.join(", "))
}
