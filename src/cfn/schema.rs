//! The schema of one resource type: its properties and what may be asked of them. Plain data;
//! knows neither how a value is checked nor where the schema is stored.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::shape::Shape;

/// Everything known of one resource type. Paths name properties from the top, with `/` between
/// them and `*` for the items of a list: `Endpoint/Address`, `Volumes/*/Status`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceSchema {
    #[serde(skip)]
    name: String,
    root: Shape,
    definitions: BTreeMap<String, Shape>,
    read_only: Vec<String>,
    create_only: Vec<String>,
    conditional_create_only: Vec<String>,
    write_only: Vec<String>,
    deprecated: Vec<String>,
    identifier: Vec<String>,
    attributes: Vec<String>,
    lifecycle: Option<Lifecycle>,
}

/// Where a resource type stands that AWS is closing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Lifecycle {
    /// `sunset`, `shutdown` or the like.
    pub status: String,
    /// Since or from when, as year-month-day.
    #[serde(default)]
    pub date: String,
}

impl ResourceSchema {
    /// Reads the JSON of one type as `generate.py` writes it.
    pub(super) fn parse(name: &str, json: &str) -> Option<ResourceSchema> {
        let schema = serde_json::from_str::<ResourceSchema>(json).ok()?;
        Some(ResourceSchema { name: name.to_owned(), ..schema })
    }

    /// The name of the type: `AWS::SQS::Queue`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The shape of the whole `Properties` object.
    #[must_use]
    pub fn root(&self) -> &Shape {
        &self.root
    }

    /// The shape that a reference inside this schema stands for, with references to references
    /// followed to their end; a shape that is no reference stands for itself.
    #[must_use]
    pub fn resolve<'a>(&'a self, shape: &'a Shape) -> &'a Shape {
        let mut at = shape;
        for _ in 0..16 {
            match at.reference.as_ref().and_then(|name| self.definitions.get(name)) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// The definition of that name.
    #[must_use]
    pub fn definition(&self, name: &str) -> Option<&Shape> {
        self.definitions.get(name)
    }

    /// The definitions, by name.
    pub fn definitions(&self) -> impl Iterator<Item = (&str, &Shape)> {
        self.definitions.iter().map(|(name, shape)| (name.as_str(), shape))
    }

    /// The shape at a path, with references followed: `Endpoint/Address`, `Tags/*/Key`.
    #[must_use]
    pub fn property(&self, path: &str) -> Option<&Shape> {
        path.split('/').try_fold(&self.root, |at, step| {
            let inner = if step == "*" { at.items.as_deref() } else { at.properties.get(step) };
            inner.map(|shape| self.resolve(shape))
        })
    }

    /// The properties that must be set.
    #[must_use]
    pub fn required(&self) -> &[String] {
        &self.root.required
    }

    /// What `Fn::GetAtt` offers. `Outputs.*` stands for any name after the dot, `*` for anything.
    #[must_use]
    pub fn attributes(&self) -> &[String] {
        &self.attributes
    }

    /// Whether `Fn::GetAtt` offers an attribute of that name.
    #[must_use]
    pub fn has_attribute(&self, name: &str) -> bool {
        self.attributes.iter().any(|offered| match offered.strip_suffix('*') {
            Some(prefix) => name.len() > prefix.len() && name.starts_with(prefix),
            None => offered == name,
        })
    }

    /// The paths a template must not set.
    #[must_use]
    pub fn read_only(&self) -> &[String] {
        &self.read_only
    }

    /// The paths whose change replaces the resource in some cases.
    #[must_use]
    pub fn conditional_create_only(&self) -> &[String] {
        &self.conditional_create_only
    }

    /// The paths whose change replaces the resource.
    #[must_use]
    pub fn create_only(&self) -> &[String] {
        &self.create_only
    }

    /// The paths that make up the identifier of a resource of this type.
    #[must_use]
    pub fn identifier(&self) -> &[String] {
        &self.identifier
    }

    /// Whether a template must not set the property, because AWS does.
    #[must_use]
    pub fn is_read_only(&self, path: &str) -> bool {
        holds(&self.read_only, path)
    }

    /// Whether a change of the property replaces the resource.
    #[must_use]
    pub fn is_create_only(&self, path: &str) -> bool {
        holds(&self.create_only, path)
    }

    /// Whether a change of the property replaces the resource in some cases.
    #[must_use]
    pub fn is_conditionally_create_only(&self, path: &str) -> bool {
        holds(&self.conditional_create_only, path)
    }

    /// Whether AWS never gives the property back, as with a password.
    #[must_use]
    pub fn is_write_only(&self, path: &str) -> bool {
        holds(&self.write_only, path)
    }

    /// Whether AWS advises against the property.
    #[must_use]
    pub fn is_deprecated(&self, path: &str) -> bool {
        holds(&self.deprecated, path)
    }

    /// That AWS is closing this type, and when.
    #[must_use]
    pub fn lifecycle(&self) -> Option<&Lifecycle> {
        self.lifecycle.as_ref()
    }

    /// Whether a path given as its steps is read-only, without building its text.
    pub(super) fn is_read_only_at(&self, steps: &[&str]) -> bool {
        self.read_only.iter().any(|path| path.split('/').eq(steps.iter().copied()))
    }
}

fn holds(paths: &[String], path: &str) -> bool {
    paths.iter().any(|known| known == path)
}
