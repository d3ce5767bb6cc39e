//! The CloudFormation schemas: whole, quick to reach, and right about what is right and wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeSet;

use purlin::cfn::{self, Pattern, Shape, actions, check};
use serde_json::{Value, json};

/// The golden sample, with two conditions for the cases to use.
fn golden() -> Value {
    let mut golden: Value = serde_json::from_str(include_str!("cfn/golden-sample.json")).unwrap();
    golden["Conditions"] = json!({
        "Prod": { "Fn::Equals": [{ "Ref": "AWS::Region" }, "eu-central-1"] },
        "Eu": { "Fn::Not": [{ "Condition": "Prod" }] },
    });
    golden
}

fn cases(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

/// The golden sample with the value of one case set or, where the case has none, removed.
fn changed(case: &Value) -> Value {
    let mut golden = golden();
    let (parent, name) = case["at"].as_str().unwrap().rsplit_once('/').unwrap();
    let parent = golden.pointer_mut(parent).expect(parent);
    match (case.get("set"), name.parse::<usize>()) {
        (Some(value), Ok(index)) => parent[index] = value.clone(),
        (Some(value), Err(_)) => parent[name] = value.clone(),
        (None, _) => assert!(parent.as_object_mut().unwrap().shift_remove(name).is_some()),
    }
    golden
}

/// Every shape of a type, with those inside it.
fn shapes<'a>(shape: &'a Shape, visit: &mut impl FnMut(&'a Shape)) {
    visit(shape);
    let inner = shape.properties.values().chain(shape.pattern_properties.values());
    let groups = [&shape.all_of, &shape.any_of, &shape.one_of, &shape.prefix_items];
    let boxed = [&shape.items, &shape.not, &shape.condition, &shape.consequence];
    let inner = inner.chain(groups.into_iter().flatten());
    for part in inner.chain(boxed.into_iter().filter_map(|part| part.as_deref())) {
        shapes(part, visit);
    }
}

fn every_shape(visit: &mut impl FnMut(&'static str, &'static Shape)) {
    for schema in cfn::type_names().filter_map(cfn::schema) {
        let definitions = schema.definitions().map(|(_, shape)| shape);
        for shape in definitions.chain([schema.root()]) {
            shapes(shape, &mut |shape| visit(schema.name(), shape));
        }
    }
}

#[test]
fn every_type_can_be_read() {
    let names: Vec<&str> = cfn::type_names().collect();
    assert_eq!(names.len(), 1854);
    assert!(names.is_sorted());
    for name in names {
        let schema = cfn::schema(name).expect(name);
        assert_eq!(schema.name(), name);
        assert!(!schema.root().properties.is_empty(), "{name}");
    }
}

#[test]
fn every_reference_has_its_definition() {
    every_shape(&mut |name, shape| {
        let schema = cfn::schema(name).unwrap();
        let reference = shape.reference.as_ref();
        assert!(reference.is_none_or(|to| schema.definition(to).is_some()), "{name}: {reference:?}");
    });
}

#[test]
fn patterns_that_look_around_are_the_only_ones_not_understood() {
    let mut patterns = BTreeSet::new();
    every_shape(&mut |_, shape| {
        patterns.extend(shape.pattern.as_deref());
        patterns.extend(shape.pattern_properties.keys().map(String::as_str));
    });
    assert_eq!(patterns.len(), 3005);
    let unknown = cfn::uncompiled_patterns(patterns);
    assert_eq!(unknown.len(), 146);
    for pattern in unknown {
        assert!(["(?=", "(?!", "(?<"].iter().any(|mark| pattern.contains(mark)), "{pattern}");
        assert!(Pattern::new(pattern).accepts("anything"));
    }
}

#[test]
fn a_pattern_means_what_its_own_dialect_means() {
    for (pattern, yes, no) in [
        (r"^[\w-.]+$", "a-b.c", "a/b"),
        (r"^\d+$", "12", "\u{663}"),
        (r"^[a[]$", "[", "b"),
        (r"^[a&&b]$", "&", "c"),
        (r"^${x}$|^\${x}$", "${x}", "x"),
        (r"^[\uD800\uDC00-\uDBFF\uDFFF]$", "\u{1F600}", "a"),
        (r"^\p{Alnum}+\Z", "a1", "a_"),
        (r"^[^]]$", "a", "]"),
    ] {
        assert!(Pattern::new(pattern).accepts(yes), "{pattern} must accept {yes}");
        assert!(!Pattern::new(pattern).accepts(no), "{pattern} must not accept {no}");
    }
    let large = Pattern::new(r"^\p{L}{1,2000}$");
    assert!(large.accepts("a") && !large.accepts("") && !large.accepts("1"));
}

#[test]
fn good_templates_have_no_problem() {
    let golden = golden();
    assert_eq!(golden["Resources"].as_object().unwrap().len(), 53);
    assert_eq!(check::template(&golden), []);
    for text in [
        include_str!("cfn/good-conditions.json"),
        include_str!("cfn/good-find-in-map.json"),
        include_str!("cfn/good-identifiers.json"),
        include_str!("cfn/good-language-extensions.json"),
        include_str!("cfn/good-no-value.json"),
    ] {
        assert_eq!(check::template(&serde_json::from_str(text).unwrap()), []);
    }
}

#[test]
fn each_mutation_has_one_problem_in_its_place() {
    let cases = cases(include_str!("cfn/mutations.json"));
    assert!(cases.len() >= 40);
    for case in cases {
        let problems = check::template(&changed(&case));
        let [problem] = problems.as_slice() else { panic!("{case}: {problems:#?}") };
        let path: Vec<String> = problem.path.iter().map(ToString::to_string).collect();
        assert_eq!(path.join("/"), case["path"], "{case}");
        let says = problem.to_string();
        assert_eq!(says.split_once(": ").map_or(says.as_str(), |(_, says)| says), case["says"]);
    }
}

#[test]
fn what_cloudformation_accepts_is_accepted() {
    for case in cases(include_str!("cfn/accepted.json")) {
        assert_eq!(check::template(&changed(&case)), [], "{case}");
    }
}

#[test]
fn a_problem_names_its_path() {
    let schema = cfn::schema("AWS::Lambda::Function").unwrap();
    let value = json!({ "Role": { "Ref": "R" }, "Code": {}, "Tags": [{ "Key": "a" }, 5] });
    let problems: Vec<String> = check::properties(schema, &value).iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["Tags[1]: this must be an object, not the number `5`"]);
}

