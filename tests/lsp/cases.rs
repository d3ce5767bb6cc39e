//! What the server answers, as texts: `tests/lsp/cases/*.txt`. A case is `=== METHOD [WORDS]: what it shows`, then the
//! program (`$0` is the cursor, `$[` and `$]` the ends of a selection, `+++ NAME` begins another file), then `---` and the
//! answer, drawn into the text it is about. `PURLIN_BLESS=1` writes the answers anew: read them.

use crate::client::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

struct Case {
    method: String,
    words: String,
    title: String,
    program: String,
    answer: String,
}

fn cases(text: &str) -> Vec<Case> {
    let parts = text.split("=== ").skip(1);
    parts
        .map(|part| {
            let (head, rest) = part.split_once('\n').unwrap();
            let (program, answer) = rest.split_once("---\n").unwrap_or((rest, ""));
            let (what, title) = head.split_once(": ").unwrap_or_else(|| panic!("{head} has no title"));
            let (method, words) = what.split_once(' ').unwrap_or((what, ""));
            let own = |s: &str| s.to_string();
            Case {
                method: own(method),
                words: own(words),
                title: own(title),
                program: own(program),
                answer: answer.trim_end().to_string() + "\n",
            }
        })
        .collect()
}

#[test]
fn every_case_is_answered_as_it_says() {
    let bless = std::env::var_os("PURLIN_BLESS").is_some();
    let (mut seen, mut wrong) = (0, Vec::new());
    let mut files: Vec<_> = std::fs::read_dir("tests/lsp/cases").unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for file in files {
        let mut client = Client::start();
        let mut out = String::new();
        for (at, case) in cases(&std::fs::read_to_string(&file).unwrap()).into_iter().enumerate() {
            seen += 1;
            let answer = Asked::new(&mut client, at, &case).answer();
            let answer = answer.trim_end().to_string() + "\n";
            if answer != case.answer {
                wrong.push(format!("{}: {}\n{answer}", file.display(), case.title));
            }
            let words = if case.words.is_empty() { String::new() } else { format!(" {}", case.words) };
            let _ = write!(out, "=== {}{words}: {}\n{}---\n{answer}\n", case.method, case.title, case.program);
        }
        if bless {
            std::fs::write(&file, out).unwrap();
        }
    }
    assert!(seen >= 150, "{seen} cases");
    assert!(bless || wrong.is_empty(), "{} of {seen} are not as they were read:\n{}", wrong.len(), wrong.join("\n"));
}

/// A case in a folder of its own.
struct Asked<'c> {
    client: &'c mut Client,
    case: &'c Case,
    folder: String,
    /// The texts, without marks.
    texts: BTreeMap<String, String>,
    /// The file that it stands in.
    at: String,
    cursor: Value,
    selection: Value,
}

