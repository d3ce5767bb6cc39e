//! How much of CloudFormation's limits a template uses, and what is not measured of it.

use super::analysis::Analysis;
use super::gauge::Gauge;
use super::verify::of_template;
use crate::base::{FileId, Name};
use crate::document::{Form, Node, read};
use crate::template::Summary;

/// What is measured of the stack of a template.
pub struct Measured {
    /// The name of the stack.
    pub stack: Name,
    /// How much of each limit it uses, the fullest first.
    pub limits: Vec<Gauge>,
    /// What is not measured, in words.
    pub unknown: Vec<String>,
}

/// What is measured of the templates of a project.
pub fn measured(analysis: &Analysis) -> Vec<Measured> {
    let own = |name: &Name| analysis.stacks.iter().any(|stack| stack.name == *name);
    let stacks = analysis.joined.iter().flat_map(|project| &project.stacks).filter(|stack| !own(&stack.name));
    stacks.map(|stack| of_stack(stack, analysis)).collect()
}

fn of_stack(stack: &Summary, analysis: &Analysis) -> Measured {
    let mut unknown = vec!["who waits for whom, and how much time is left".to_string()];
    let file = stack.resources.first().map(|resource| resource.span.file);
    let document = file.and_then(|file| document(file, analysis));
    let Some((text, document)) = document else {
        unknown.push("the limits of CloudFormation: the template has no resource".into());
        return Measured { stack: stack.name.clone(), limits: Vec::new(), unknown };
    };
    let count = |section: &str| document.get(section).map_or(0, |node| node.entries().len());
    // Every resource that is made of what is written, once.
    let made = stack.resources.iter().filter(|resource| !resource.elsewhere).count();
    let transformed = document.get("Transform").is_some();
    let resources = if transformed { made } else { count("Resources") };
    let bytes = text.len();
    let mut limits: Vec<Gauge> = Vec::new();
    for (at, (rule, value, most)) in of_template([resources, count("Parameters"), count("Outputs")], bytes).into_iter().enumerate() {
        // The last is the size of the text, which a transform writes anew.
        if transformed && at == 3 {
            unknown.push(format!("{rule}: CloudFormation counts the bytes after the transform"));
            continue;
        }
        limits.push(Gauge::new(rule, (value.to_string(), most.to_string()), value as f64 / most as f64, &stack.name));
    }
    limits.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.what.cmp(&b.what)));
    unknown.push("the limits of properties and of the policies of roles".into());
    Measured { stack: stack.name.clone(), limits, unknown }
}

fn document(file: FileId, analysis: &Analysis) -> Option<(&str, Node)> {
    let (path, text) = analysis.sources.get(file)?;
    Some((text, read(text, file, Form::of(&path.display().to_string(), text)).0?))
}
