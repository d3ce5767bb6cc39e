//! From a name to where it is declared, used and led to.

use super::convert::{Lines, path, uri};
use super::server::Server;
use super::templates::Templates;
use crate::base::{FileId, Span};
use crate::ide::{self, Hop, Link, Place};
use crate::session::Analysis;
use lsp_types::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

impl Server {
    /// A place of a file with its text around it.
    pub fn place(&self, at: &TextDocumentPositionParams) -> Option<(PathBuf, Place)> {
        let path = path(&at.text_document.uri)?;
        let text = self.workspace.files.text(&path)?;
        let byte = self.columns.byte(&text, at.position);
        Some((path, Place::new(&text, byte)))
    }

    pub fn definition(&self, params: &GotoDefinitionParams) -> Option<Value> {
        self.led_to(params, ide::definition)
    }

    pub fn type_definition(&self, params: &GotoDefinitionParams) -> Option<Value> {
        self.led_to(params, ide::type_definition)
    }

    fn led_to(
        &self,
        params: &GotoDefinitionParams,
        find: fn(&Place, &crate::types::Library, Option<&Analysis>) -> Option<Span>,
    ) -> Option<Value> {
        let (path, place) = self.place(&params.text_document_position_params)?;
        let analysis = self.workspace.analysis(&path)?;
        let library = super::workspace::Workspace::library(Some(&analysis));
        serde_json::to_value(self.location(&analysis, find(&place, &library, Some(&analysis))?)?).ok()
    }

    /// The index of the files of a project, or of one file that belongs to none.
    fn index(&self, path: &Path, text: &str) -> ide::Index {
        match self.workspace.analysis(path) {
            Some(analysis) => ide::Index::new(
                analysis.sources.all().iter().filter(|s| !Templates::is_foreign(&s.path)).map(|s| (s.path.as_path(), &*s.text)),
            ),
            None => ide::Index::new([(path, text)]),
        }
    }

    /// The places of a name, by file.
    fn ranges(&self, own: (&Path, &str), named: &ide::Named) -> BTreeMap<PathBuf, Vec<Range>> {
        let mut out: BTreeMap<PathBuf, Vec<Range>> = BTreeMap::new();
        for (path, span) in &named.places {
            let text = if path == own.0 { Some(own.1.to_string()) } else { self.workspace.files.text(path) };
            let Some(text) = text else { continue };
            out.entry(path.clone()).or_default().push(Lines::new(self.columns, &text).range(*span));
        }
        out.values_mut().for_each(|ranges| ranges.sort_by_key(|r| (r.start.line, r.start.character)));
        out
    }

    /// Every place that names what the name at a place means; of what is not declared, the same word in the same file.
    fn places(&self, at: &TextDocumentPositionParams) -> Option<BTreeMap<PathBuf, Vec<Range>>> {
        let (path, place) = self.place(at)?;
        let (word, span) = place.word()?;
        match self.index(&path, place.text()).named(&path, span) {
            Ok(named) => Some(self.ranges((&path, place.text()), &named)),
            // A property, a kind or a verb has no declaration here.
            Err(_) => {
                let lines = Lines::new(self.columns, place.text());
                let ranges: Vec<Range> = ide::references(place.text(), word).into_iter().map(|span| lines.range(span)).collect();
                (!ranges.is_empty()).then(|| BTreeMap::from([(path, ranges)]))
            }
        }
    }

    pub fn references(&self, params: &ReferenceParams) -> Option<Value> {
        let places = self.places(&params.text_document_position).unwrap_or_default();
        let all = places.into_iter().flat_map(|(path, ranges)| ranges.into_iter().filter_map(move |r| Some(Location::new(uri(&path)?, r))));
        serde_json::to_value(all.collect::<Vec<_>>()).ok()
    }

    pub fn highlights(&self, params: &DocumentHighlightParams) -> Option<Value> {
        let at = &params.text_document_position_params;
        let own = path(&at.text_document.uri)?;
        let ranges = self.places(at)?.remove(&own)?;
        serde_json::to_value(ranges.into_iter().map(|range| DocumentHighlight { range, kind: None }).collect::<Vec<_>>()).ok()
    }

    /// Whether there is a name that can be changed, and where it stands.
    pub fn prepare_rename(&self, params: &TextDocumentPositionParams) -> Option<Value> {
        let (path, place) = self.place(params)?;
        let (word, span) = place.word()?;
        self.index(&path, place.text()).named(&path, span).ok()?;
        Some(json!({ "range": Lines::new(self.columns, place.text()).range(span), "placeholder": word }))
    }

