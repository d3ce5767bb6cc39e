//! The built-in functions. Pure, but for those that read a file next to the source.

use super::eval::Env;
use super::functions::{extreme, join, length, of_instance, request_pattern, subnet, sum, test, text};
use super::granted;
use super::ids::camel;
use super::lists;
use super::relate;
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::{Argument, Deploy, Expr, Node, Value};
use crate::names::nearest;

/// A built-in function: its parameters in words, what it does, and how.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it gives.
    pub doc: &'static str,
    apply: fn(&Env<'_>, &[Value], Span) -> Option<Value>,
}

/// Every built-in function.
pub const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "len",
        usage: "len(value)",
        doc: "the number of elements, entries or characters; of a text that is known only at deployment, of the part that is known",
        apply: |_, a, _| Some(Value::Int(length(a.first()?)? as i64)),
    },
    Builtin {
        name: "keys",
        usage: "keys(map)",
        doc: "the keys of a map",
        apply: |_, a, _| Some(Value::list(a.first()?.as_record()?.keys().map(|k| Value::Str(k.clone())).collect())),
    },
    Builtin {
        name: "values",
        usage: "values(map)",
        doc: "the values of a map",
        apply: |_, a, _| Some(Value::list(a.first()?.as_record()?.values().cloned().collect())),
    },
    Builtin { name: "upper", usage: "upper(text)", doc: "in capitals", apply: |_, a, _| text(a.first()?, |t| t.to_uppercase()) },
    Builtin { name: "lower", usage: "lower(text)", doc: "in small letters", apply: |_, a, _| text(a.first()?, |t| t.to_lowercase()) },
    Builtin {
        name: "trim",
        usage: "trim(text)",
        doc: "without white space at its ends",
        apply: |_, a, _| text(a.first()?, |t| t.trim().to_string()),
    },
    Builtin { name: "camel", usage: "camel(text)", doc: "as CamelCase", apply: |_, a, _| text(a.first()?, camel) },
    Builtin {
        name: "replace",
        usage: "replace(text, from, to)",
        doc: "with each `from` replaced",
        apply: |_, a, _| match a {
            [t, from, to] => {
                let (from, to) = (from.as_str()?, to.as_str()?);
                text(t, |t| t.replace(from, to))
            }
            _ => None,
        },
    },
    Builtin {
        name: "starts_with",
        usage: "starts_with(text, start)",
        doc: "whether it starts so",
        apply: |_, a, _| test(a, |t, s| t.starts_with(s)),
    },
    Builtin {
        name: "ends_with",
        usage: "ends_with(text, end)",
        doc: "whether it ends so",
        apply: |_, a, _| test(a, |t, s| t.ends_with(s)),
    },
    Builtin {
        name: "matches",
        usage: "matches(text, pattern)",
        doc: "whether a regular expression matches somewhere",
        apply: |_, a, _| {
            let Value::Str(pattern) = a.get(1)? else { return None };
            super::patterns::matches(pattern, a.first()?.as_str()?).map(Value::Bool)
        },
    },
    Builtin {
        name: "contains",
        usage: "contains(list or text, x)",
        doc: "whether it holds x",
        apply: |_, a, _| match a {
            [Value::List(v), x] => Some(super::operators::one_of(v, x)),
            [Value::Record(m), Value::Str(k)] => Some(Value::Bool(m.contains_key(k))),
            _ => test(a, |t, s| t.contains(s)),
        },
    },
    Builtin {
        name: "split",
        usage: "split(separator, text)",
        doc: "the parts of a text",
        apply: |_, a, _| match a {
            [Value::Str(s), Value::Str(t)] => Some(Value::list(t.split(&**s).map(Value::text).collect())),
            [s, t] if t.is_deploy() => Some(Value::deploy(Deploy::Call("Fn::Split", Value::list(vec![s.clone(), t.clone()])))),
            _ => None,
        },
    },
    Builtin { name: "join", usage: "join(separator, list)", doc: "a list as one text", apply: join },
    Builtin {
        name: "concat",
        usage: "concat(list, list, ...)",
        doc: "the concatenation of lists; `none` is skipped",
        apply: |_, a, _| lists::flatten(a),
    },
    Builtin {
        name: "flatten",
        usage: "flatten(list of lists)",
        doc: "the elements of its lists",
        apply: |_, a, _| lists::flatten(a.first()?.as_list()?),
    },
    Builtin {
        name: "compact",
        usage: "compact(list)",
        doc: "without `none`",
        apply: |_, a, _| Some(Value::list(a.first()?.as_list()?.iter().filter(|v| **v != Value::None).cloned().collect())),
    },
    Builtin { name: "unique", usage: "unique(list)", doc: "each element once", apply: |_, a, _| lists::unique(a.first()?.as_list()?) },
    Builtin {
        name: "sort",
        usage: "sort(list)",
        doc: "in order",
        apply: |_, a, _| {
            let mut v = a.first()?.as_list()?.to_vec();
            v.sort_by(|x, y| {
                x.magnitude()
                    .partial_cmp(&y.magnitude())
                    .unwrap_or(std::cmp::Ordering::Equal)
                    .then_with(|| x.to_string().cmp(&y.to_string()))
            });
            Some(Value::list(v))
        },
    },
    Builtin {
        name: "range",
        usage: "range(from, to)",
        doc: "the whole numbers from `from` to just before `to`, at most 1,000",
        apply: |_, a, _| match a {
            [Value::Int(x), Value::Int(y)] if y.checked_sub(*x).is_some_and(|n| n <= 1_000) || y <= x => {
                Some(Value::list((*x..*y).map(Value::Int).collect()))
            }
            _ => None,
        },
    },
    Builtin { name: "min", usage: "min(list) or min(a, b)", doc: "the least", apply: |_, a, _| extreme(a, false) },
    Builtin { name: "max", usage: "max(list) or max(a, b)", doc: "the greatest", apply: |_, a, _| extreme(a, true) },
    Builtin {
        name: "sum",
        usage: "sum(list)",
        doc: "the sum of numbers, or of quantities of one kind; 0 if there are none",
        apply: |_, a, _| sum(a.first()?.as_list()?),
    },
    Builtin {
        name: "merge",
        usage: "merge(map, map)",
        doc: "both maps; the second wins",
        apply: |_, a, _| {
            let mut out = FxIndexMap::default();
            for m in a.iter().filter(|v| **v != Value::None) {
                out.extend(m.as_record()?.iter().map(|(k, v)| (k.clone(), v.clone())));
            }
            Some(Value::record(out))
        },
    },
    Builtin {
        name: "map",
        usage: "map(list of { key, value })",
        doc: "a map of entries",
        apply: |_, a, _| {
            let mut out = FxIndexMap::default();
            for v in a.first()?.as_list()? {
                let r = v.as_record()?;
                out.insert(Name::from(r.get("key")?.as_str()?), r.get("value")?.clone());
            }
            Some(Value::record(out))
        },
    },
    Builtin { name: "json", usage: "json(value)", doc: "a value as JSON text", apply: |_, a, _| super::json::text(a.first()?) },
    Builtin {
        name: "short_hash",
        usage: "short_hash(text)",
        doc: "six letters and digits derived from a text: a short hash",
        apply: |_, a, _| Some(Value::text(blake3::hash(a.first()?.to_string().as_bytes()).to_hex().as_str().get(..6)?)),
    },
    Builtin {
        name: "base64",
        usage: "base64(text)",
        doc: "encoded by CloudFormation",
        apply: |_, a, _| Some(Value::deploy(Deploy::Call("Fn::Base64", a.first()?.clone()))),
    },
    Builtin {
        name: "zone",
        usage: "zone(n)",
        doc: "the n-th availability zone of the region",
        apply: |_, a, _| {
            Some(Value::deploy(Deploy::Call(
                "Fn::Select",
                Value::list(vec![a.first()?.clone(), Value::deploy(Deploy::Call("Fn::GetAZs", Value::text("")))]),
            )))
        },
    },
    Builtin {
        name: "select",
        usage: "select(n, list)",
        doc: "the n-th element of a list that is known at deployment",
        apply: |e, a, s| match a {
            [n, l @ Value::List(_)] => Some(e.index(l, n, s)),
            [n, l] => Some(Value::deploy(Deploy::Call("Fn::Select", Value::list(vec![n.clone(), l.clone()])))),
            _ => None,
        },
    },
    Builtin {
        name: "subnet",
        usage: "subnet(cidr, prefix length, n)",
        doc: "the n-th range of that length in a range of addresses; `none` if there are not so many",
        apply: subnet,
    },
    Builtin {
        name: "path_prefixes",
        usage: "path_prefixes(\"/a/b\")",
        doc: "`/a`, `/a/b`",
        apply: |_, a, _| {
            let mut out = Vec::new();
            let mut at = String::new();
            for part in a.first()?.as_str()?.split('/').filter(|p| !p.is_empty()) {
                at = format!("{at}/{part}");
                out.push(Value::text(&at));
            }
            Some(Value::list(out))
        },
    },
    Builtin {
        name: "name_of",
        usage: "name_of(declaration)",
        doc: "its written name",
        apply: |e, a, _| of_instance(e, a.first()?, |i| i.name.clone()),
    },
    Builtin {
        name: "id_of",
        usage: "id_of(declaration)",
        doc: "the logical id of its main resource",
        apply: |e, a, _| of_instance(e, a.first()?, |i| i.logical.clone()),
    },
    Builtin {
        name: "unique_name",
        usage: "unique_name(declaration, most, characters)",
        doc: "a physical name of at most `most` characters, of letters, digits and hyphens among `characters` (as \"a-z0-9-\"), that no other declaration and no other deployed stack has",
        apply: super::physical::unique_name,
    },
    Builtin {
        name: "fitting_name",
        usage: "fitting_name(declaration, most, characters)",
        doc: "the same, unique among the declarations of the stack only",
        apply: super::physical::fitting_name,
    },
    Builtin {
        name: "emitted",
        usage: "emitted(declaration, label)",
        doc: "what a declaration of this stack emits under a label: a resource, or a list of them; none if it emits none",
        apply: |e, a, _| match a {
            [Value::Ref(id), Value::Str(label)] => Some(match e.world.instance(*id) {
                Some(instance) if !instance.decl.existing => e.label(*id, label).unwrap_or(Value::None),
                _ => Value::None,
            }),
            [Value::None, Value::Str(_)] => Some(Value::None),
            _ => None,
        },
    },
    Builtin {
        name: "declared",
        usage: "declared(type)",
        doc: "the resources that the stack declares as `resource` of a type of CloudFormation",
        apply: |e, a, _| {
            let ty = a.first()?.as_str()?;
            let of_type = |i: &&super::world::Instance| matches!(&i.made, super::world::Made::Resource(made) if **made == *ty);
            Some(Value::list(e.world.instances.iter().filter(of_type).map(|i| Value::Resource(i.logical.clone())).collect()))
        },
    },
    Builtin {
        name: "request_pattern",
        usage: "request_pattern(\"GET /orders/{id}\")",
        doc: "the method and the path of the requests that a route takes, as a pattern: `GET/orders/*`",
        apply: |_, a, _| text(a.first()?, request_pattern),
    },
    Builtin {
        name: "kind_of",
        usage: "kind_of(declaration)",
        doc: "the name of its kind",
        apply: |e, a, _| of_instance(e, a.first()?, |i| i.kind_name().into()),
    },
    Builtin {
        name: "kind_of_value",
        usage: "kind_of_value(x)",
        doc: "\"declaration\", \"text\", \"list\", \"record\", \"none\" or \"other\"",
        apply: |_, a, _| {
            Some(Value::text(match a.first()? {
                Value::Ref(_) => "declaration",
                Value::Str(_) => "text",
                Value::List(_) => "list",
                Value::Record(_) => "record",
                Value::None => "none",
                Value::Deploy(d) if matches!(**d, Deploy::Text(_) | Deploy::Param(..)) => "text",
                _ => "other",
            }))
        },
    },
    Builtin {
        name: "replace_matches",
        usage: "replace_matches(text, pattern, with)",
        doc: "with each match of a regular expression replaced",
        apply: |_, a, _| match a {
            [t, Value::Str(pattern), with] => {
                let with = with.as_str()?;
                super::patterns::replace_all(pattern, "", with)?;
                text(t, |t| super::patterns::replace_all(pattern, t, with).unwrap_or_default())
            }
            _ => None,
        },
    },
    Builtin {
        name: "resource",
        usage: "resource(label, key)",
        doc: "the resource that a loop of this kind emits under a label for a key",
        apply: |e, a, _| match a {
            [Value::Str(label), Value::Str(key)] => {
                let keys: &[Name] = if key.is_empty() { &[] } else { std::slice::from_ref(key) };
                Some(Value::Resource(super::ids::labelled(&e.owner(), label, keys)))
            }
            _ => None,
        },
    },
    Builtin {
        name: "is_given",
        usage: "is_given(declaration, \"property\")",
        doc: "whether a declaration writes a property, so that its value is not the default",
        apply: |e, a, _| match a {
            [Value::Ref(id), Value::Str(name)] => {
                let decl = &e.world.instance(*id)?.decl;
                let nothing = || Expr::missing(decl.name_span);
                Some(Value::Bool(super::fields::given(decl, name, &nothing).is_some()))
            }
            _ => None,
        },
    },
    Builtin {
        name: "is_existing",
        usage: "is_existing(declaration)",
        doc: "whether another stack owns it",
        apply: |e, a, _| match a.first()? {
            Value::Ref(id) => Some(Value::Bool(e.world.instance(*id)?.decl.existing)),
            Value::None => Some(Value::Bool(false)),
            _ => None,
        },
    },
    Builtin {
        name: "incoming",
        usage: "incoming(declaration, event)",
        doc: "the targets of an event: records of `target` and the event's arguments; for a property that `@delivers`, the declarations that refer to this one there",
        apply: |e, a, _| match a {
            [Value::Ref(id), Value::Str(event)] => {
                Some(Value::list(e.world.incoming.get().and_then(|m| m.get(&(*id, event.clone()))).cloned().unwrap_or_default()))
            }
            _ => None,
        },
    },
    Builtin {
        name: "triggers",
        usage: "triggers(declaration)",
        doc: "the triggers of a declaration: records of `event`, `mode` (\"sync\", \"async\", \"poll\"), `source` and the event's arguments, as `with`",
        apply: |e, a, _| relate::links(e, a, |r, id| r.triggers(id).cloned().collect()),
    },
    Builtin {
        name: "woken",
        usage: "woken(declaration)",
        doc: "the targets that a declaration triggers: records of `event`, `mode`, `target` and the event's arguments, as `with`",
        apply: |e, a, _| relate::links(e, a, |r, id| r.woken(id).cloned().collect()),
    },
    Builtin {
        name: "capabilities",
        usage: "capabilities(declaration)",
        doc: "what a declaration can do: records of `verb`, `target`, whether it is `derived`, and the verb's arguments, as `with`",
        apply: |e, a, _| relate::links(e, a, |r, id| r.capabilities(id).cloned().collect()),
    },
    Builtin {
        name: "seams",
        usage: "seams(declaration)",
        doc: "along what a declaration that answers many routes would come apart: records of `paths`, the number of `routes`, and what they `need` by the same name",
        apply: relate::parts,
    },
    Builtin {
        name: "users",
        usage: "users(declaration)",
        doc: "who can do something with a declaration: records of `verb`, `source`, whether it is `derived`, and the verb's arguments, as `with`",
        apply: |e, a, _| relate::links(e, a, |r, id| r.users(id).cloned().collect()),
    },
    Builtin {
        name: "actions",
        usage: "actions(edge)",
        doc: "the IAM actions that an edge itself grants: of an element of `capabilities(x)`, `users(x)`, `triggers(x)` or `woken(x)`",
        apply: granted::actions,
    },
    Builtin {
        name: "added",
        usage: "added(edge)",
        doc: "the types of the resources that an edge adds to the template: of an element of `capabilities(x)` and the like",
        apply: granted::added,
    },
    Builtin {
        name: "reached",
        usage: "reached(declaration, without)",
        doc: "what can come of a declaration, over any number of hops, without going through some others",
        apply: relate::reached,
    },
    Builtin {
        name: "all",
        usage: "all(kind)",
        doc: "every declaration of a kind: `all(\"function\")`",
        apply: |e, a, _| {
            let kind = a.first()?.as_str()?;
            let known = super::resolve::Types::is_kind(&*e.world.library, kind);
            let of_kind = || e.world.instances.iter().filter(|i| i.kind_name() == kind).map(|i| Value::Ref(i.id)).collect();
            known.then(|| Value::list(of_kind()))
        },
    },
    Builtin {
        name: "is_exported",
        usage: "is_exported(declaration)",
        doc: "whether the stack exports it, or one of its values: others may use it",
        apply: |e, a, _| match a.first()? {
            Value::Ref(id) => Some(Value::Bool(relate::exported(e, *id))),
            Value::None => Some(Value::Bool(false)),
            _ => None,
        },
    },
    Builtin {
        name: "is_named",
        usage: "is_named(declaration)",
        doc: "whether a property of another declaration names it",
        apply: |e, a, _| match a.first()? {
            Value::Ref(id) => Some(e.world.relations.get().map_or(Value::Missing, |r| Value::Bool(r.is_named(*id)))),
            _ => None,
        },
    },
    Builtin {
        name: "allows",
        usage: "allows(declaration, rule)",
        doc: "whether a declaration or one of its edges has an `@allow` of a rule",
        apply: |e, a, _| match a {
            [Value::Ref(id), Value::Str(rule)] => Some(Value::Bool(relate::allows(e, *id, rule))),
            _ => None,
        },
    },
    Builtin {
        name: "in_allowed_loop",
        usage: "in_allowed_loop(declaration)",
        doc: "whether a declaration is part of a loop that an `@allow(event-loop, ...)` permits",
        apply: |e, a, _| match a {
            [Value::Ref(id)] => Some(Value::Bool(e.world.looped.get().is_some_and(|all| all.contains(id)))),
            _ => None,
        },
    },
    Builtin {
        name: "is_known",
        usage: "is_known(value)",
        doc: "whether a value is known now, and not only at deployment",
        apply: |_, a, _| Some(Value::Bool(!a.first()?.is_deploy())),
    },
    Builtin {
        name: "number",
        usage: "number(text)",
        doc: "the whole number that a text writes; none if it writes none",
        apply: |_, a, _| Some(a.first()?.as_str()?.trim().parse().map_or(Value::None, Value::Int)),
    },
    Builtin {
        name: "limit",
        usage: "limit(name, default)",
        doc: "a number that `[limits]` of purlin.toml gives, or else the default: a quota of the account, a threshold of the team",
        apply: |e, a, _| match a {
            [Value::Str(name), default] => Some(e.world.limits.get(name).cloned().unwrap_or_else(|| default.clone())),
            _ => None,
        },
    },
    Builtin {
        name: "import_value",
        usage: "import_value(name)",
        doc: "what another stack exports under a name",
        apply: |_, a, _| match a.first()? {
            name @ (Value::Str(_) | Value::Deploy(_)) => Some(Value::deploy(Deploy::Call("Fn::ImportValue", name.clone()))),
            _ => None,
        },
    },
    Builtin {
        name: "read_text",
        usage: "read_text(path)",
        doc: "a file next to the source",
        apply: |e, a, s| Some(e.read(a.first()?.as_str()?, s)),
    },
    Builtin {
        name: "read_json",
        usage: "read_json(path)",
        doc: "the value of a JSON file next to the source",
        apply: |e, a, s| Some(e.read_json(a.first()?.as_str()?, s)),
    },
    Builtin {
        name: "led_to",
        usage: "led_to(starts, ways)",
        doc: "what a map of lists of its keys leads to from some of them, these included, each with the number of steps",
        apply: |_, a, _| super::ways::led_to(a),
    },
    Builtin {
        name: "turned_round",
        usage: "turned_round(ways)",
        doc: "a map of lists of its keys, with every way the other way round",
        apply: |_, a, _| super::ways::turned_round(a),
    },
    Builtin {
        name: "unpacked_size",
        usage: "unpacked_size(declaration, path)",
        doc: "the unpacked size of a declaration's package; `none` if the package does not exist yet",
        apply: |e, a, _| e.unpacked_size(a),
    },
    Builtin {
        name: "states_of",
        usage: "states_of(start, states, tasks)",
        doc: "the Amazon States Language of a state machine, with what its tasks do; and the substitutions for what is known only at deployment",
        apply: super::states::definition,
    },
];

