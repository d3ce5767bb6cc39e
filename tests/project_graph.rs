//! The project's graph, from summaries that are built by hand: what the reader of templates gives is tested elsewhere.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use purlin::base::{Diagnostic, FileId, Name, Span};
use purlin::flow::filter::{Filter, Texts, text};
use purlin::model::Mode;
use purlin::project::{self, Project, rules};
use purlin::template::*;
use std::collections::BTreeMap;

fn at(line: u32) -> Span {
    Span::new(FileId(0), line * 10, line * 10 + 5)
}

fn resource(id: &str, ty: &str, name: Option<&str>, arn: Option<&str>) -> Resource {
    let text = |t: &str| Text::literal(t);
    Resource {
        id: id.into(),
        ty: ty.into(),
        label: id.into(),
        span: at(0),
        condition: None,
        name: name.map(text),
        arn: arn.map(text),
        elsewhere: false,
        facts: BTreeMap::new(),
    }
}

fn edge(kind: EdgeKind, from: End, to: End, event: Option<&str>, takes: Filter) -> Edge {
    Edge {
        kind,
        from,
        to,
        event: event.map(Name::from),
        arrives: None,
        takes,
        unread: Vec::new(),
        keeps: Vec::new(),
        gives: Filter::any(),
        undecided: None,
        condition: None,
        span: at(1),
        also: Vec::new(),
        what: "triggers".into(),
        facts: BTreeMap::new(),
    }
}

fn right(actor: End, actions: &[&str], resources: Vec<Text>) -> Right {
    Right {
        actor,
        deny: false,
        actions: actions.iter().map(|a| Name::from(*a)).collect(),
        not_actions: false,
        resources,
        not_resources: false,
        conditions: Vec::new(),
        standing: Standing::Written,
        condition: None,
        span: at(2),
        only: None,
    }
}

fn key(prefix: &str) -> Filter {
    Filter::any().with("key", text(&format!("{prefix}*"), Texts::Iam))
}

/// A bucket, a function that it triggers under a prefix, and the function's role.
fn stack(name: &str, prefix: &str) -> Summary {
    Summary {
        name: name.into(),
        resources: vec![
            resource("Files", "AWS::S3::Bucket", Some("my-files"), Some("arn:aws:s3:::my-files")),
            resource("Work", "AWS::Lambda::Function", None, None),
            resource("Role", "AWS::IAM::Role", None, None),
        ],
        edges: vec![
            edge(EdgeKind::Trigger(Mode::Async), End::Own(0), End::Own(1), Some("created"), key(prefix)),
            edge(EdgeKind::ActsAs, End::Own(1), End::Own(2), None, Filter::any()),
        ],
        ..Summary::default()
    }
}

fn arn_and(rest: &str) -> Text {
    [Segment::Attribute("Files".into(), "Arn".into()), Segment::Literal(rest.into())].into_iter().collect()
}

fn findings(stacks: Vec<Summary>) -> Vec<Diagnostic> {
    rules::findings(&Project::join(stacks, &[])).into_iter().filter(|f| f.rule.contains("loop")).collect()
}

fn with(mut stack: Summary, right: Right) -> Vec<Diagnostic> {
    stack.rights.push(right);
    findings(vec![stack])
}

#[test]
fn a_right_on_what_triggers_is_a_loop() {
    let found = with(stack("app", "in/"), right(End::Own(2), &["s3:PutObject"], vec![arn_and("/in/*")]));
    assert_eq!(found.len(), 1);
    assert_eq!(&*found[0].rule, "event-loop");
}

#[test]
fn a_key_that_the_trigger_does_not_take_is_none() {
    assert!(with(stack("app", "in/"), right(End::Own(2), &["s3:PutObject"], vec![arn_and("/out/*")])).is_empty());
    assert!(with(stack("app", "in/"), right(End::Own(2), &["s3:GetObject"], vec![arn_and("/in/*")])).is_empty());
    // An object action on the bucket itself gives nothing.
    assert!(with(stack("app", "in/"), right(End::Own(2), &["s3:PutObject"], vec![arn_and("")])).is_empty());
}

#[test]
fn the_name_that_is_written_out_is_the_same_bucket() {
    for resource in ["arn:aws:s3:::my-files/*", "arn:*:s3:::my-files*", "arn:aws:s3:::my-files/in/?"] {
        let found = with(stack("app", "in/"), right(End::Own(2), &["S3:putobject"], vec![Text::literal(resource)]));
        assert_eq!(found.len(), 1, "{resource}");
        assert_eq!(&*found[0].rule, "event-loop", "{resource}");
    }
    assert!(with(stack("app", "in/"), right(End::Own(2), &["s3:PutObject"], vec![Text::literal("arn:aws:s3:::my-files-2/*")])).is_empty());
}