impl<'c> Asked<'c> {
    fn new(client: &'c mut Client, at: usize, case: &'c Case) -> Asked<'c> {
        let folder = format!("case{at}");
        std::fs::create_dir_all(client.folder.path().join(&folder)).unwrap();
        let (mut texts, mut at) = (BTreeMap::new(), "main.purlin".to_string());
        let (mut cursor, mut selection) = (json!({ "line": 0, "character": 0 }), Value::Null);
        for (n, part) in case.program.split("+++ ").enumerate() {
            // A program that begins with the line of a file has no other.
            if n == 0 && part.is_empty() && case.program.starts_with("+++ ") {
                continue;
            }
            let (name, text) = if n == 0 { ("main.purlin", part) } else { part.split_once('\n').unwrap() };
            let bare = text.replace("$[", "").replace("$]", "");
            if bare.contains("$0") {
                cursor = crate::client::position(&bare);
                at = name.to_string();
            }
            if text.contains("$[") {
                let plain = text.replace("$0", "");
                let (start, end) = (plain.replace("$]", "").replace("$[", "$0"), plain.replace("$[", "").replace("$]", "$0"));
                selection = json!({ "start": crate::client::position(&start), "end": crate::client::position(&end) });
            }
            texts.insert(name.to_string(), bare.replace("$0", ""));
        }
        if selection.is_null() {
            selection = json!({ "start": cursor, "end": cursor });
        }
        let path = |name: &str| format!("{folder}/{name}");
        for (name, text) in &texts {
            std::fs::create_dir_all(client.folder.path().join(path(name)).parent().unwrap()).unwrap();
            std::fs::write(client.folder.path().join(path(name)), text).unwrap();
        }
        // What is no source is on the disk only, but for what the cursor is in.
        for (name, text) in texts.iter().filter(|(name, _)| name.ends_with(".purlin") || **name == at) {
            client.open(&path(name), text);
        }
        Asked { client, case, folder, texts, at, cursor, selection }
    }

    fn uri(&self) -> String {
        self.client.uri(&format!("{}/{}", self.folder, self.at))
    }

    fn ask(&mut self, method: &str, more: Value) -> Value {
        let mut params = json!({ "textDocument": { "uri": self.uri() }, "position": self.cursor, "range": self.selection });
        params["options"] = json!({ "tabSize": 2, "insertSpaces": true });
        params["context"] = json!({ "includeDeclaration": true, "triggerKind": 1, "isRetrigger": false, "diagnostics": [] });
        more.as_object().into_iter().flatten().for_each(|(key, value)| params[key] = value.clone());
        let answer = self.client.ask(method, params);
        if answer["error"].is_null() { answer["result"].clone() } else { answer["error"].clone() }
    }

    fn answer(mut self) -> String {
        let method = self.case.method.clone();
        let words = self.case.words.clone();
        let of_text = |name: &str| format!("textDocument/{name}");
        match method.as_str() {
            "hover" => {
                let answer = self.ask("textDocument/hover", json!({}));
                answer["contents"]["value"].as_str().unwrap_or("nothing").to_string()
            }
            "completion" => self.completion(&words),
            "signatureHelp" => self.signature(),
            "definition" | "typeDefinition" | "references" | "documentHighlight" | "linkedEditingRange" | "prepareRename"
            | "documentLink" => {
                let answer = self.ask(&of_text(&method), json!({}));
                self.marked(&places(&answer))
            }
            "documentSymbol" => symbols(&self.ask("textDocument/documentSymbol", json!({})), 0),
            "workspaceSymbol" => {
                let folder = self.folder.clone();
                let answer = self.ask("workspace/symbol", json!({ "query": words }));
                let own =
                    answer.as_array().unwrap().iter().filter(|s| s["location"]["uri"].as_str().unwrap().contains(&format!("/{folder}/")));
                own.map(|s| format!("{} {}\n", s["containerName"].as_str().unwrap(), s["name"].as_str().unwrap())).collect()
            }
            "foldingRange" => {
                let answer = self.ask("textDocument/foldingRange", json!({}));
                answer.as_array().unwrap().iter().map(|f| format!("{}-{}\n", f["startLine"], f["endLine"])).collect()
            }
            "selectionRange" => self.selections(),
            "semanticTokens" => self.tokens(&words),
            "formatting" | "rangeFormatting" | "onTypeFormatting" => {
                let edits = self.ask(&of_text(&method), json!({ "ch": "}" }));
                if !edits.is_array() {
                    return edits["message"].as_str().unwrap_or("nothing").to_string();
                }
                let uri = self.uri();
                self.edited(&json!({ "changes": { uri: edits } }))
            }
            "rename" => {
                let edit = self.ask("textDocument/rename", json!({ "newName": words }));
                if edit["message"].is_string() { edit["message"].as_str().unwrap().into() } else { self.edited(&edit) }
            }
            "codeAction" => self.action(&words),
            "inlayHint" => self.hints(),
            "codeLens" => self.lenses(),
            "incomingCalls" | "outgoingCalls" => self.calls(&method),
            "command" => self.command(&words),
            "diagnostic" => self.findings(),
            other => panic!("there is no method {other}"),
        }
    }

    fn completion(&mut self, words: &str) -> String {
        let answer = self.ask("textDocument/completion", json!({}));
        let items = answer.as_array().cloned().unwrap_or_default();
        let mut out = String::new();
        // `completion LABEL` is about one: what it puts in, and what is known of it.
        if !words.is_empty() {
            let Some(item) = items.iter().find(|i| i["label"] == words) else { return format!("no `{words}` among {}", items.len()) };
            let resolved = self.client.ask("completionItem/resolve", item.clone())["result"].clone();
            let _ = write!(out, "{}\n\n{}", item["insertText"].as_str().unwrap(), resolved["documentation"]["value"].as_str().unwrap());
            return out;
        }
        for item in items.iter().take(8) {
            let _ = writeln!(out, "{}: {}", item["label"].as_str().unwrap(), item["detail"].as_str().unwrap());
        }
        if items.len() > 8 {
            out.push_str("and more\n");
        }
        if items.is_empty() { "nothing".into() } else { out }
    }

    fn signature(&mut self) -> String {
        let answer = self.ask("textDocument/signatureHelp", json!({}));
        if answer["signatures"].is_null() {
            return answer["message"].as_str().unwrap_or("nothing").to_string();
        }
        let signature = &answer["signatures"][0];
        let label = signature["label"].as_str().unwrap();
        let active = &signature["parameters"][answer["activeParameter"].as_u64().unwrap() as usize]["label"];
        let active = active.as_str().unwrap_or("");
        let at = label.find(active).unwrap_or(0);
        let doc = signature["documentation"]["value"].as_str().unwrap();
        format!("{label}\n{}{}\n{doc}", " ".repeat(at), "^".repeat(active.chars().count()))
    }

    /// The lines that hold places, with these marked below.
    fn marked(&self, places: &[(String, Value)]) -> String {
        let mut out = String::new();
        let mut sorted: Vec<(String, &Value)> =
            places.iter().map(|(uri, range)| (if uri.is_empty() { self.uri() } else { uri.clone() }, range)).collect();
        sorted.sort_by_key(|(uri, range)| (uri.clone(), range["start"]["line"].as_u64(), range["start"]["character"].as_u64()));
        for (uri, range) in sorted {
            let path = uri.strip_prefix("file://").unwrap_or(&uri).to_string();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let number = |side: &str, field: &str| range[side][field].as_u64().unwrap() as usize;
            let (line, from, to) = (number("start", "line"), number("start", "character"), number("end", "character"));
            let shown = text.lines().nth(line).unwrap_or("");
            let to = if number("end", "line") == line { to } else { shown.encode_utf16().count() };
            let name = path.rsplit_once(&format!("/{}/", self.folder)).map_or(path.rsplit('/').next().unwrap_or(""), |(_, name)| name);
            let _ = writeln!(
                out,
                "{name}\n{shown}\n{}{}{}",
                " ".repeat(from),
                "^".repeat((to - from).max(1)),
                range["note"].as_str().map(|n| format!(" {n}")).unwrap_or_default()
            );
        }
        if out.is_empty() { "nothing".into() } else { out }
    }

    fn selections(&mut self) -> String {
        let answer = self.ask("textDocument/selectionRange", json!({ "positions": [self.cursor.clone()] }));
        let text = &self.texts["main.purlin"];
        let mut out = String::new();
        let mut at = &answer[0];
        while at["range"].is_object() {
            let (from, to) = (byte(text, &at["range"]["start"]), byte(text, &at["range"]["end"]));
            let _ = writeln!(out, "{}", text[from..to].replace('\n', "\\n"));
            at = &at["parent"];
        }
        out
    }

    fn tokens(&mut self, words: &str) -> String {
        let legend = purlin::ide::TOKENS;
        let full = self.ask("textDocument/semanticTokens/full", json!({}));
        let mut data: Vec<u64> = full["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
        if words == "range" {
            let answer = self.ask("textDocument/semanticTokens/range", json!({}));
            data = answer["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
        }
        // `delta TEXT`: after TEXT is put in at the cursor, the edits must lead from the old data to the new.
        if let Some(typed) = words.strip_prefix("delta ") {
            let text = self.texts["main.purlin"].clone();
            let at = byte(&text, &self.cursor);
            let name = format!("{}/main.purlin", self.folder);
            let new = format!("{}{typed}{}", &text[..at], &text[at..]);
            self.client.change(&name, &new);
            let delta = self.ask("textDocument/semanticTokens/full/delta", json!({ "previousResultId": full["resultId"] }));
            let edit = &delta["edits"][0];
            let (start, gone) = (edit["start"].as_u64().unwrap() as usize, edit["deleteCount"].as_u64().unwrap() as usize);
            let put: Vec<u64> = edit["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
            let before = data.len();
            data.splice(start..start + gone, put.iter().copied());
            let fresh = self.ask("textDocument/semanticTokens/full", json!({}));
            let fresh: Vec<u64> = fresh["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
            assert_eq!(data, fresh, "the edits lead to what is there");
            return format!("{} of {before} numbers go, {} come", gone, put.len());
        }
        let text = self.texts["main.purlin"].clone();
        let (mut out, mut line, mut column) = (String::new(), 0, 0);
        let lines: Vec<&str> = text.lines().collect();
        for token in data.chunks(5) {
            if token[0] > 0 {
                column = 0;
            }
            line += token[0] as usize;
            column += token[1] as usize;
            let word: String = lines[line].chars().skip(column).take(token[2] as usize).collect();
            let declared = if token[4] & 1 == 1 { " declaration" } else { "" };
            let _ = writeln!(out, "{word}: {}{declared}", legend[token[3] as usize]);
        }
        out
    }

    fn edited(&self, edit: &Value) -> String {
        let mut of: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (uri, edits) in edit["changes"].as_object().into_iter().flatten() {
            of.insert(uri.clone(), edits.as_array().unwrap().clone());
        }
        let mut out = String::new();
        for (uri, mut edits) in of {
            let name = uri.rsplit_once(&format!("/{}/", self.folder)).unwrap().1.to_string();
            let mut text = self.texts[&name].clone();
            edits.sort_by_key(|e| (e["range"]["start"]["line"].as_u64(), e["range"]["start"]["character"].as_u64()));
            for edit in edits.iter().rev() {
                let (from, to) = (byte(&text, &edit["range"]["start"]), byte(&text, &edit["range"]["end"]));
                text.replace_range(from..to, edit["newText"].as_str().unwrap());
            }
            if name != "main.purlin" {
                let _ = writeln!(out, "+++ {name}");
            }
            out.push_str(&text);
        }
        if out.is_empty() { "nothing".into() } else { out }
    }

    /// The titles of all actions, and with words what the first whose title holds them makes of the text.
    fn action(&mut self, words: &str) -> String {
        let answer = self.ask("textDocument/codeAction", json!({}));
        let all = answer.as_array().unwrap().clone();
        if words.is_empty() {
            let list: String = all.iter().map(|a| format!("{}: {}\n", a["kind"].as_str().unwrap(), a["title"].as_str().unwrap())).collect();
            return if list.is_empty() { "nothing".into() } else { list };
        }
        match all.iter().find(|a| a["title"].as_str().unwrap().contains(words)) {
            Some(action) => self.edited(&action["edit"]),
            None => format!("no action has `{words}`: {:?}", all.iter().map(|a| &a["title"]).collect::<Vec<_>>()),
        }
    }

    fn hints(&mut self) -> String {
        let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9999, "character": 0 } });
        let answer = self.ask("textDocument/inlayHint", json!({ "range": whole }));
        let mut text = self.texts["main.purlin"].clone();
        for hint in answer.as_array().unwrap().iter().rev() {
            text.insert_str(byte(&text, &hint["position"]), &format!(" <{}>", hint["label"].as_str().unwrap()));
        }
        text
    }

    fn lenses(&mut self) -> String {
        let answer = self.ask("textDocument/codeLens", json!({}));
        let mut out = String::new();
        for (at, line) in self.texts["main.purlin"].lines().enumerate() {
            for lens in answer.as_array().unwrap().iter().filter(|l| l["range"]["start"]["line"] == at) {
                let _ = writeln!(out, "~ {}", lens["command"]["title"].as_str().unwrap());
            }
            let _ = writeln!(out, "{line}");
        }
        out
    }

    fn calls(&mut self, method: &str) -> String {
        let items = self.ask("textDocument/prepareCallHierarchy", json!({}));
        if items.is_null() {
            return "nothing".into();
        }
        let answer = self.client.ask(&format!("callHierarchy/{method}"), json!({ "item": items[0] }))["result"].clone();
        let side = if method == "incomingCalls" { "from" } else { "to" };
        let one = |call: &Value| {
            let ranges = call["fromRanges"].as_array().unwrap().iter();
            let text = &self.texts["main.purlin"];
            let lines: Vec<String> = ranges.map(|r| text[byte(text, &r["start"])..byte(text, &r["end"])].to_string()).collect();
            format!("{side} {} {}: {}\n", call[side]["detail"].as_str().unwrap(), call[side]["name"].as_str().unwrap(), lines.join("; "))
        };
        let all: String = answer.as_array().unwrap().iter().map(one).collect();
        if all.is_empty() { "nothing".into() } else { all }
    }

    fn command(&mut self, words: &str) -> String {
        let (name, rule) = words.split_once(' ').unwrap_or((words, ""));
        let argument = match name {
            "explain" => json!(rule),
            "graph" => json!({ "uri": self.uri() }),
            _ => json!({ "uri": self.uri(), "position": self.cursor }),
        };
        let answer = self.ask("workspace/executeCommand", json!({ "command": format!("purlin.{name}"), "arguments": [argument] }));
        match (&answer["svg"], &answer["text"], &answer["markdown"]) {
            (Value::String(svg), ..) => {
                format!("{}: {}", answer["title"].as_str().unwrap(), svg.lines().next().unwrap().split(' ').next().unwrap())
            }
            (_, Value::String(text), _) | (.., Value::String(text)) => text.clone(),
            _ => answer["message"].as_str().unwrap_or("nothing").to_string(),
        }
    }

    fn findings(&mut self) -> String {
        let answer = self.ask("textDocument/diagnostic", json!({}));
        let mut places = Vec::new();
        for item in answer["items"].as_array().unwrap() {
            let mut range = item["range"].clone();
            let tags = if item["tags"] == json!([1]) {
                " unused"
            } else if item["tags"] == json!([2]) {
                " deprecated"
            } else {
                ""
            };
            let also = item["relatedInformation"].as_array().unwrap().len();
            let also = if also > 0 { format!(", and {also} more places") } else { String::new() };
            range["note"] = json!(format!("{}{tags}{also}", item["code"].as_str().unwrap()));
            places.push((String::new(), range));
        }
        self.marked(&places)
    }
}

