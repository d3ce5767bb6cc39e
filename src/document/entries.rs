//! The entries of a map in the making, found by their keys without a search through all of them.

use super::node::Entry;
use crate::base::Name;
use std::collections::HashMap;

/// Entries in the order of the text.
#[derive(Default)]
pub(super) struct Entries {
    list: Vec<Entry>,
    /// The place of each key, once there are many.
    places: HashMap<Name, usize>,
}

/// Up to here a search is faster than a table.
const FEW: usize = 16;

impl Entries {
    /// The entry of a key.
    pub(super) fn get_mut(&mut self, key: &Name) -> Option<&mut Entry> {
        if self.places.is_empty() {
            return self.list.iter_mut().find(|entry| entry.key == *key);
        }
        self.places.get(key).and_then(|at| self.list.get_mut(*at))
    }

    /// Adds the entry of a key that is not there.
    pub(super) fn push(&mut self, entry: Entry) {
        if !self.places.is_empty() {
            self.places.insert(entry.key.clone(), self.list.len());
        }
        self.list.push(entry);
        if self.list.len() == FEW {
            self.places = self.list.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        }
    }
}

impl From<Entries> for Vec<Entry> {
    fn from(entries: Entries) -> Vec<Entry> {
        entries.list
    }
}
