//! "Did you mean": the known name that is nearest to a misspelt one.

/// The nearest of some names, if one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    let best = known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .min_by_key(|(distance, name)| (*distance, *name))?;
    let allowed = (wrong.chars().count() / 3).clamp(1, 3);
    (best.0 <= allowed).then_some(best.1)
}