impl Env<'_> {
    pub(super) fn call(&self, callee: &Expr, arguments: &[Argument], span: Span) -> Value {
        let Node::Name(name) = &callee.node else {
            let message = "only the built-in functions can be called here";
            return self.fail(
                Diagnostic::error("not-callable", callee.span, message)
                    .help("write events after `on` and the arguments of a capability after `can`"),
            );
        };
        let Some(builtin) = BUILTINS.iter().find(|b| *b.name == **name) else {
            let mut finding = Diagnostic::error("unknown-function", callee.span, format!("there is no function `{name}`"));
            if let Some(near) = nearest(name, BUILTINS.iter().map(|b| b.name)) {
                finding = finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), callee.span, near);
            }
            return self.fail(finding);
        };
        let values: Vec<Value> = arguments.iter().map(|a| self.eval(&a.value)).collect();
        if values.contains(&Value::Missing) {
            return Value::Missing;
        }
        if !self.may_call(builtin.name, &values, span) {
            return Value::Missing;
        }
        match (builtin.apply)(self, &values, span) {
            Some(value) => value,
            // What is missing within was told where it is missing.
            None if values.iter().any(lists::lacks) => Value::Missing,
            None if values.iter().any(Value::is_deploy) => {
                self.needs_now(span, &format!("what `{name}` is called with"));
                Value::Missing
            }
            None => {
                let given: Vec<String> = values.iter().map(|v| self.describe(v)).collect();
                let message = format!("`{name}` cannot take {}", if given.is_empty() { "no arguments".into() } else { given.join(", ") });
                self.fail(
                    Diagnostic::error("wrong-arguments", span, message)
                        .help(format!("it is called as `{}`: {}", builtin.usage, builtin.doc)),
                )
            }
        }
    }
}
