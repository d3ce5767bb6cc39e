//! Texts of which SAM builds logical ids and names. The ids must be SAM's own: templates refer to them.

use crate::base::Name;
use crate::document::{Data, Node};
use std::fmt::Write as _;

/// How many characters of a digest SAM appends.
const DIGEST: usize = 10;

/// The text of a value after a filter; none if it needs a known text and there is none.
pub(super) fn filtered(filter: &str, node: &Node, known: impl Fn(&Node) -> Option<Name>) -> Option<String> {
    match filter {
        // In an id a dash and an underscore become letters.
        "alias" => Some(known(node)?.replace('-', "D").replace('_', "U")),
        // A text of letters and digits stays, another becomes its digest, an intrinsic function nothing.
        "word" => Some(match node.as_str() {
            Some(text) if is_word(text) => text.into(),
            Some(text) => digest(text),
            None => "Stage".into(),
        }),
        // The two halves of it, where the digest is at another place.
        "plain" => Some(node.as_str().filter(|text| is_word(text)).unwrap_or_default().into()),
        "odd" => Some(node.as_str().filter(|text| !is_word(text)).map(digest).unwrap_or_default()),
        "letters" => Some(known(node)?.chars().filter(|c| c.is_alphanumeric()).collect()),
        "trimmed" => Some(known(node)?.trim_matches('/').into()),
        "title" => Some(title(&known(node)?)),
        "ten" => Some(known(node)?.chars().take(DIGEST).collect()),
        "bucket" => Some(known(node)?.strip_prefix("s3://")?.split('/').next()?.into()),
        "s3key" => Some(object_key(&known(node)?)),
        "verb" => Some(match known(node)?.to_lowercase().as_str() {
            "any" => "x-amazon-apigateway-any-method".into(),
            other => other.into(),
        }),
        "digest" => Some(digest(&compact(node))),
        // The method of a request in an ARN.
        "method" => Some(match known(node)?.to_lowercase().as_str() {
            "any" | "x-amazon-apigateway-any-method" => "*".into(),
            other => other.to_uppercase(),
        }),
        // The path of a request in an ARN: a variable part is any, a slash at the end does not count.
        "path" => Some(request_path(&known(node)?)),
        // The key under which a referenced resource is found.
        "of" => Some(referenced(node)?.to_string()),
        _ => Some(known(node)?.to_string()),
    }
}

/// The logical id that a value refers to: that of `Ref` or of `Fn::GetAtt`, or the text itself.
pub(super) fn referenced(node: &Node) -> Option<Name> {
    match node.as_call() {
        Some(("Ref", name)) => name.scalar(),
        Some(("Fn::GetAtt", path)) => match path.items().first() {
            Some(first) => first.scalar(),
            None => path.as_str()?.split('.').next().map(Into::into),
        },
        Some(_) => None,
        None => node.scalar(),
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

/// The key of an object of `s3://BUCKET/KEY?versionId=...`, or the path of a file.
fn object_key(text: &str) -> String {
    let key = text.strip_prefix("s3://").map_or(text, |rest| rest.split_once('/').map_or("", |(_, key)| key));
    key.split('?').next().unwrap_or_default().into()
}

/// The key of a route as a part of an id: `$connect` is `Connect`.
fn title(key: &str) -> String {
    let mut letters = key.trim_start_matches('$').chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase()).unwrap_or_default()
}

fn request_path(path: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for c in path.chars() {
        match c {
            '{' => {
                depth += 1;
                if depth == 1 {
                    out.push('*');
                }
            }
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            c => out.push(c),
        }
    }
    match out.strip_suffix('/') {
        Some(shorter) if !shorter.is_empty() => shorter.into(),
        _ => out,
    }
}

fn digest(text: &str) -> String {
    sha1(text.as_bytes()).into_iter().take(DIGEST / 2).fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A text as it is, anything else as JSON without spaces and with sorted keys: what SAM takes the digest of.
fn compact(node: &Node) -> String {
    fn write(node: &Node, out: &mut String) {
        match &node.data {
            Data::Null => out.push_str("null"),
            Data::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            Data::Number(n) => out.push_str(n),
            Data::Text(text) => quoted(text, out),
            Data::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write(item, out);
                }
                out.push(']');
            }
            Data::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_by(|a, b| a.key.cmp(&b.key));
                out.push('{');
                for (at, entry) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quoted(&entry.key, out);
                    out.push(':');
                    write(&entry.value, out);
                }
                out.push('}');
            }
        }
    }
    match node.as_str() {
        Some(text) => text.into(),
        None => {
            let mut out = String::new();
            write(node, &mut out);
            out
        }
    }
}

/// A text of JSON in ASCII.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

/// The digest of RFC 3174. It secures nothing here: it is what SAM appends to ids.
fn sha1(message: &[u8]) -> [u8; 20] {
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks_exact(64) {
        let mut words: Vec<u32> = block.chunks_exact(4).map(|b| b.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte))).collect();
        for at in 16..80 {
            let word = [3, 8, 14, 16].iter().filter_map(|back| words.get(at - back)).fold(0, |all, word| all ^ word);
            words.push(word.rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.iter().enumerate() {
            let (f, k) = match at / 20 {
                0 => ((b & c) | (!b & d), 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(part);
        }
    }
    let mut out = [0; 20];
    for (to, from) in out.iter_mut().zip(state.iter().flat_map(|word| word.to_be_bytes())) {
        *to = from;
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_digest_is_that_of_the_standard() {
        assert_eq!(super::digest("abc"), "a9993e3647");
        assert_eq!(super::digest(""), "da39a3ee5e");
        assert_eq!(super::digest(&"a".repeat(200)), "e61cfffe0d");
    }

    #[test]
    fn a_path_in_an_arn_has_stars_for_variables() {
        assert_eq!(super::request_path("/orders/{id}/"), "/orders/*");
        assert_eq!(super::request_path("/{proxy+}"), "/*");
        assert_eq!(super::request_path("/"), "/");
    }
}
