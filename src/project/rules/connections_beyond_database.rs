//! Functions whose copies together open more connections to a database than its memory allows.

use super::{list, warning};
use crate::base::Diagnostic;
use crate::model::InstanceId;
use crate::project::databases::Client;
use crate::project::view::{View, text};
use crate::project::words;

const RULE: &str = "connections-beyond-database";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let clients = view.clients();
    let mut out = Vec::new();
    for database in view.nodes().filter(|id| view.is_database(*id)) {
        let own: Vec<&Client> = clients.iter().filter(|c| c.to == database).collect();
        let used: f64 = own.iter().map(|c| view.copies(c.function)).sum();
        let Some((machine, most)) = takes(view, database).filter(|(_, most)| used > *most) else { continue };
        let names = list(&own.iter().map(|c| view.name(c.function)).collect::<Vec<_>>());
        let message = format!("up to {used} copies of {names} connect to {}, which takes about {most} connections", view.name(database));
        let place = ["class", "most_capacity"].into_iter().find(|fact| view.fact(machine, fact).is_some()).unwrap_or_default();
        let finding = warning(RULE, view.span_of(machine, place), message, &[]);
        out.push(own.iter().fold(finding, |f, c| f.also(c.span, format!("{} connects with this", view.name(c.function)))));
    }
    out
}

/// About how many connections a database takes, and the resource that says of how large a machine; nothing if that is not
/// known.
fn takes(view: &View<'_>, database: InstanceId) -> Option<(InstanceId, f64)> {
    let words = words::of(RULE);
    let number = |name: String| words.limits.get(&name).copied();
    let engine = text(view.fact(database, "engine"))?;
    let machine = view.instances(database).first().copied().unwrap_or(database);
    let class = text(view.fact(machine, "class"))?;
    let (family, size) = class.strip_prefix("db.")?.split_once('.').unwrap_or((class, ""));
    if let Some(most) = number(format!("{engine}.{family}.{size}")) {
        return Some((machine, most));
    }
    // A machine of a serverless cluster has two gigabytes for each unit.
    let capacity = view.number(database, "most_capacity").map(|units| (database, 2.0 * units));
    let gigabytes = match number(format!("memory.{size}")) {
        Some(memory) => Some((machine, if family.starts_with('r') { 2.0 * memory } else { memory })),
        None if class == words.texts.get("serverless")? => capacity,
        None => None,
    };
    let (at, gigabytes) = gigabytes?;
    let bytes = gigabytes * 1024f64.powi(3);
    Some((at, (bytes / number(format!("bytes.{engine}"))?).floor().min(number(format!("most.{engine}"))?)))
}
