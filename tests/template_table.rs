//! The table of resource types: it names what CloudFormation has, and each of its rows is read as it says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use purlin::base::FileId;
use purlin::cfn::{self, ResourceSchema, Shape};
use purlin::document::{Form, read};
use purlin::iam;
use purlin::template::{Alone, Edge, EdgeKind, EdgeRow, End, Kind, Summary, calls, summary, table};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Types whose table of CloudFormation names no properties for what the custom resource is given.
const CUSTOM: &str = "Custom::";

/// The shape that a path leads to; an open map has anything below it.
fn shape<'s>(schema: &'s ResourceSchema, path: &str) -> Result<Option<&'s Shape>, String> {
    let mut at = schema.root();
    for key in path.split('.').filter(|k| !k.is_empty()) {
        at = schema.resolve(at);
        let next = if key == "*" || key.starts_with('[') { at.items.as_deref() } else { at.properties.get(key) };
        match next {
            Some(inner) => at = inner,
            None if at.properties.is_empty() && at.items.is_none() => return Ok(None),
            None => return Err(format!("no `{key}` in `{path}`")),
        }
        if let Some((name, _)) = key.trim_start_matches('[').split_once('=').filter(|_| key.starts_with('[')) {
            let item = schema.resolve(at);
            if !item.properties.is_empty() && !item.properties.contains_key(name) {
                return Err(format!("no `{name}` in the items of `{path}`"));
            }
        }
    }
    Ok(Some(schema.resolve(at)))
}

/// A path of a row as one from the top.
fn whole(each: Option<&str>, path: &str) -> String {
    match (path.strip_prefix('^'), each) {
        (Some(path), _) => path.to_string(),
        (None, Some(each)) if !each.is_empty() => format!("{each}.{path}"),
        (None, _) => path.to_string(),
    }
}

/// The path of a condition.
fn conditioned(condition: &str) -> &str {
    let (path, _) = condition.split_once("!=").or_else(|| condition.split_once('=')).unwrap_or((condition, ""));
    path.strip_prefix('!').unwrap_or(path)
}

/// The paths in braces of a form that are properties.
fn of_form(form: &str) -> Vec<String> {
    let names = form.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
    names.filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase())).map(String::from).collect()
}

/// Every path of an edge.
fn paths(edge: &EdgeRow) -> Vec<String> {
    let each = edge.each.as_deref();
    let mut all: Vec<String> = edge.each.iter().cloned().collect();
    let mut add = |path: &str| all.push(whole(each, path));
    edge.from.iter().chain(&edge.to).chain(&edge.role).for_each(|p| add(p));
    edge.when.iter().for_each(|c| add(conditioned(c)));
    edge.gives.values().for_each(|p| add(p));
    edge.events.iter().for_each(|e| add(&e.at));
    edge.calls.iter().for_each(|c| [Some(&c.on), c.method.as_ref()].into_iter().flatten().for_each(|p| add(p)));
    for filter in &edge.filter {
        add(&filter.at);
        filter.path.iter().chain(filter.scope.as_ref().map(|s| &s.at)).for_each(|p| add(p));
    }
    for keeps in &edge.keeps {
        keeps.when.iter().for_each(|c| add(conditioned(c)));
    }
    if let Some(rewritten) = &edge.rewritten {
        let parts = [&rewritten.input, &rewritten.path, &rewritten.paths, &rewritten.template];
        parts.into_iter().flatten().for_each(|p| add(p));
    }
    edge.facts.values().flat_map(|f| f.at.paths()).for_each(add);
    all
}

