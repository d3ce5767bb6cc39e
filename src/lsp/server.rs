//! What the server knows, and which answer a message gets. Each request is isolated: one that fails gets an error, and
//! the next is answered.

use super::convert::{Columns, path};
use super::copies::Copies;
use super::templates::{Templates, Wish};
use super::workspace::Workspace;
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use lsp_types::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

/// What the server knows.
pub(super) struct Server {
    pub workspace: Workspace,
    pub columns: Columns,
    pub copies: Copies,
    /// What was told of each file last, to tell only what is new.
    pub told: BTreeMap<PathBuf, Value>,
    /// Files whose projects have changed since findings were told.
    pub untold: BTreeSet<PathBuf>,
    /// The colours that were told of each file last, with their number.
    pub tokens_told: BTreeMap<PathBuf, (String, Vec<u32>)>,
    pub tokens_counted: u64,
    /// Whether the editor lets one choose among the edits of a change.
    pub annotations: bool,
    /// Whether the editor asks for findings, and so is not told.
    pub pulls: bool,
}

impl Server {
    pub fn new(as_of: &str, columns: Columns, annotations: bool, pulls: bool, templates: Wish) -> Server {
        Server {
            workspace: Workspace::new(as_of.into(), templates),
            columns,
            copies: Copies::default(),
            told: BTreeMap::new(),
            untold: BTreeSet::new(),
            tokens_told: BTreeMap::new(),
            tokens_counted: 0,
            annotations,
            pulls,
        }
    }

    pub fn request(&mut self, request: Request) -> Response {
        let id = request.id.clone();
        let answered = std::panic::catch_unwind(AssertUnwindSafe(|| self.answer(&request)));
        match answered {
            Ok(Ok(value)) => Response::new_ok(id, value),
            Ok(Err(response)) => *response,
            Err(_) => Response::new_err(id, ErrorCode::InternalError as i32, format!("{} failed", request.method)),
        }
    }

    fn answer(&mut self, request: &Request) -> Result<Value, Box<Response>> {
        let json = |value: Option<Value>| Ok(value.unwrap_or(Value::Null));
        let said = |error: String| Box::new(Response::new_err(request.id.clone(), ErrorCode::InvalidParams as i32, error));
        // Everything else is asked of sources: a template is not written in Purlin.
        if of_template(request) && !matches!(&*request.method, "textDocument/codeAction" | "textDocument/diagnostic") {
            return Ok(Value::Null);
        }
        match request.method.as_str() {
            "textDocument/hover" => json(self.hover(&parameters(request)?)),
            "textDocument/completion" => json(self.completion(&parameters(request)?)),
            "completionItem/resolve" => json(self.completed(parameters(request)?)),
            "textDocument/signatureHelp" => json(self.signature(&parameters(request)?)),
            "textDocument/definition" => json(self.definition(&parameters(request)?)),
            "textDocument/typeDefinition" => json(self.type_definition(&parameters(request)?)),
            "textDocument/references" => json(self.references(&parameters(request)?)),
            "textDocument/documentHighlight" => json(self.highlights(&parameters(request)?)),
            "textDocument/prepareRename" => json(self.prepare_rename(&parameters(request)?)),
            "textDocument/rename" => self.rename(&parameters(request)?).map_err(said),
            "textDocument/linkedEditingRange" => json(self.linked(&parameters(request)?)),
            "textDocument/documentLink" => json(self.links(&parameters(request)?)),
            "textDocument/prepareCallHierarchy" => json(self.prepare_calls(&parameters(request)?)),
            "callHierarchy/incomingCalls" => json(self.calls(&parameters::<CallHierarchyIncomingCallsParams>(request)?.item, true)),
            "callHierarchy/outgoingCalls" => json(self.calls(&parameters::<CallHierarchyOutgoingCallsParams>(request)?.item, false)),
            "textDocument/documentSymbol" => json(self.document_symbols(&parameters(request)?)),
            "workspace/symbol" => json(self.workspace_symbols(&parameters(request)?)),
            "textDocument/foldingRange" => json(self.folding(&parameters(request)?)),
            "textDocument/selectionRange" => json(self.selections(&parameters(request)?)),
            "textDocument/semanticTokens/full" => json(self.tokens(&parameters(request)?)),
            "textDocument/semanticTokens/full/delta" => json(self.tokens_since(&parameters(request)?)),
            "textDocument/semanticTokens/range" => json(self.tokens_in(&parameters(request)?)),
            "textDocument/formatting" => json(self.formatting(&parameters(request)?)),
            "textDocument/rangeFormatting" => json(self.range_formatting(&parameters(request)?)),
            "textDocument/onTypeFormatting" => json(self.typed(&parameters(request)?)),
            "textDocument/codeAction" => json(self.code_actions(&parameters(request)?)),
            "textDocument/inlayHint" => json(self.hints(&parameters(request)?)),
            "textDocument/codeLens" => json(self.lenses(&parameters(request)?)),
            "textDocument/diagnostic" => json(self.pulled(&parameters(request)?)),
            "workspace/diagnostic" => json(self.pulled_all()),
            "workspace/executeCommand" => self.command(&parameters(request)?).map_err(said),
            method => {
                let message = format!("`{method}` is not supported");
                Err(Box::new(Response::new_err(request.id.clone(), ErrorCode::MethodNotFound as i32, message)))
            }
        }
    }

