//! The nearest name to a mistaken one. Knows nothing of what the names stand for.

/// The candidate that was probably meant: the same but for letter case, or few enough typing
/// mistakes away, of which a word of one or two letters has room for none. The first of equals wins, so that the answer never depends on chance.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).min(6);
    let lower = name.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > allowed {
            continue;
        }
        let distance = match candidate.to_lowercase() {
            same if same == lower => 0,
            other => strsim::osa_distance(&lower, &other),
        };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
