//! The loop over messages. Each request is isolated: one that fails gets an error, and the next is answered.

use super::convert::{Columns, path};
use super::overlay::Overlay;
use crate::session::{Analysis, FileSystem, Options, analyse, find};
use crate::types::Library;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::*;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the server knows.
pub(super) struct Server {
    pub files: Overlay,
    pub columns: Columns,
    pub library: Library,
    pub as_of: String,
    /// The files that findings were told of, to take them back.
    pub told: BTreeSet<PathBuf>,
}

/// Serves over standard input and output until the editor ends it.
pub fn serve(as_of: String) -> Result<(), String> {
    let (connection, threads) = Connection::stdio();
    let failed = |error: lsp_server::ProtocolError| error.to_string();
    let (id, params) = connection.initialize_start().map_err(failed)?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let encodings = params.capabilities.general.and_then(|g| g.position_encodings).unwrap_or_default();
    let utf8 = encodings.contains(&PositionEncodingKind::UTF8);
    let result = InitializeResult {
        capabilities: capabilities(utf8),
        server_info: Some(ServerInfo { name: "purlin".into(), version: Some(env!("CARGO_PKG_VERSION").into()) }),
    };
    connection.initialize_finish(id, serde_json::to_value(result).unwrap_or_default()).map_err(failed)?;
    let columns = if utf8 { Columns::Utf8 } else { Columns::Utf16 };
    let mut server = Server { files: Overlay::default(), columns, library: Library::shared(), as_of, told: BTreeSet::new() };
    for message in &connection.receiver {
        let answers = match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request).map_err(failed)? {
                    break;
                }
                vec![Message::Response(server.request(request))]
            }
            Message::Notification(notification) => server.notification(notification),
            Message::Response(_) => Vec::new(),
        };
        for answer in answers {
            connection.sender.send(answer).map_err(|error| error.to_string())?;
        }
    }
    drop(connection);
    threads.join().map_err(|error| error.to_string())
}

fn capabilities(utf8: bool) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(if utf8 { PositionEncodingKind::UTF8 } else { PositionEncodingKind::UTF16 }),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![".".into(), " ".into(), "=".into()]),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: None,
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Simple(true)),
        diagnostic_provider: Some(DiagnosticServerCapabilities::Options(DiagnosticOptions {
            inter_file_dependencies: true,
            ..DiagnosticOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

impl Server {
    fn request(&mut self, request: Request) -> Response {
        let id = request.id.clone();
        let answered = std::panic::catch_unwind(AssertUnwindSafe(|| self.answer(&request)));
        match answered {
            Ok(Ok(value)) => Response::new_ok(id, value),
            Ok(Err(response)) => *response,
            Err(_) => Response::new_err(id, ErrorCode::InternalError as i32, format!("{} failed", request.method)),
        }
    }

    fn answer(&mut self, request: &Request) -> Result<serde_json::Value, Box<Response>> {
        let json = |value: Option<serde_json::Value>| Ok(value.unwrap_or(serde_json::Value::Null));
        match request.method.as_str() {
            "textDocument/hover" => json(self.hover(&parameters(request)?)),
            "textDocument/completion" => json(self.completion(&parameters(request)?)),
            "textDocument/definition" => json(self.definition(&parameters(request)?)),
            "textDocument/references" => json(self.references(&parameters(request)?)),
            "textDocument/documentHighlight" => json(self.highlights(&parameters(request)?)),
            "textDocument/rename" => json(self.rename(&parameters(request)?)),
            "textDocument/documentSymbol" => json(self.document_symbols(&parameters(request)?)),
            "textDocument/foldingRange" => json(self.folding(&parameters(request)?)),
            "textDocument/formatting" => json(self.formatting(&parameters(request)?)),
            "textDocument/codeAction" => json(self.code_actions(&parameters(request)?)),
            "textDocument/diagnostic" => json(self.pulled(&parameters(request)?)),
            method => {
                let message = format!("`{method}` is not supported");
                Err(Box::new(Response::new_err(request.id.clone(), ErrorCode::MethodNotFound as i32, message)))
            }
        }
    }

    fn notification(&mut self, notification: Notification) -> Vec<Message> {
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| self.noticed(notification)));
        done.unwrap_or_default()
    }

    fn noticed(&mut self, notification: Notification) -> Vec<Message> {
        let params = notification.params;
        let changed = match notification.method.as_str() {
            "textDocument/didOpen" => serde_json::from_value::<DidOpenTextDocumentParams>(params).ok().and_then(|p| {
                let path = path(&p.text_document.uri)?;
                self.files.put(path.clone(), p.text_document.text);
                Some(path)
            }),
            "textDocument/didChange" => serde_json::from_value::<DidChangeTextDocumentParams>(params).ok().and_then(|p| {
                let path = path(&p.text_document.uri)?;
                self.files.put(path.clone(), p.content_changes.into_iter().last()?.text);
                Some(path)
            }),
            "textDocument/didClose" => serde_json::from_value::<DidCloseTextDocumentParams>(params).ok().and_then(|p| {
                let path = path(&p.text_document.uri)?;
                self.files.drop(&path);
                Some(path)
            }),
            "textDocument/didSave" => {
                serde_json::from_value::<DidSaveTextDocumentParams>(params).ok().and_then(|p| path(&p.text_document.uri))
            }
            _ => None,
        };
        changed.map(|path| self.published(&path)).unwrap_or_default()
    }

    /// The project that a file belongs to: the nearest folder with a `purlin.toml`, or the file's own.
    pub fn analysis(&self, file: &Path) -> Option<Analysis> {
        let folder = file.ancestors().skip(1).find(|f| f.join("purlin.toml").is_file()).or(file.parent())?;
        let files: Arc<dyn FileSystem> = Arc::new(self.files.clone());
        let mut project = find(&*files, folder).ok()?;
        if !project.files.iter().any(|f| f == file) {
            // A file that the project does not name is looked at by itself.
            project.files = vec![file.to_path_buf()];
        }
        let options = Options { as_of: Some(self.as_of.clone()), ..Options::default() };
        analyse(&files, &project, &options).ok()
    }
}

fn parameters<T: DeserializeOwned>(request: &Request) -> Result<T, Box<Response>> {
    serde_json::from_value(request.params.clone())
        .map_err(|error| Response::new_err(request.id.clone(), ErrorCode::InvalidParams as i32, error.to_string()).into())
}
