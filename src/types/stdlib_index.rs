//! Where each declaration of a library file stands. Shared with the build script.

/// A declaration of the standard library, with the comments before it.
pub struct Item {
    /// `kind`, `type`, `let` or `rule`.
    pub word: String,
    /// Its name.
    pub name: String,
    /// Where its comments begin, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
}

/// What a file declares. The files are laid out by `purlin fmt`: what begins a line outermost begins or ends a declaration.
pub fn index(text: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let (mut at, mut before) = (0, 0);
    for line in text.split_inclusive('\n') {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        if let (Some(word @ ("kind" | "type" | "let" | "rule")), Some(name)) = (words.next(), words.next()) {
            items.push(Item { word: word.into(), name: name.into(), start: before, end: at + line.len() });
            before = at + line.len();
        } else if line.starts_with([' ', '}', ']', ')']) {
            before = at + line.len();
            if let Some(item) = items.last_mut() {
                item.end = before;
            }
        }
        at += line.len();
    }
    items
}
