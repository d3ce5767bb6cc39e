//! Logical ids: what each resource is called in the template. Every id is a function of what it names alone: of written
//! names, of loop keys and of the two ends of an edge. So neither the order of lines nor a further declaration changes
//! one. Where letters and digits cannot show all of a key, a short hash of it follows.

use crate::base::Name;

/// The most letters and digits of a key that are shown. A logical id has at most 255.
/// source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>
const SHOWN: usize = 60;

/// `snake_case`, `kebab-case` and paths to `CamelCase` of letters and digits.
pub fn camel(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut upper = true;
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() {
            upper = true;
        } else if upper {
            out.push(c.to_ascii_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a text can be a logical id.
pub fn is_valid(id: &str) -> bool {
    !id.is_empty() && id.len() <= 255 && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Six digits that distinguish a text from others.
fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().as_str().chars().take(6).collect()
}

/// A key as a part of an id: plain if the key can be read back from it, with a hash of the key otherwise.
pub fn key(text: &str) -> String {
    let plain = camel(text);
    if text.is_empty() || (plain.len() <= SHOWN && is_canonical(text, &plain)) {
        return plain;
    }
    let shown: String = plain.chars().take(SHOWN).collect();
    format!("{shown}{}", hash(text))
}

/// Whether a key is the one text that its camel case stands for without a hash: `order_events`, `team1`, `10`, and of
/// several words with a number at the end the form of a region, `us-east-1`.
fn is_canonical(text: &str, plain: &str) -> bool {
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let capitals = stem.chars().filter(char::is_ascii_uppercase).count();
    let region = capitals > 1 && stem.len() < plain.len();
    let (separator, words, number) = if region { ('-', stem, plain.get(stem.len()..)) } else { ('_', plain, None) };
    let mut whole = String::with_capacity(text.len());
    for c in words.chars() {
        if c.is_ascii_uppercase() && !whole.is_empty() {
            whole.push(separator);
        }
        whole.push(c.to_ascii_lowercase());
    }
    if let Some(number) = number {
        whole.push(separator);
        whole.push_str(number);
    }
    whole == text
}

/// An id followed by the keys of the loops around what it names, the outermost first. Several keys side by side could be
/// read in several ways, as could a digit after a digit: a hash of them follows.
pub fn keyed(id: &str, keys: &[Name]) -> String {
    let digits = |a: &str, b: &str| a.ends_with(|c: char| c.is_ascii_digit()) && b.starts_with(|c: char| c.is_ascii_digit());
    match keys {
        [] => id.to_string(),
        [only] => {
            let part = key(only);
            let ambiguous = digits(id, &part);
            if ambiguous { format!("{id}{part}{}", hash(only)) } else { format!("{id}{part}") }
        }
        several => {
            let parts: String = several.iter().map(|k| camel(k)).collect::<String>().chars().take(SHOWN).collect();
            // The length before each key keeps `a`, `bc` apart from `ab`, `c`.
            let all: String = several.iter().map(|k| format!("{}:{k}", k.len())).collect();
            format!("{id}{parts}{}", hash(&all))
        }
    }
}

/// The id of a resource that is emitted under a label; `main` takes its owner's id.
pub fn labelled(owner: &str, label: &str, keys: &[Name]) -> Name {
    let own = if label == "main" { owner.to_string() } else { format!("{owner}{}", camel(label)) };
    keyed(&own, keys).into()
}

/// What the ids of an edge's resources begin with: its ends, the verb or event, and what distinguishes it from other
/// edges with these: a key, and texts of which only a hash is shown.
pub fn edge(ends: [&str; 2], name: &str, key_text: Option<&str>, hidden: &[String]) -> Name {
    let [actor, subject] = ends;
    let key_part = key_text.map(key).unwrap_or_default();
    let hidden: String = hidden.iter().map(|text| hash(text)).collect();
    format!("{actor}{subject}{}{key_part}{hidden}", camel(name)).into()
}

#[cfg(test)]
mod tests {
    use super::{key, keyed};
    use crate::base::Name;
    use std::collections::BTreeMap;

    #[test]
    fn plain_keys_stay_plain() {
        for (text, id) in [("eu", "Eu"), ("us-east-1", "UsEast1"), ("order_events", "OrderEvents"), ("team1", "Team1"), ("10", "10")] {
            assert_eq!(key(text), id);
        }
    }

    #[test]
    fn no_two_keys_have_one_id() {
        let letters = ["", "a", "b", "B", "1", "2", "-", "_", "/", ".", "é"];
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for a in letters {
            for b in letters {
                for c in letters {
                    for d in letters {
                        let text = format!("{a}{b}{c}{d}");
                        if let Some(other) = ids.insert(key(&text), text.clone()) {
                            assert_eq!(other, text);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn nested_keys_are_not_joined() {
        let mut ids: BTreeMap<String, [i32; 2]> = BTreeMap::new();
        for a in 0..30 {
            for b in 0..30 {
                let keys: Vec<Name> = [a, b].iter().map(|n| n.to_string().into()).collect();
                assert_eq!(ids.insert(keyed("Q", &keys), [a, b]), None);
            }
        }
        assert_ne!(keyed("Q1", &["0".into()]), keyed("Q", &["10".into()]));
    }
}
