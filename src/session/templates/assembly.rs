//! Cloud assemblies, as the CDK writes them to `cdk.out`: which templates they hold, and under which names the stacks are
//! deployed.
//! source: <https://docs.aws.amazon.com/cdk/v2/guide/deploy.html>, read 2026-11-25

use super::super::path::normal;
use super::super::sources::FileSystem;
use super::find::TemplateFile;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How deep assemblies may be nested: a stage of a pipeline is one.
const DEPTH: usize = 8;
const MANIFEST: &str = "manifest.json";

#[derive(Deserialize)]
struct Manifest {
    version: String,
    #[serde(default)]
    artifacts: BTreeMap<String, Artifact>,
}

#[derive(Deserialize)]
struct Artifact {
    #[serde(rename = "type")]
    ty: String,
    #[serde(default)]
    properties: Properties,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    template_file: Option<PathBuf>,
    stack_name: Option<String>,
    directory_name: Option<PathBuf>,
}

/// The templates of an assembly; none if the folder is no assembly. An error is a manifest that names what is not there.
pub(super) fn stacks(files: &dyn FileSystem, folder: &Path) -> Option<Result<Vec<TemplateFile>, String>> {
    let manifest = manifest(files, folder)?;
    let mut found = Vec::new();
    let result = add(files, folder, manifest, DEPTH, &mut found);
    Some(result.map(|()| found))
}

/// The manifest of a folder. Other tools write files of this name, so that one of another form is no mistake.
fn manifest(files: &dyn FileSystem, folder: &Path) -> Option<Manifest> {
    let bytes = files.read(&folder.join(MANIFEST)).ok()?;
    let manifest: Manifest = serde_json::from_slice(&bytes).ok()?;
    let known = |artifact: &Artifact| artifact.ty.starts_with("aws:") || artifact.ty.starts_with("cdk:");
    (!manifest.version.is_empty() && manifest.artifacts.values().any(known)).then_some(manifest)
}

fn add(files: &dyn FileSystem, folder: &Path, manifest: Manifest, depth: usize, found: &mut Vec<TemplateFile>) -> Result<(), String> {
    for (id, artifact) in manifest.artifacts {
        let Properties { template_file, stack_name, directory_name } = artifact.properties;
        match (&*artifact.ty, template_file, directory_name) {
            ("aws:cloudformation:stack", Some(file), _) => {
                let stack = Some(stack_name.unwrap_or(id).as_str().into());
                found.push(TemplateFile { path: normal(&folder.join(file)), stack, named: true });
            }
            ("cdk:cloud-assembly", _, Some(inner)) => {
                let inner = normal(&folder.join(inner));
                let depth = depth.checked_sub(1).ok_or_else(|| format!("{}: assemblies are nested too deep", folder.display()))?;
                let missing = || format!("{}: it names {}, which is no assembly", folder.join(MANIFEST).display(), inner.display());
                let manifest = self::manifest(files, &inner).ok_or_else(missing)?;
                add(files, &inner, manifest, depth, found)?;
            }
            // Assets and the tree of constructs are not of stacks.
            _ => {}
        }
    }
    Ok(())
}