    /// The edits of a rename. What is deployed keeps its logical id where the editor lets one choose.
    pub fn rename(&self, params: &RenameParams) -> Result<Value, String> {
        let name = &params.new_name;
        let fits =
            name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !fits {
            return Err(format!("`{name}` is not a valid name: use letters, digits and `_`, starting with a letter"));
        }
        let Some((path, place)) = self.place(&params.text_document_position) else { return Ok(Value::Null) };
        let Some((_, span)) = place.word() else { return Err("there is no name here".into()) };
        let mut named = self.index(&path, place.text()).renamed(&path, span, name)?;
        if named.setting {
            named.places.extend(self.workspace.settings(&path, &named.name));
        }
        let places = self.ranges((&path, place.text()), &named);
        let kept = self.kept_id(&params.text_document_position);
        let mut documents: Vec<Value> = Vec::new();
        for (path, ranges) in places {
            let Some(uri) = uri(&path) else { continue };
            let mut edits: Vec<Value> = ranges.into_iter().map(|range| json!({ "range": range, "newText": name })).collect();
            if let Some((_, position, id)) = kept.as_ref().filter(|(of, ..)| *of == path).filter(|_| self.annotations) {
                edits.push(json!({
                    "range": { "start": position, "end": position },
                    "newText": format!("@id(\"{id}\")\n"),
                    "annotationId": "keep",
                }));
            }
            documents.push(json!({ "textDocument": { "uri": uri.to_string(), "version": null }, "edits": edits }));
        }
        if !self.annotations {
            let changes: serde_json::Map<String, Value> = documents
                .into_iter()
                .filter_map(|d| Some((d.pointer("/textDocument/uri")?.as_str()?.to_string(), d.get("edits")?.clone())))
                .collect();
            return Ok(json!({ "changes": changes }));
        }
        Ok(json!({
            "documentChanges": documents,
            "changeAnnotations": { "keep": {
                "label": "keep the deployed resource",
                "needsConfirmation": true,
                "description": "`@id` keeps the logical id: without it CloudFormation replaces the resource",
            } },
        }))
    }

    /// The declaration at a place, if it has no id of its own: its file, where it begins, and its logical id.
    fn kept_id(&self, at: &TextDocumentPositionParams) -> Option<(PathBuf, Position, String)> {
        let (path, place) = self.place(at)?;
        let analysis = self.workspace.analysis(&path)?;
        let (file, _) = self.file(&analysis, &path)?;
        let (_, instance) = ide::at(&analysis, file, place.at as u32, place.word()?.0)?;
        let own = instance.decl.attributes.iter().any(|a| &*a.name == "id") || instance.decl.existing || instance.kind().is_none();
        let (of, _) = analysis.sources.get(instance.decl.span.file)?;
        let start = Lines::of(self.columns, &analysis.sources, instance.decl.span.file).position(instance.decl.span.start as usize);
        (!own).then(|| (of.to_path_buf(), start, instance.logical.to_string()))
    }

    pub fn linked(&self, params: &LinkedEditingRangeParams) -> Option<Value> {
        let (_, place) = self.place(&params.text_document_position_params)?;
        let lines = Lines::new(self.columns, place.text());
        let ranges: Vec<Range> = ide::scope(&place)?.into_iter().map(|span| lines.range(span)).collect();
        Some(json!({ "ranges": ranges }))
    }

    pub fn links(&self, params: &DocumentLinkParams) -> Option<Value> {
        let file = path(&params.text_document.uri)?;
        let text = self.workspace.files.text(&file)?;
        let lines = Lines::new(self.columns, &text);
        let tree = crate::syntax::parse(FileId(0), text.as_str().into()).tree;
        let link = |link: Link| match link {
            Link::Page(span, page) => Some(json!({ "range": lines.range(span), "target": page })),
            Link::File(span, written) => {
                let target = file.parent()?.join(written);
                target.is_file().then(|| Some(json!({ "range": lines.range(span), "target": uri(&target)?.to_string() })))?
            }
        };
        Some(Value::Array(ide::links(&tree).into_iter().filter_map(link).collect()))
    }

    pub fn prepare_calls(&self, params: &CallHierarchyPrepareParams) -> Option<Value> {
        let (path, place) = self.place(&params.text_document_position_params)?;
        let analysis = self.workspace.analysis(&path)?;
        let (file, _) = self.file(&analysis, &path)?;
        let (_, instance) = ide::at(&analysis, file, place.at as u32, place.word()?.0)?;
        Some(json!([self.call_item(&analysis, &ide::item(instance))?]))
    }

    /// What wakes an item, or what it wakes: the flow of events, one hop.
    pub fn calls(&self, item: &CallHierarchyItem, incoming: bool) -> Option<Value> {
        let path = path(&item.uri)?;
        let analysis = self.workspace.analysis(&path)?;
        let (file, text) = self.file(&analysis, &path)?;
        let at = self.columns.byte(text, item.selection_range.start) as u32;
        let (stack, instance) = ide::at(&analysis, file, at, &item.name)?;
        let call = |hop: &Hop| {
            let of = |span: &Span| Lines::of(self.columns, &analysis.sources, span.file).range(*span);
            let other = self.call_item(&analysis, hop)?;
            Some(json!({ if incoming { "from" } else { "to" }: other, "fromRanges": hop.lines.iter().map(of).collect::<Vec<_>>() }))
        };
        Some(Value::Array(ide::neighbours(stack, instance.id, incoming).iter().filter_map(call).collect()))
    }

    fn call_item(&self, analysis: &Analysis, hop: &Hop) -> Option<Value> {
        let (path, _) = analysis.sources.get(hop.span.file)?;
        let lines = Lines::of(self.columns, &analysis.sources, hop.span.file);
        Some(json!({
            "name": hop.name,
            "kind": 19,
            "detail": hop.kind,
            "uri": uri(path)?.to_string(),
            "range": lines.range(hop.span),
            "selectionRange": lines.range(hop.name_span),
        }))
    }
}
