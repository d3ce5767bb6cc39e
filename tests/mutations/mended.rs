//! What `fix` makes of a mutant: never more errors, no declaration less, and nothing more to do afterwards.

use super::bases::Base;
use super::classes::Mutation;
use super::judge::{analyses_of, files, mutant};
use purlin::session::{errors, mended};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is wrong with the fixes of a mutant, if something is, and whether there was anything to fix.
pub fn fault(base: &Base, mutation: &Mutation) -> (Option<String>, bool) {
    let (main, settings) = mutant(base, mutation);
    // Settings that cannot be read are an error of their own: nothing is analysed, so nothing is fixed.
    let Ok((before, changed)) = fixed(&main, settings.as_deref()) else { return (None, false) };
    if changed.is_empty() {
        return (None, false);
    }
    let text = |name: &str| changed.get(&PathBuf::from("project").join(name)).cloned();
    let (new, new_settings) = (text("main.purlin").unwrap_or_else(|| main.clone()), text("purlin.toml").or(settings));
    let fault = match fixed(&new, new_settings.as_deref()) {
        Err(why) => Some(format!("it cannot be read any more: {why}")),
        Ok((after, _)) if after > before => Some(format!("{before} errors became {after}")),
        Ok((_, again)) if !again.is_empty() => Some("a second run changes more".to_string()),
        Ok(_) => {
            let lost: Vec<String> = declared(&main).difference(&declared(&new)).cloned().collect();
            (before > 0 && !lost.is_empty()).then(|| format!("{} no longer declared", lost.join(", ")))
        }
    };
    (fault.map(|why| format!("{why}: {}\n{new}", mutation.shown(base))), true)
}

/// How many errors a program has, and what fixes change.
fn fixed(main: &str, settings: Option<&str>) -> Result<(usize, BTreeMap<PathBuf, String>), String> {
    let files = files(main, settings);
    let before = analyses_of(&files)?.iter().map(errors).sum();
    Ok((before, mended(files, false, &|files| analyses_of(files))?))
}

/// What a text declares.
fn declared(text: &str) -> BTreeSet<String> {
    let main = Path::new("main.purlin");
    purlin::ide::Index::new([(main, text)]).declared().into_iter().map(|(name, _)| name).collect()
}
