//! From a text to the resource that it names: an ARN, a name, an address, with or without a qualifier.

use super::arn::Arn;
use super::scope::Scope;
use super::summary::End;
use super::table::table;
use super::text::{Segment, Text};
use crate::base::Name;
use rustc_hash::{FxHashMap, FxHashSet};

/// How many names of names are followed: a function's alias of a version.
const DEPTH: usize = 6;

/// What names the resources of a template.
#[derive(Default)]
pub struct Names {
    /// Whole texts.
    exact: FxHashMap<String, Vec<Known>>,
    /// Beginnings of texts.
    begins: FxHashMap<String, Vec<Known>>,
    /// Names, which are the same for resources of different types.
    plain: FxHashMap<(Name, String), usize>,
}

/// A resource by one of its names.
struct Known {
    place: usize,
    /// The name in its parts, if it is an ARN.
    arn: Option<Arn>,
}

/// The first resource of some that share a text whose region and account can be those of an ARN.
fn first(known: Option<&Vec<Known>>, arn: Option<&Arn>) -> Option<usize> {
    let fits = |k: &&Known| k.arn.as_ref().zip(arn).is_none_or(|(own, other)| own.may_be_beside(other));
    known?.iter().find(fits).map(|k| k.place)
}

impl Names {
    /// The names of the resources of a template.
    pub fn of(scope: &Scope<'_>) -> Names {
        let mut names = Names::default();
        for (at, resource) in scope.resources.iter().enumerate() {
            let Some(row) = resource.row() else { continue };
            let arn = scope.arn(&resource.id);
            names.exact.entry(key(&arn)).or_default().push(Known { place: at, arn: Arn::read(&arn) });
            if let Some(name) = scope.physical_name(&resource.id) {
                names.plain.entry((resource.ty.clone(), key(&name))).or_insert(at);
            }
            for form in &row.forms {
                let text = scope.form(&resource.id, form.trim_end_matches('*'), 8);
                let known = if form.ends_with('*') { &mut names.begins } else { &mut names.exact };
                known.entry(key(&text)).or_default().push(Known { place: at, arn: Arn::read(&text) });
            }
        }
        names
    }

    /// The resource that a text names. `expects` are the types that may be there, for names that are not unique.
    pub fn end(&self, scope: &Scope<'_>, text: &Text, expects: &[String]) -> End {
        match self.place(scope, text, expects) {
            Some(at) => self.led(scope, at, DEPTH),
            None => {
                let invoked = super::action::invoked(text);
                let text = invoked.as_ref().unwrap_or(text);
                always(text, expects).unwrap_or_else(|| named(text, expects))
            }
        }
    }

    fn place(&self, scope: &Scope<'_>, text: &Text, expects: &[String]) -> Option<usize> {
        let invoked = super::action::invoked(text);
        let text = invoked.as_ref().unwrap_or(text);
        if let Some((id, attribute)) = text.as_attribute() {
            // What a stack gives on is a value of another template.
            return scope.places.get(id).copied().filter(|_| !attribute.starts_with("Outputs."));
        }
        let written = key(text);
        let arn = Arn::read(text);
        let exact = first(self.exact.get(&written), arn.as_ref()).or_else(|| {
            let types = expects.iter().map(|ty| Name::from(ty.as_str()));
            types.into_iter().find_map(|ty| self.plain.get(&(ty, written.clone())).copied())
        });
        if exact.is_some() {
            return exact;
        }
        // With a qualifier: `function:X:live`, `stream/X/consumer/y`.
        let cuts = written.char_indices().filter(|(_, c)| matches!(c, ':' | '/' | '?')).map(|(at, _)| at + 1).collect::<Vec<_>>();
        let begins = cuts.iter().rev().find_map(|at| first(self.begins.get(written.get(..*at)?), arn.as_ref()));
        begins.or_else(|| {
            let (name, _) = written.rsplit_once(':')?;
            expects.iter().find_map(|ty| self.plain.get(&(ty.as_str().into(), name.to_string())).copied())
        })
    }