    /// Takes in what an editor tells; gives the findings that are new, unless more is told next.
    pub fn notification(&mut self, notification: Notification, more: bool) -> Vec<Message> {
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let changed = self.noticed(notification);
            self.untold.extend(changed);
            if more {
                return Vec::new();
            }
            let changed: Vec<PathBuf> = std::mem::take(&mut self.untold).into_iter().collect();
            self.published(&changed)
        }));
        done.unwrap_or_default()
    }

    /// Takes in what an editor tells; gives the files whose projects may have changed.
    fn noticed(&mut self, notification: Notification) -> Vec<PathBuf> {
        let params = notification.params;
        let one = match notification.method.as_str() {
            "textDocument/didOpen" => serde_json::from_value::<DidOpenTextDocumentParams>(params).ok().and_then(|p| {
                let path = path(&p.text_document.uri)?;
                self.workspace.put(path.clone(), p.text_document.text);
                Some(path)
            }),
            "textDocument/didChange" => serde_json::from_value::<DidChangeTextDocumentParams>(params).ok().and_then(|p| {
                let path = path(&p.text_document.uri)?;
                self.workspace.edit(path.clone(), p.content_changes, self.columns);
                Some(path)
            }),
            "textDocument/didClose" => serde_json::from_value::<DidCloseTextDocumentParams>(params).ok().and_then(|p| {
                let path = path(&p.text_document.uri)?;
                self.workspace.drop(&path);
                self.tokens_told.remove(&path);
                Some(path)
            }),
            "textDocument/didSave" => serde_json::from_value::<DidSaveTextDocumentParams>(params).ok().and_then(|p| {
                let path = path(&p.text_document.uri)?;
                self.workspace.changed(&path);
                Some(path)
            }),
            "workspace/didChangeWatchedFiles" => {
                let changes = serde_json::from_value::<DidChangeWatchedFilesParams>(params).map(|p| p.changes).unwrap_or_default();
                let changed: Vec<PathBuf> = changes.iter().filter_map(|c| path(&c.uri)).collect();
                changed.iter().for_each(|path| self.workspace.changed(path));
                // Of one that was deleted, what was told holds no longer.
                let told = changed.into_iter().filter(|path| self.told.contains_key(path));
                return self.workspace.files.open().into_iter().chain(told).collect();
            }
            _ => None,
        };
        one.into_iter().collect()
    }
}

/// Whether a request is about a template.
fn of_template(request: &Request) -> bool {
    let uri = request.params.pointer("/textDocument/uri").and_then(Value::as_str);
    uri.and_then(|uri| uri.parse().ok()).and_then(|uri| path(&uri)).is_some_and(|path| Templates::is_foreign(&path))
}

fn parameters<T: DeserializeOwned>(request: &Request) -> Result<T, Box<Response>> {
    serde_json::from_value(request.params.clone())
        .map_err(|error| Response::new_err(request.id.clone(), ErrorCode::InvalidParams as i32, error.to_string()).into())
}