#[test]
fn a_wide_right_is_not_proved() {
    for resource in ["*", "arn:aws:s3:::my-*", "arn:aws:s3:::*/in/*"] {
        let found = with(stack("app", "in/"), right(End::Own(2), &["s3:*"], vec![Text::literal(resource)]));
        assert_eq!(found.len(), 1, "{resource}");
        assert_eq!(&*found[0].rule, "loop-not-proved", "{resource}");
    }
}

#[test]
fn a_denied_right_is_none() {
    let mut app = stack("app", "in/");
    app.rights.push(right(End::Own(2), &["s3:*"], vec![arn_and("/*")]));
    app.rights.push(Right { deny: true, ..right(End::Own(2), &["s3:Put*", "s3:Replicate*", "s3:RestoreObject"], vec![arn_and("/*")]) });
    assert!(findings(vec![app]).is_empty());
}

#[test]
fn a_loop_over_two_stacks_is_found_by_export_and_by_name() {
    let base = || {
        let mut base = stack("base", "in/");
        base.edges.clear();
        base.exports.push(Shared { name: Text::literal("files"), value: Some(arn_and("")), span: at(5) });
        base
    };
    for source in [Text::of(Segment::Import(Text::literal("files"))), Text::literal("arn:aws:s3:::my-files")] {
        let mut app = stack("app", "in/");
        app.resources[0] = resource("Other", "AWS::S3::Bucket", None, None);
        app.edges[0].from = End::Named(source.clone(), Some("AWS::S3::Bucket".into()));
        let mut target = source.clone();
        target.push(Segment::Literal("/*".into()));
        app.rights.push(right(End::Own(2), &["s3:PutObject"], vec![target]));
        let found = findings(vec![app, base()]);
        assert_eq!(found.len(), 1, "{source}");
        assert!(found[0].message.contains("base.Files"), "{}", found[0].message);
    }
}

#[test]
fn what_no_stack_owns_has_its_place_in_a_loop() {
    let queue = || Text::literal("arn:aws:sqs:eu-west-1:123456789012:legacy");
    let mut app = stack("app", "in/");
    app.edges.push(edge(EdgeKind::Trigger(Mode::Poll), End::Named(queue(), None), End::Own(1), Some("messages"), Filter::any()));
    if let End::Named(_, ty) = &mut app.edges[2].from {
        *ty = Some("AWS::SQS::Queue".into());
    }
    app.rights.push(right(End::Own(2), &["sqs:SendMessage"], vec![queue()]));
    let found = findings(vec![app]);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("legacy"));
}

#[test]
fn what_could_not_be_read_is_said_once_and_only_on_a_way_round() {
    let opaque = |at: usize| Opaque { at: End::Own(at), may: May::Act, why: "the policy `x` is not known".into(), span: super_at() };
    fn super_at() -> Span {
        at(7)
    }
    let mut app = stack("app", "in/");
    app.opaque.push(opaque(2));
    let found = findings(vec![app.clone()]);
    assert_eq!(found.len(), 1);
    assert_eq!(&*found[0].rule, "loop-not-proved");
    app.edges.remove(0);
    assert!(findings(vec![app]).is_empty());
}

#[test]
fn a_link_joins_two_stacks_and_one_that_names_nothing_is_given_back() {
    let link = |parameter: &str| project::Link {
        parameter: ("app".into(), parameter.into()),
        output: ("base".into(), "Files".into()),
        span: at(9),
    };
    let mut base = stack("base", "in/");
    base.edges.clear();
    base.outputs.push(Shared { name: Text::literal("Files"), value: Some(arn_and("")), span: at(5) });
    let mut app = stack("app", "in/");
    app.resources.remove(0);
    let source = Text::of(Segment::Parameter("Source".into()));
    app.parameters.push(Shared { name: Text::literal("Source"), value: None, span: at(6) });
    app.edges = vec![
        edge(EdgeKind::Trigger(Mode::Async), End::Named(source.clone(), None), End::Own(0), Some("created"), key("in/")),
        edge(EdgeKind::ActsAs, End::Own(0), End::Own(1), None, Filter::any()),
    ];
    app.rights.push(right(
        End::Own(1),
        &["s3:PutObject"],
        vec![source.segments().iter().cloned().chain([Segment::Literal("/*".into())]).collect()],
    ));
    let joined = Project::join(vec![app.clone(), base.clone()], &[link("Source")]);
    assert!(joined.unlinked().is_empty());
    assert!(rules::findings(&joined).iter().any(|f| &*f.rule == "event-loop"));
    let joined = Project::join(vec![app, base], &[link("Sauce")]);
    assert_eq!(joined.unlinked().len(), 1);
}

#[test]
fn a_wide_right_is_named_in_words() {
    let found = with(stack("app", "in/"), right(End::Own(2), &["s3:*"], vec![Text::literal("*")]));
    assert!(found[0].message.contains("every AWS::S3::Bucket"), "{}", found[0].message);
}