    /// The resource that another is only a name of: an alias, a version, a URL, a consumer.
    fn led(&self, scope: &Scope<'_>, at: usize, depth: usize) -> End {
        let resource = scope.resources.get(at);
        let target = resource.and_then(|r| Some((r, r.row()?.leads.as_deref()?)));
        let Some((resource, path)) = target.filter(|_| depth > 0) else { return End::Own(at) };
        let Some((_, text, _)) = scope.texts_at(&resource.properties, path).into_iter().next() else { return End::Own(at) };
        let expects = resource.row().map(led_types).unwrap_or_default();
        match self.place(scope, &text, &expects) {
            Some(next) if next != at => self.led(scope, next, depth - 1),
            // A name of something outside of AWS is what is known of it.
            _ if expects.is_empty() && Arn::read(&text).is_none() => End::Own(at),
            _ => named(&text, &expects),
        }
    }

    /// The resource that a resource is only a name of, or itself.
    pub fn principal(&self, scope: &Scope<'_>, at: usize) -> End {
        self.led(scope, at, DEPTH)
    }
}

/// What a text names that is no resource of the template.
fn named(text: &Text, expects: &[String]) -> End {
    // Of several types that are possible none is the one.
    let only = || if let [ty] = expects { Some(ty.as_str().into()) } else { None };
    End::Named(text.clone(), kind_of(text).or_else(only))
}

/// What every account has one of, always by the same text: the default bus.
fn always(text: &Text, expects: &[String]) -> Option<End> {
    let (ty, arn) = expects.iter().find_map(|ty| {
        let row = table().row(ty)?;
        let name = row.always.as_deref()?;
        let arn = row.arn.as_deref()?.replace("{name}", name);
        if text.as_literal() == Some(name) {
            return Some((ty.as_str(), plain(&arn)));
        }
        // With a region or an account in it, it may be another one.
        let elsewhere = Arn::read(text).is_some_and(|arn| arn.written_place().is_some());
        (key(text) == key(&plain(&arn))).then(|| (ty.as_str(), if elsewhere { text.clone() } else { plain(&arn) }))
    })?;
    Some(End::Named(arn, Some(ty.into())))
}

/// A form without a resource.
fn plain(form: &str) -> Text {
    let mut text = Text::default();
    for part in form.split_inclusive(['{', '}']) {
        text.push(match part.strip_suffix('}') {
            Some("partition") => Segment::Pseudo("AWS::Partition".into()),
            Some("region") => Segment::Pseudo("AWS::Region".into()),
            Some("account") => Segment::Pseudo("AWS::AccountId".into()),
            _ => Segment::Literal(part.trim_end_matches('{').into()),
        });
    }
    text
}

/// The types that a name of another resource leads to.
fn led_types(row: &super::table::Row) -> Vec<String> {
    row.facts.get("of").map(|f| f.expects.clone()).unwrap_or_default()
}

/// The type of what an ARN names, by the forms of the table.
pub fn kind_of(text: &Text) -> Option<Name> {
    let arn = Arn::read(text)?;
    let resource = arn.resource.to_string();
    let mut seen = FxHashSet::default();
    let fits = |form: &str| -> Option<usize> {
        let mut fields = form.splitn(6, ':');
        let service = fields.nth(2)?;
        let rest = fields.nth(2)?;
        let (before, after) = rest.split_once('{')?;
        let fits = arn.service.as_literal() == Some(service) && resource.starts_with(before);
        // The form with the longest beginning, and then the shortest rest, fits best.
        fits.then_some(before.len() * 100 + 99usize.saturating_sub(after.len()))
    };
    let mut best: Option<(usize, &str)> = None;
    for (ty, row) in &table().types {
        if let Some(form) = row.arn.as_deref().filter(|form| seen.insert(*form))
            && let Some(score) = fits(form)
            && best.is_none_or(|(other, _)| score > other)
        {
            best = Some((score, ty));
        }
    }
    best.map(|(_, ty)| ty.into())
}

/// Why it is open whether an end is the one that every account has: the ARN says of which region or account it is.
pub fn elsewhere(end: &End) -> Option<String> {
    let End::Named(text, Some(ty)) = end else { return None };
    let always = table().row(ty)?.always.as_deref()?;
    let arn = Arn::read(text)?;
    let place = arn.written_place().filter(|_| arn.resource.to_string().ends_with(always))?;
    Some(format!("`{text}` names `{place}`, which may be another region or account than that of this stack"))
}

/// A text as it is compared: without partition, region and account, which are compared apart.
fn key(text: &Text) -> String {
    match Arn::read(text) {
        Some(arn) => format!("arn:{}:{}", arn.service, arn.resource),
        None => match text.segments() {
            [Segment::Literal(literal)] => literal.to_string(),
            _ => text.to_string(),
        },
    }
}
