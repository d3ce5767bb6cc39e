//! The CloudFormation schemas: whole, quick to reach, and right about what is right and wrong.

use purlin::cfn::{self, Shape, check};
use serde_json::Value;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn golden() -> Result<Value, serde_json::Error> {
    serde_json::from_str(include_str!("cfn/golden-sample.json"))
}

/// Every shape of a type, with those inside it.
fn shapes<'a>(shape: &'a Shape, visit: &mut impl FnMut(&'a Shape)) {
    visit(shape);
    let inner = shape
        .properties
        .values()
        .chain(shape.pattern_properties.values());
    let parts = shape
        .all_of
        .iter()
        .chain(&shape.any_of)
        .chain(&shape.one_of)
        .chain(&shape.prefix_items);
    let boxed = [
        &shape.items,
        &shape.not,
        &shape.condition,
        &shape.consequence,
    ];
    for part in inner
        .chain(parts)
        .chain(boxed.into_iter().filter_map(|part| part.as_deref()))
    {
        shapes(part, visit);
    }
}

#[test]
fn every_type_can_be_read() {
    let names: Vec<&str> = cfn::type_names().collect();
    assert_eq!(names.len(), 1854);
    for name in names {
        let schema = cfn::schema(name);
        assert!(schema.is_some_and(|schema| schema.name() == name && !schema.root().properties.is_empty()), "{name}");
    }
}

#[test]
fn every_reference_has_its_definition() {
    for schema in cfn::type_names().filter_map(cfn::schema) {
        let definitions = schema.definitions().map(|(_, shape)| shape);
        for shape in definitions.chain([schema.root()]) {
            shapes(shape, &mut |shape| {
                let found = shape
                    .reference
                    .as_ref()
                    .is_none_or(|name| schema.definition(name).is_some());
                assert!(found, "{}: {:?}", schema.name(), shape.reference);
            });
        }
    }
}

#[test]
fn the_golden_sample_has_no_problem() -> Outcome {
    let golden = golden()?;
    let resources = golden["Resources"].as_object().ok_or("no resources")?;
    assert_eq!(resources.len(), 53);
    for (name, resource) in resources {
        let schema = resource["Type"]
            .as_str()
            .and_then(cfn::schema)
            .ok_or(name.as_str())?;
        let problems =
            check::properties(schema, resource.get("Properties").unwrap_or(&Value::Null));
        assert_eq!(problems, [], "{name}");
    }
    Ok(())
}
