//! Declarations that are one thing on AWS: two names of the default bus, an existing queue and the one that is declared
//! here under the same name. Kinds say with `@identity` by which texts a declaration is known.

use crate::base::Name;
use crate::model::{InstanceId, Value};
use crate::types::{Env, World};
use rustc_hash::FxHashMap;

/// Which declarations are one.
pub(super) struct Identities {
    /// For each declaration that is the same as an earlier one: that one.
    first: FxHashMap<InstanceId, InstanceId>,
    /// Who is known by a text, by kind.
    known: FxHashMap<(Name, String), Vec<InstanceId>>,
}

impl Identities {
    /// Finds which declarations of a world are one.
    pub(super) fn of(world: &World) -> Identities {
        let mut identities = Identities { first: FxHashMap::default(), known: FxHashMap::default() };
        for instance in &world.instances {
            let Some(info) = instance.kind() else { continue };
            let env = Env::kind(world, instance.id).lenient();
            let said = info.kind.properties.values().flat_map(|p| &p.attributes).filter(|a| &*a.name == "identity");
            for argument in said.flat_map(|a| &a.arguments) {
                let text = match env.eval(&argument.value) {
                    Value::Str(text) => text.to_string(),
                    value @ Value::Deploy(_) => value.to_string(),
                    _ => continue,
                };
                let same = identities.known.entry((info.kind.name.clone(), text)).or_default();
                same.push(instance.id);
                let one = same.first().copied().filter(|first| *first != instance.id);
                if let Some(one) = one {
                    let (one, own) = (identities.of_instance(one), identities.of_instance(instance.id));
                    if one != own {
                        identities.first.insert(one.max(own), one.min(own));
                    }
                }
            }
        }
        identities
    }

    /// The one declaration that stands for all that are the same.
    pub(super) fn of_instance(&self, id: InstanceId) -> InstanceId {
        let mut at = id;
        while let Some(first) = self.first.get(&at) {
            at = *first;
        }
        at
    }

    /// Who of a kind is known by a text.
    pub(super) fn known(&self, kind: &str, text: &str) -> &[InstanceId] {
        self.known.get(&(kind.into(), text.to_string())).map_or(&[], Vec::as_slice)
    }
}
