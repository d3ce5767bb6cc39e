//! Characters that change the direction in which a text is shown: with them a line reads otherwise than it is read here,
//! in strings and comments too. source: <https://www.unicode.org/reports/tr55/>

use crate::base::{Diagnostic, Span};
use crate::syntax::Tree;

/// Reports every bidirectional control character, by its code point.
pub fn directions(tree: &Tree, out: &mut Vec<Diagnostic>) {
    let text = tree.text();
    if text.is_ascii() {
        return;
    }
    for (at, c) in text.char_indices() {
        if !matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            continue;
        }
        let span = Span::new(tree.file(), at as u32, (at + c.len_utf8()) as u32);
        let message = format!("U+{:04X} changes the direction in which the text is shown", u32::from(c));
        let known =
            out.iter().position(|f| f.primary.span.start <= span.start && span.end <= f.primary.span.end && &*f.rule == "stray-text");
        let finding = Diagnostic::error("invisible-character", span, message).help("remove the character");
        match known.and_then(|at| out.get_mut(at)) {
            Some(stray) => *stray = finding,
            None => out.push(finding),
        }
    }
}
