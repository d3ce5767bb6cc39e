//! The loop over messages: what an editor sends, one after the other, from its greeting to its farewell. What cannot be
//! read gets an error, and the next is answered.

use super::capabilities::{capabilities, of_languages, watched};
use super::convert::{Columns, path};
use super::inbox::{Arrived, Inbox};
use super::server::Server;
use super::templates::Wish;
use lsp_server::{ErrorCode, Message, Request, RequestId, Response};
use lsp_types::{InitializeParams, InitializeResult, PositionEncodingKind, ServerInfo};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;

/// Where a session is.
enum Session {
    /// Nothing was said yet.
    New,
    /// The editor has greeted.
    Open(Box<Server>),
    /// The editor has said that it will end.
    Ending,
}

/// How the session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The editor asked the server to shut down first.
    ShutDown,
    /// The editor went away without it.
    Abrupt,
}

/// Serves over standard input and output until the editor ends it.
///
/// # Errors
/// If the input cannot be read any further, or the output not be written.
pub fn serve(as_of: String) -> Result<End, String> {
    let inbox = Arc::new(Inbox::default());
    let filled = Arc::clone(&inbox);
    // It is not waited for: at the end it may still be reading.
    let reader = move || filled.fill(&mut std::io::stdin().lock());
    std::thread::Builder::new().spawn(reader).map_err(|error| format!("no thread can be started: {error}"))?;
    run(&as_of, &inbox, &mut std::io::stdout().lock())
}

fn run(as_of: &str, inbox: &Inbox, output: &mut impl Write) -> Result<End, String> {
    let mut session = Session::New;
    loop {
        let answers = match inbox.take() {
            Arrived::Message(Message::Notification(notification)) if notification.method == "exit" => return Ok(session.end()),
            Arrived::End(None) => return Ok(session.end()),
            Arrived::Message(message) => answers(&mut session, as_of, message, inbox.is_change_next()),
            Arrived::Cancelled(id) if matches!(session, Session::Open(_)) => refused(id, ErrorCode::RequestCanceled, "cancelled"),
            Arrived::Cancelled(id) => out_of_turn(&session, id),
            Arrived::Unreadable(error) => {
                unreadable(output, &error.to_string()).map_err(|error| error.to_string())?;
                continue;
            }
            Arrived::End(Some(error)) => return Err(format!("the editor cannot be read: {error}")),
        };
        for answer in answers {
            answer.write(output).map_err(|error| error.to_string())?;
        }
    }
}

impl Session {
    fn end(&self) -> End {
        if matches!(self, Session::Ending) { End::ShutDown } else { End::Abrupt }
    }
}

/// Says that something was no message. It has no number, and neither has the answer.
fn unreadable(output: &mut impl Write, error: &str) -> std::io::Result<()> {
    let error: String = error.chars().take(500).collect();
    let text = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": ErrorCode::ParseError as i32, "message": error } }).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

fn refused(id: RequestId, code: ErrorCode, text: &str) -> Vec<Message> {
    vec![Message::Response(Response::new_err(id, code as i32, text.into()))]
}

/// The answer to a request before the greeting or after the farewell.
fn out_of_turn(session: &Session, id: RequestId) -> Vec<Message> {
    match session {
        Session::Ending => refused(id, ErrorCode::InvalidRequest, "the server is shutting down"),
        Session::New | Session::Open(_) => refused(id, ErrorCode::ServerNotInitialized, "`initialize` comes first"),
    }
}

/// `more` is whether another change of a text comes next: then the findings are those after it.
fn answers(session: &mut Session, as_of: &str, message: Message, more: bool) -> Vec<Message> {
    match (message, session) {
        (Message::Request(request), session @ Session::New) if request.method == "initialize" => {
            let (server, result, more) = greeted(as_of, request.params);
            *session = Session::Open(Box::new(server));
            let answer = Response::new_ok(request.id, serde_json::to_value(result).unwrap_or_default());
            std::iter::once(Message::Response(answer)).chain(more.map(Message::Request)).collect()
        }
        (Message::Request(request), session @ Session::Open(_)) if request.method == "shutdown" => {
            *session = Session::Ending;
            vec![Message::Response(Response::new_ok(request.id, ()))]
        }
        (Message::Request(request), Session::Open(server)) => vec![Message::Response(server.request(request))],
        (Message::Notification(notification), Session::Open(server)) => server.notification(notification, more),
        // Between `shutdown` and `exit` editors still send what was under way, such as a request's cancellation.
        (Message::Request(request), session) => out_of_turn(session, request.id),
        _ => Vec::new(),
    }
}

/// A server for an editor that greets, what it is told, and what it is asked at once.
fn greeted(as_of: &str, params: Value) -> (Server, InitializeResult, Option<Request>) {
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let templates = wish(&params);
    let options = params.initialization_options.as_ref();
    let languages: Vec<String> = options
        .and_then(|o| o.get("templates")?.as_array().cloned())
        .unwrap_or_default()
        .iter()
        .filter_map(|l| Some(l.as_str()?.to_string()))
        .collect();
    let client = params.capabilities;
    let encodings = client.general.and_then(|g| g.position_encodings).unwrap_or_default();
    let columns = if encodings.contains(&PositionEncodingKind::UTF8) { Columns::Utf8 } else { Columns::Utf16 };
    // `diagnostics: "push"` or `"pull"`; without it, those who can ask are not told.
    let wish = options.and_then(|o| o.get("diagnostics")).and_then(Value::as_str);
    let pulls = wish.map_or(client.text_document.is_some_and(|t| t.diagnostic.is_some()), |wish| wish == "pull");
    let workspace = client.workspace.unwrap_or_default();
    let watches = workspace.did_change_watched_files.and_then(|w| w.dynamic_registration).unwrap_or_default();
    let annotations = workspace.workspace_edit.is_some_and(|e| e.change_annotation_support.is_some() && e.document_changes == Some(true));
    let result = InitializeResult {
        capabilities: capabilities(columns, pulls),
        server_info: Some(ServerInfo { name: "purlin".into(), version: Some(env!("CARGO_PKG_VERSION").into()) }),
    };
    let mut registrations = if watches { watched() } else { Vec::new() };
    if !languages.is_empty() {
        registrations.extend(of_languages(&languages));
    }
    let more = Request {
        id: RequestId::from("watch".to_string()),
        method: "client/registerCapability".into(),
        params: json!({ "registrations": registrations }),
    };
    (Server::new(as_of, columns, annotations, pulls, templates), result, (!registrations.is_empty()).then_some(more))
}

/// What an editor says of templates. `templates: false` leaves them alone, a list of languages asks for their documents.
fn wish(params: &InitializeParams) -> Wish {
    let off = params.initialization_options.as_ref().and_then(|o| o.get("templates")) == Some(&Value::Bool(false));
    let open = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
    #[allow(deprecated)]
    let root = params.root_uri.iter().filter(|_| params.workspace_folders.is_none());
    Wish { off, folders: open.chain(root).filter_map(path).collect() }
}