/// Every range of an answer with its file; of the file asked about if it names none.
fn places(answer: &Value) -> Vec<(String, Value)> {
    let one = |v: &Value| {
        let place = if v["range"].is_object() { v["range"].clone() } else { v.clone() };
        let mut place = place;
        if let Some(target) = v["target"].as_str() {
            place["note"] = json!(target.rsplit('/').next().unwrap());
        }
        (v["uri"].as_str().unwrap_or("").to_string(), place)
    };
    match answer {
        Value::Array(all) => all.iter().map(one).collect(),
        Value::Object(map) if map.contains_key("ranges") => places(&map["ranges"]),
        Value::Null => Vec::new(),
        other => vec![one(other)],
    }
}

fn symbols(answer: &Value, depth: usize) -> String {
    let all = answer.as_array().into_iter().flatten();
    all.map(|s| {
        let own = format!("{}{} {}\n", "  ".repeat(depth), s["detail"].as_str().unwrap(), s["name"].as_str().unwrap());
        own + &symbols(&s["children"], depth + 1)
    })
    .collect()
}

/// The byte of a position in UTF-16 units.
fn byte(text: &str, position: &Value) -> usize {
    let (line, column) = (position["line"].as_u64().unwrap() as usize, position["character"].as_u64().unwrap() as usize);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = 0;
    for (at, c) in text[start..].char_indices() {
        if units >= column || c == '\n' {
            return start + at;
        }
        units += c.len_utf16();
    }
    text.len()
}