#[test]
fn circles_are_named_once_each() {
    let after = |target: &str| json!({ "Type": "AWS::SQS::Queue", "DependsOn": target });
    let template = json!({ "Resources": {
        "A": after("B"), "B": after("C"), "C": after("B"), "D": after("D"), "E": after("A"),
    } });
    let problems: Vec<String> = check::template(&template).iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        ["Resources.B: these resources wait for one another: B -> C -> B", "Resources.D: these resources wait for one another: D -> D",]
    );
}

#[test]
fn a_macro_may_add_what_is_not_seen() {
    let mut template = golden();
    template["Transform"] = json!("AWS::Serverless-2016-10-31");
    template["Globals"] = json!({});
    template["Outputs"]["More"] = json!({ "Value": { "Ref": "ThumbVersion" } });
    template["Resources"]["Short"] = json!({ "Type": "AWS::Serverless::Function" });
    assert_eq!(check::template(&template), []);
    template["Resources"]["Jobs"]["Properties"]["VisibilityTimeout"] = json!(-1);
    assert_eq!(check::template(&template).len(), 1);
}

#[test]
fn attributes_are_those_of_the_type() {
    let offers = |name: &str, attribute: &str| check::attribute(cfn::schema(name).unwrap(), attribute).map_err(|hint| hint.nearest);
    assert_eq!(offers("AWS::RDS::DBInstance", "Endpoint.Address"), Ok(()));
    assert_eq!(offers("AWS::CloudFormation::Stack", "Outputs.Anything"), Ok(()));
    assert_eq!(offers("Custom::Mine", "Anything.At.All"), Ok(()));
    assert_eq!(offers("AWS::CloudFormation::Stack", "Outputs."), Err(Some("Outputs.*".to_owned())));
    assert_eq!(offers("AWS::SQS::Queue", "arn"), Err(Some("Arn".to_owned())));
}

#[test]
fn a_schema_answers_for_paths() {
    let instance = cfn::schema("AWS::RDS::DBInstance").unwrap();
    assert!(instance.is_read_only("Endpoint/Address") && !instance.is_read_only("Engine"));
    assert!(instance.is_create_only("DBInstanceIdentifier"));
    assert!(instance.is_write_only("MasterUserPassword"));
    assert!(instance.property("Tags/*/Key").is_some_and(|key| key.kinds.has(cfn::Kind::String)));
    assert!(instance.property("Tags/*/Kei").is_none());
    let bucket = cfn::schema("AWS::S3::Bucket").unwrap();
    assert_eq!(bucket.identifier(), ["BucketName"]);
    assert_eq!(cfn::schema("AWS::SNS::Subscription").unwrap().required(), ["TopicArn", "Protocol"]);
    assert!(cfn::schema("AWS::SQS").is_none() && cfn::schema("").is_none());
    assert_eq!(cfn::nearest_type("aws::sqs::queue"), Some("AWS::SQS::Queue"));
    assert_eq!(cfn::nearest_type("AWS::Lambda::Funtion"), Some("AWS::Lambda::Function"));
    assert_eq!(cfn::nearest_type("Thing"), None);
}

#[test]
fn actions_of_iam_are_known() {
    assert_eq!((actions::prefixes().count(), actions::count()), (457, 22268));
    for action in ["sqs:SendMessage", "SQS:sendmessage", "s3:Get*", "dynamodb:?etItem", "*"] {
        assert!(actions::exists(action), "{action}");
    }
    for action in ["sqs:Send", "sqs:", "sqs", "", "nope:*", "s3:Gett*", ":*"] {
        assert!(!actions::exists(action), "{action}");
    }
    let nearest = |action| actions::nearest(action).unwrap_or_default();
    assert_eq!(nearest("sqs:SendMesage"), "sqs:SendMessage");
    assert_eq!(nearest("sqss:SendMessage"), "sqs:SendMessage");
    assert_eq!(nearest("lambda:Invoke"), "lambda:InvokeAsync");
    assert_eq!(nearest("lambda:Nothing"), "");
    let sends: Vec<String> = actions::matching("sqs:Send*").collect();
    assert_eq!(sends, ["sqs:SendMessage"]);
}