#[test]
fn every_type_and_path_is_one_of_cloudformation() {
    let mut wrong = Vec::new();
    for (ty, row) in &table().types {
        if row.pseudo || ty.starts_with(CUSTOM) {
            continue;
        }
        let Some(schema) = cfn::schema(ty) else {
            wrong.push(format!("{ty}: no such type"));
            continue;
        };
        let mut all: Vec<String> = row.name.iter().chain(&row.leads).cloned().collect();
        all.extend(row.path.iter().flat_map(|(a, b)| [a.clone(), b.clone()]));
        all.extend(row.reads.iter().flat_map(|r| r.at.split(' ').map(String::from).chain(r.of.iter().cloned())));
        all.extend(row.facts.values().flat_map(|f| f.at.paths()).map(String::from));
        all.extend(row.edge.iter().filter(|e| !e.outside).flat_map(paths));
        let forms = row.reference.iter().chain(&row.arn).chain(&row.forms).chain(row.attributes.values());
        all.extend(forms.flat_map(|form| of_form(form)));
        wrong.extend(all.iter().filter_map(|path| shape(schema, path).err()).map(|e| format!("{ty}: {e}")));
        let known = |name: &str| schema.has_attribute(name) || schema.property(&name.replace('.', "/")).is_some();
        wrong.extend(row.attributes.keys().filter(|name| !known(name)).map(|name| format!("{ty}: no attribute `{name}`")));
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_type_and_event_that_a_row_names_is_known() {
    let types = &table().types;
    let caused: BTreeSet<&str> = iam::causes().iter().map(|c| c.event.as_str()).collect();
    let arrives: BTreeSet<&str> = types.values().filter_map(|r| r.arrives.as_deref()).collect();
    let polled: BTreeSet<&str> = types.values().filter_map(|r| Some(r.polled.as_ref()?.event.as_str())).collect();
    // What a service does by itself, and nobody with a right.
    let own = ["lost", "replicated", "traffic", "acts"];
    let mut wrong = Vec::new();
    for (ty, row) in types {
        for edge in &row.edge {
            let ends = edge.from_type.iter().chain(&edge.to_type).chain(edge.facts.values().flat_map(|f| &f.expects));
            wrong.extend(ends.filter(|t| !types.contains_key(*t) && cfn::schema(t).is_none()).map(|t| format!("{ty}: {t}")));
            let events = edge.events.iter().flat_map(|e| e.of.values()).chain(&edge.event).chain(&edge.arrives);
            let known = |e: &str| caused.contains(e) || arrives.contains(e) || polled.contains(e) || own.contains(&e);
            wrong.extend(events.filter(|e| !known(e)).map(|e| format!("{ty}: the event {e}")));
        }
    }
    for row in &calls().call {
        wrong.extend(row.types.iter().filter(|t| cfn::schema(t).is_none()).map(|t| format!("{}: {t}", row.action)));
    }
    // What arrives at a type is what its causes say that happens there.
    for cause in iam::causes().iter().filter(|c| !c.runs() && !c.later && c.at.is_none()) {
        for ty in &cause.types {
            let row = types.get(ty);
            let listens = |e: &EdgeRow| e.event.as_deref() == Some(cause.event.as_str()) || e.events.is_some();
            let fits = row.is_none_or(|r| {
                r.arrives.as_deref() == Some(cause.event.as_str())
                    || r.polled.as_ref().is_some_and(|p| p.event == cause.event)
                    || r.edge.iter().any(listens)
            });
            if !fits {
                wrong.push(format!("{ty}: `{}` causes `{}`, which nothing in its row is", cause.actions.join(" "), cause.event));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_source_is_a_page_of_aws() {
    let table = table();
    let rows = table.types.values().map(|r| r.source.as_str());
    let facts = table.types.values().flat_map(|r| r.facts.values().chain(r.edge.iter().flat_map(|e| e.facts.values())));
    let pages = rows.chain(facts.filter_map(|f| f.source.as_deref())).chain(table.principal.values().map(|p| p.source.as_str()));
    let pages = pages.chain(calls().call.iter().map(|c| c.source.as_str())).chain([calls().source.as_str()]);
    for page in pages {
        let path = page.strip_prefix("https://docs.aws.amazon.com/").unwrap_or_else(|| panic!("{page}"));
        assert!(path.ends_with(".html") && !path.contains(' '), "{page}");
    }
    let date = |text: &str| text.len() == 10 && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    assert!(date(&table.read) && date(&calls().read));
}

/// Sets what a path leads to, one item in each list.
fn set(at: &mut Json, path: &str, value: Json) {
    let Some((key, rest)) = path.split_once('.').or_else(|| (!path.is_empty()).then_some((path, ""))) else {
        *at = value;
        return;
    };
    if key == "*" || key.starts_with('[') {
        if !at.is_array() {
            *at = json!([{}]);
        }
        let item = &mut at[0];
        if let Some((name, is)) = key.trim_matches(['[', ']']).split_once('=') {
            if item.get(name).is_some_and(|v| *v != json!(is)) {
                let mut other = json!({ name: is });
                set(&mut other, rest, value);
                at.as_array_mut().unwrap().push(other);
                return;
            }
            item[name] = json!(is);
        }
        set(&mut at[0], rest, value);
        return;
    }
    if !at.is_object() {
        *at = Json::Object(Map::new());
    }
    set(&mut at[key], rest, value);
}

/// A template with one resource that has what a row asks for, and one at each of its ends.
fn template(ty: &str, edge: &EdgeRow, from: Option<&str>, to: Option<&str>) -> Json {
    let each = edge.each.as_deref();
    let end = |id: &str, ty: &str| {
        let known = table().row(ty).is_some_and(|r| r.arn.is_some());
        if known { json!({ "Fn::GetAtt": [id, "Arn"] }) } else { json!({ "Ref": id }) }
    };
    let mut properties = json!({});
    if let Some(each) = each {
        set(&mut properties, each, json!({}));
    }
    for condition in &edge.when {
        match (condition.split_once("!="), condition.split_once('=')) {
            (Some(_), _) => {}
            (None, Some((path, value))) => set(&mut properties, &whole(each, path), json!(value)),
            (None, None) if !condition.starts_with('!') => set(&mut properties, &whole(each, condition), json!({ "of": ["it"] })),
            (None, None) => {}
        }
    }
    if let Some(events) = &edge.events {
        set(&mut properties, &whole(each, &events.at), json!(events.of.keys().next().unwrap()));
    }
    for (path, id, ty) in [(&edge.from, "From", from), (&edge.to, "To", to)] {
        if let (Some(path), Some(ty)) = (path, ty) {
            set(&mut properties, &whole(each, path), end(id, ty));
        } else if let Some(path) = path {
            // What is of no type is outside of AWS.
            set(&mut properties, &whole(each, path), json!("elsewhere.example.com"));
        }
    }
    let mut resources = json!({ "It": { "Type": ty, "Properties": properties } });
    if edge.outside {
        // The paths begin at the resource.
        resources["It"] = properties;
        resources["It"]["Type"] = json!(ty);
    }
    for (id, ty) in [("From", from), ("To", to)] {
        if let Some(ty) = ty {
            resources[id] = json!({ "Type": ty });
        }
    }
    json!({ "Resources": resources })
}

fn of(template: &Json) -> Summary {
    let text = serde_json::to_string_pretty(template).unwrap();
    let (node, found) = read(&text, FileId(0), Form::Json);
    assert!(found.is_empty(), "{found:?}");
    summary(&node.unwrap(), "it".into(), &Alone)
}

fn id(summary: &Summary, end: &End) -> String {
    match end {
        End::Own(at) => summary.resources[*at].id.to_string(),
        End::Named(text, _) => text.to_string(),
    }
}

/// Whether an edge is of the kind of a row.
fn is_kind(edge: &Edge, row: &EdgeRow) -> bool {
    match row.kind {
        Kind::Trigger => edge.kind == EdgeKind::Trigger(purlin::model::Mode::of(row.mode.as_deref().unwrap_or("async")).unwrap()),
        Kind::Failure => edge.kind == EdgeKind::Failure,
        Kind::ActsAs => edge.kind == EdgeKind::ActsAs,
        Kind::Watches => edge.kind == EdgeKind::Watches,
    }
}

/// Whether an edge is one of a row.
fn is(summary: &Summary, edge: &Edge, row: &EdgeRow, ends: (&str, &str), events: &[Option<String>]) -> bool {
    let kind = is_kind(edge, row);
    let (from, to) = (id(summary, &edge.from), id(summary, &edge.to));
    let fits = |is: &str, wanted: &str| is == wanted || wanted == "?";
    kind && fits(&from, ends.0) && fits(&to, ends.1) && events.contains(&edge.event.as_ref().map(ToString::to_string))
}

/// Whether an edge can be of a row, whatever its ends are.
fn is_like(summary: &Summary, edge: &Edge, row: &EdgeRow) -> bool {
    let fits = |e: &Option<purlin::base::Name>| row.event.is_none() || row.event.as_deref() == e.as_deref();
    *edge.what == *row.what && (fits(&edge.event) || row.events.is_some()) && is_kind(edge, row) && !summary.resources.is_empty()
}

/// The resource that a template of this test is about.
fn own(summary: &Summary) -> &purlin::template::Resource {
    summary.resources.iter().find(|r| &*r.id == "It").unwrap()
}

#[test]
fn every_row_gives_its_edge_and_no_other() {
    let mut wrong = Vec::new();
    for (ty, row) in &table().types {
        for (number, edge) in row.edge.iter().enumerate() {
            let froms: Vec<Option<&str>> = alternatives(&edge.from, &edge.from_type);
            let tos: Vec<Option<&str>> = alternatives(&edge.to, &edge.to_type);
            for from in &froms {
                for to in &tos {
                    let written = template(ty, edge, *from, *to);
                    let summary = of(&written);
                    let source = from.or(edge.from.is_none().then_some(ty)).and_then(|t| table().row(t));
                    let event = match (&edge.events, &edge.event, edge.polled) {
                        (Some(events), ..) => events.of.values().next().cloned(),
                        (None, Some(event), _) => Some(event.clone()),
                        (None, None, true) => source.and_then(|r| r.polled.as_ref()).map(|p| p.event.clone()),
                        (None, None, false) => None,
                    };
                    let start = if edge.from.is_none() {
                        "It"
                    } else if edge.from == edge.to {
                        "To"
                    } else if from.is_some() {
                        "From"
                    } else {
                        "?"
                    };
                    let end = if edge.to.is_none() && edge.to_default.is_none() {
                        "It"
                    } else if to.is_some() {
                        "To"
                    } else {
                        "?"
                    };
                    let found = summary.edges.iter().filter(|e| is(&summary, e, edge, (start, end), std::slice::from_ref(&event))).count();
                    // What else there is follows from another row of the type, from one of its ends, or from another name.
                    let of_row = |e: &Edge| row.edge.iter().any(|other| is_like(&summary, e, other));
                    let of_end = |e: &Edge| ["From", "To"].contains(&id(&summary, &e.from).as_str()) && e.span != own(&summary).span;
                    let more = summary.edges.iter().filter(|e| !of_row(e) && !of_end(e)).count();
                    if found != 1 || more > 0 {
                        let edges: Vec<String> = summary
                            .edges
                            .iter()
                            .map(|e| format!("{:?} {} {:?} -> {}", e.kind, id(&summary, &e.from), e.event, id(&summary, &e.to)))
                            .collect();
                        wrong.push(format!("{ty} {number} ({}) from {from:?} to {to:?}:\n{written}\n  {}", edge.what, edges.join("\n  ")));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

/// The types that an end of a row can have; a text where it has none.
fn alternatives<'t>(path: &Option<String>, types: &'t [String]) -> Vec<Option<&'t str>> {
    let all: Vec<Option<&str>> = types.iter().map(|t| Some(t.as_str())).collect();
    if path.is_none() || all.is_empty() { vec![None] } else { all }
}
