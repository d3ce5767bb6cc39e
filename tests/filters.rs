//! The filter algebra against brute force: what it calls disjoint is refuted by no sample, lists included, and what it
//! says meets is met by one wherever the sample is large enough to hold a witness. Then each language by its own rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod generated;

use proptest::prelude::*;
use purlin::flow::filter::{Filter, Glob, Holds, Language, Matcher, Part, Verdict, Wrong};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Every text over the letters that patterns use, in both cases, and one that they do not use, up to a length that holds a witness of any
/// two patterns of at most two characters each; and the characters that mean something in one language or another.
fn texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..5 {
        last = last.iter().flat_map(|t| ["a", "A", "B", "b", "z"].map(|c| format!("{t}{c}"))).collect();
        all.extend(last.iter().cloned());
    }
    all.extend(["*", "?", "\\", "a*b", "a\\b", "a+b", "a b", "${x}"].map(String::from));
    all
}

fn values() -> Vec<Option<Json>> {
    let mut values: Vec<Option<Json>> = texts().into_iter().map(|t| Some(Json::String(t))).collect();
    values.extend((-6..=6).map(|n| Some(json!(f64::from(n) / 2.0))));
    values.extend((0..=255).step_by(5).map(|n| Some(json!(format!("10.0.0.{n}")))));
    values.extend([None, Some(Json::Null), Some(json!(true)), Some(json!(false)), Some(json!({}))]);
    values
}

fn word() -> impl Strategy<Value = String> {
    "[aB]{0,2}"
}

fn number() -> impl Strategy<Value = f64> {
    (-4i32..=4).prop_map(|n| f64::from(n) / 2.0)
}

fn leaf() -> impl Strategy<Value = Json> {
    let compared = (prop::sample::select(vec!["=", "<", "<=", ">", ">="]), number()).prop_map(|(op, n)| json!({ "numeric": [op, n] }));
    let between = (number(), number()).prop_map(|(a, b)| json!({ "numeric": [">", a, "<=", b] }));
    prop_oneof![
        word().prop_map(Json::String),
        number().prop_map(|n| json!(n)),
        Just(Json::Null),
        any::<bool>().prop_map(|b| json!(b)),
        any::<bool>().prop_map(|b| json!({ "exists": b })),
        word().prop_map(|t| json!({ "prefix": t })),
        word().prop_map(|t| json!({ "suffix": t })),
        word().prop_map(|t| json!({ "equals-ignore-case": t })),
        word().prop_map(|t| json!({ "prefix": { "equals-ignore-case": t } })),
        "[aB]{0,1}[*]?[aB]{0,1}".prop_map(|t| json!({ "wildcard": t })),
        prop::collection::vec(word(), 1..3).prop_map(|t| json!({ "anything-but": t })),
        number().prop_map(|n| json!({ "anything-but": n })),
        word().prop_map(|t| json!({ "anything-but": { "prefix": t } })),
        word().prop_map(|t| json!({ "anything-but": { "suffix": t } })),
        compared,
        between,
        prop::sample::select(vec!["10.0.0.0/24", "10.0.0.128/25", "10.0.0.5/32", "10.1.0.0/16"]).prop_map(|c| json!({ "cidr": c })),
    ]
}

fn field() -> impl Strategy<Value = Json> {
    prop::collection::vec(leaf(), 1..3).prop_map(Json::Array)
}

fn language(name: &str) -> &'static Language {
    Language::of(name).unwrap()
}

/// What a pattern of EventBridge accepts.
fn heard(pattern: &Json) -> Filter {
    purlin::flow::filter::read(pattern, language("eventbridge"), Holds::Some).unwrap()
}

/// What a sender says of its message.
fn sent(pattern: &Json) -> Filter {
    purlin::flow::filter::read(pattern, language("message"), Holds::Every).unwrap()
}

fn wrong(name: &str, pattern: &Json) -> Vec<Wrong> {
    purlin::flow::filter::read(pattern, language(name), Holds::Some).expect_err("it is wrong")
}

fn event(value: Option<Json>) -> BTreeMap<String, Json> {
    value.into_iter().map(|v| ("x".to_string(), v)).collect()
}

/// A value of the sample that is accepted by both: a single one, or a list of two that single values made.
fn witness(a: &Filter, b: &Filter) -> Option<Json> {
    let fits = |value: Option<Json>| a.accepts(&event(value.clone())) && b.accepts(&event(value));
    let all = values();
    if let Some(one) = all.iter().find(|v| fits((*v).clone())) {
        return Some(one.clone().unwrap_or(json!("(nothing)")));
    }
    let of = |filter: &Filter| all.iter().flatten().find(|v| filter.accepts(&event(Some((*v).clone())))).cloned();
    let both = json!([of(a)?, of(b)?]);
    fits(Some(both.clone())).then_some(both)
}

proptest! {
    #![proptest_config(generated::config(300))]

    #[test]
    fn what_one_sends_and_another_hears_agrees_with_brute_force(a in field(), b in field()) {
        let (left, right) = (sent(&json!({ "x": a })), heard(&json!({ "x": b })));
        let verdict = left.meets(&right);
        prop_assert_eq!(verdict, right.meets(&left), "it matters which side comes first");
        match (verdict, witness(&left, &right)) {
            (Verdict::Disjoint, Some(value)) => prop_assert!(false, "called disjoint, but both accept {:?}", value),
            // Between two numbers of the sample there may be others, and 10.1.0.0/16 is not in it.
            (Verdict::Meet, None) => {
                let outside = |p: &Json| p.to_string().contains("numeric") || p.to_string().contains("10.");
                prop_assert!(outside(&a) || outside(&b), "said to meet, but no value of the sample is in both");
            }
            (Verdict::CannotTell, _) => {
                let ranges = |p: &Json| p.to_string().contains("cidr");
                prop_assert!(ranges(&a) || ranges(&b), "cannot tell, although every operator is decidable");
            }
            _ => {}
        }
    }

    /// Two patterns that one message passes one after the other: a list can satisfy both.
    #[test]
    fn two_hops_are_never_called_disjoint_where_a_list_passes_both(a in field(), b in field()) {
        let (left, right) = (heard(&json!({ "x": a })), heard(&json!({ "x": b })));
        if left.meets(&right) == Verdict::Disjoint {
            prop_assert_eq!(witness(&left, &right), None);
        }
    }

    #[test]
    fn what_is_known_after_a_filter_is_what_passed_it(a in field(), b in field(), c in field()) {
        let (one, two, three) = (sent(&json!({ "x": a })), heard(&json!({ "x": b })), heard(&json!({ "x": c })));
        let both = one.and(&two);
        let apart = both.meets(&three) == Verdict::Disjoint;
        for value in values() {
            let event = event(value);
            prop_assert_eq!(both.accepts(&event), one.accepts(&event) && two.accepts(&event));
            prop_assert!(!(apart && both.accepts(&event) && three.accepts(&event)));
        }
    }

    #[test]
    fn alternatives_and_fields_are_joined_as_they_should_be(a in field(), b in field(), c in field(), d in field()) {
        let either = heard(&json!({ "$or": [{ "x": a }, { "x": b }] }));
        let (left, right) = (sent(&json!({ "x": c })), sent(&json!({ "x": d })));
        let expected = heard(&json!({ "x": a })).meets(&left).or(heard(&json!({ "x": b })).meets(&left));
        prop_assert_eq!(either.meets(&left), expected);
        let both = heard(&json!({ "x": a, "y": b }));
        let other = sent(&json!({ "x": c, "y": d }));
        let expected = heard(&json!({ "x": a })).meets(&left).and(heard(&json!({ "x": b })).meets(&right));
        prop_assert_eq!(both.meets(&other), expected);
    }
}

#[test]
fn keys_of_a_bucket() {
    let key = |globs: Vec<Glob>| Filter::any().with("key", vec![Matcher::Text(globs, Vec::new())]);
    let cases = [
        ("raw/", ".jpg", "thumbs/*", Verdict::Disjoint),
        ("raw/", "", "raw/thumbs/*", Verdict::Meet),
        ("", ".jpg", "thumbs/*", Verdict::Meet),
        ("", ".jpg", "thumbs/*.png", Verdict::Disjoint),
        ("a", "a", "a", Verdict::Meet),
        ("ab", "bc", "abc", Verdict::Meet),
        ("ab", "bc", "ab", Verdict::Disjoint),
        ("", "", "*", Verdict::Meet),
        ("outA/", "", "out?/*", Verdict::Meet),
        ("outAB/", "", "out?/*", Verdict::Disjoint),
        ("in/", "", "${aws:PrincipalTag/home}/*", Verdict::Meet),
        ("in/", "", "out/${aws:PrincipalTag/home}/*", Verdict::Disjoint),
        ("a*", "", "a${*}b", Verdict::Meet),
        ("ax", "", "a${*}b", Verdict::Disjoint),
    ];
    for (prefix, suffix, written, expected) in cases {
        let verdict = key(vec![Glob::prefix(prefix), Glob::suffix(suffix)]).meets(&key(vec![Glob::iam(written)]));
        assert_eq!(verdict, expected, "{prefix}*{suffix} against {written}");
    }
}

/// Each language by itself: what a text of it matches, and what it does not.
#[test]
fn a_text_means_what_its_language_says() {
    let cases = [
        ("exact", "app.*", vec!["app.*"], vec!["app.x", "app."]),
        ("iam", "a?c*", vec!["abc", "a?c", "axcdef"], vec!["ac", "abbc", "ABC"]),
        ("iam", "u/${aws:username}/*", vec!["u/x/y", "u/a/b/c"], vec!["v/x/y", "u"]),
        ("s3-key", "to+do/%C3%A9*", vec!["to do/é*"], vec!["to+do/é*", "to do/éx"]),
        ("s3-key", "50%/%2B", vec!["50%/+"], vec!["50/+"]),
        ("eventbridge", "a*?", vec!["a*?"], vec!["ab", "abc"]),
    ];
    for (name, written, yes, no) in cases {
        let language = language(name);
        let matchers = purlin::flow::filter::text(written, language.texts);
        let holds = |text: &str| matchers.iter().any(|m| m.holds(Some(&json!(text))));
        assert!(yes.iter().all(|t| holds(t)), "{name}: {written} matches {yes:?}");
        assert!(!no.iter().any(|t| holds(t)), "{name}: {written} does not match {no:?}");
    }
}

#[test]
fn wildcards_of_event_patterns_have_escapes() {
    for (written, yes, no) in
        [("a\\*b", vec!["a*b"], vec!["axb", "a\\*b"]), ("a\\\\*", vec!["a\\b", "a\\"], vec!["a*"]), ("a*b", vec!["ab", "a*b"], vec!["a"])]
    {
        let glob = Glob::wildcard(written);
        assert!(yes.iter().all(|t| glob.matches(t)) && !no.iter().any(|t| glob.matches(t)), "{written}");
    }
}

#[test]
fn attributes_travel_as_text() {
    let publish = |value: &str| {
        let pattern = json!({ "attributes": { "x": [value] } });
        purlin::flow::filter::read(&pattern, language("message-of-topic"), Holds::Every).unwrap()
    };
    let listen =
        |leaf: Json| purlin::flow::filter::read(&json!({ "attributes": { "x": [leaf] } }), language("topic-filter"), Holds::Some).unwrap();
    let cases = [
        ("100", json!({ "numeric": [">", 50] }), Verdict::Meet),
        ("100", json!("100"), Verdict::Meet),
        ("10", json!({ "numeric": [">", 50] }), Verdict::Disjoint),
        ("[\"a\", \"b\"]", json!("b"), Verdict::Meet),
        ("[\"a\", \"b\"]", json!("c"), Verdict::Disjoint),
        ("a", json!("b"), Verdict::Disjoint),
    ];
    for (value, leaf, expected) in cases {
        assert_eq!(publish(value).meets(&listen(leaf.clone())), expected, "{value} against {leaf}");
    }
}

#[test]
fn addresses_are_compared_in_every_spelling() {
    let range = |net: &str| Matcher::Address(net.parse().unwrap());
    let cases = [
        ("2001:db8::/125", "2001:DB8::1", Verdict::Meet),
        ("2001:db8::/125", "2001:0db8:0:0:0:0:0:1", Verdict::Meet),
        ("2001:db8::/125", "2001:db8::9", Verdict::Disjoint),
        ("10.0.0.0/8", "10.1.2.3", Verdict::Meet),
        ("10.0.0.0/8", "11.0.0.1", Verdict::Disjoint),
        ("10.0.0.0/8", "a", Verdict::Disjoint),
    ];
    for (net, text, expected) in cases {
        assert_eq!(range(net).meets(&Matcher::exact(text)), expected, "{net} against {text}");
    }
}

#[test]
fn large_numbers_are_exact() {
    let (a, b) = (9_007_199_254_740_993i64, 9_007_199_254_740_992i64);
    let but = heard(&json!({ "x": [{ "anything-but": [a] }] }));
    assert_eq!(sent(&json!({ "x": [b] })).meets(&but), Verdict::Meet);
    assert_eq!(sent(&json!({ "x": [a] })).meets(&but), Verdict::Disjoint);
    assert_eq!(sent(&json!({ "x": [a] })).meets(&heard(&json!({ "x": [b] }))), Verdict::Disjoint);
    assert_eq!(sent(&json!({ "x": [1.0] })).meets(&heard(&json!({ "x": [1] }))), Verdict::Meet);
}

#[test]
fn an_alternative_is_joined_with_the_same_field() {
    let filter = heard(&json!({ "source": ["a"], "$or": [{ "source": ["b"] }, { "y": ["c"] }] }));
    assert_eq!(sent(&json!({ "source": ["b"] })).meets(&filter), Verdict::Disjoint);
    assert_eq!(sent(&json!({ "source": ["a"] })).meets(&filter), Verdict::Meet);
    assert_eq!(sent(&json!({ "source": ["a"], "y": ["d"] })).meets(&filter), Verdict::Disjoint);
}

#[test]
fn a_rewritten_message_keeps_what_is_renamed() {
    let message = sent(&json!({ "body": { "kind": ["a"] }, "attributes": { "x": ["b"] } }));
    let raw = message.renamed(&[("body".into(), "body".into())]);
    assert_eq!(raw.meets(&heard(&json!({ "body": { "kind": ["b"] } }))), Verdict::Disjoint);
    assert_eq!(raw.meets(&heard(&json!({ "attributes": { "x": ["c"] } }))), Verdict::Meet);
    let wrapped = message.renamed(&[(String::new(), "body".into())]);
    assert_eq!(wrapped.meets(&heard(&json!({ "body": { "body": { "kind": ["b"] } } }))), Verdict::Disjoint);
    let closed = Filter::any().closed("body", vec!["Type".into()]);
    assert_eq!(closed.meets(&heard(&json!({ "body": { "kind": ["a"] } }))), Verdict::Disjoint);
    assert_eq!(closed.meets(&heard(&json!({ "body": { "Type": ["a"] } }))), Verdict::Meet);
    assert_eq!(closed.meets(&heard(&json!({ "body": { "kind": [{ "exists": false }] } }))), Verdict::Meet);
}

#[test]
fn long_globs_are_decided_quickly() {
    let many = |c: char| Glob::wildcard(&format!("*{}", format!("{c}*").repeat(40)));
    let (a, b) = (Matcher::glob(many('a')), Matcher::glob(many('b')));
    assert_eq!(a.meets(&b), Verdict::Meet);
}

/// Every language refuses what its service refuses, at the place.
#[test]
fn wrong_patterns_say_where_and_what() {
    let at = |path: &[&str]| -> Vec<Part> {
        path.iter().map(|p| p.parse().map_or_else(|_| Part::Field((*p).to_string()), Part::Element)).collect()
    };
    let six = json!({ "a": ["x"], "b": ["x"], "c": ["x"], "d": ["x"], "e": ["x"], "f": ["x"] });
    let many = |n: usize| Json::Array((0..n).map(|i| json!(i.to_string())).collect());
    let cases = [
        ("eventbridge", json!({ "source": "a" }), vec!["source"], "must be a list"),
        ("eventbridge", json!({ "source": [] }), vec!["source"], "empty list"),
        ("eventbridge", json!({ "detail": { "x": [{ "prefix": 1 }] } }), vec!["detail", "x", "0", "prefix"], "`prefix` needs a text"),
        ("eventbridge", json!({ "x": [{ "prefx": "a" }] }), vec!["x", "0", "prefx"], "no operator `prefx`"),
        ("eventbridge", json!({ "x": [{ "numeric": ["~", 1] }] }), vec!["x", "0", "numeric"], "`numeric` needs"),
        ("eventbridge", json!({ "x": [{ "wildcard": "a**b" }] }), vec!["x", "0", "wildcard"], "two stars"),
        ("eventbridge", json!({ "x": [{ "wildcard": "a\\b" }] }), vec!["x", "0", "wildcard"], "backslash"),
        ("eventbridge", json!({ "x": { "prefix": "a" } }), vec!["x"], "must be in a list"),
        ("eventbridge", json!({ "x": [["a"]] }), vec!["x", "0"], "a list cannot contain a list"),
        ("eventbridge", json!({ "x": {} }), vec!["x"], "empty record"),
        ("eventbridge", json!([]), vec![], "is a record"),
        ("sqs-mapping", json!({ "body": { "x": [{ "wildcard": "a*" }] } }), vec!["body", "x", "0", "wildcard"], "has no operator"),
        ("dynamodb-mapping", json!({ "eventName": "INSERT" }), vec!["eventName"], "must be a list"),
        ("kinesis-mapping", json!({ "data": { "x": [{ "cidr": "10.0.0.0/8" }] } }), vec!["data", "x", "0", "cidr"], "has no operator"),
        ("sns-attributes", json!({ "a": { "b": ["x"] } }), vec!["a"], "cannot be nested"),
        ("sns-attributes", six, vec![], "at most 5 fields"),
        ("sns-attributes", json!({ "a": many(13), "b": many(12) }), vec![], "at most 150 combinations"),
        ("sns-body", json!({ "a": { "b": { "c": many(51) } } }), vec![], "at most 150 combinations"),
    ];
    for (name, pattern, path, message) in cases {
        let wrongs = wrong(name, &pattern);
        let first = wrongs.first().unwrap();
        assert_eq!(first.path, at(&path), "{name}: {pattern}");
        assert!(first.message.contains(message), "{name}: {pattern}: {}", first.message);
    }
    assert_eq!(wrong("eventbridge", &json!({ "x": [{ "prefx": "a" }] })).first().unwrap().help.as_deref(), Some("did you mean `prefix`?"));
}

#[test]
fn the_languages_are_described_whole() {
    assert!(Language::all().len() > 8);
    for (name, language) in Language::all() {
        assert!(language.source.starts_with("https://docs.aws.amazon.com/"), "{name}");
        assert!(language.inner.iter().all(|(operator, _)| language.operators.contains(operator)), "{name}");
        for path in language.single.iter().filter(|p| !p.contains('*')) {
            assert!(language.is_single(path), "{name}: {path}");
        }
    }
    let streams = language("dynamodb-mapping");
    assert!(streams.is_single("dynamodb.Keys.id.S") && !streams.is_single("dynamodb.NewImage.tags.SS"));
    assert!(!streams.is_single("dynamodb.NewImage.parts.L.S"));
}

#[test]
fn what_excludes_itself_is_found() {
    assert!(heard(&json!({ "x": [{ "numeric": [">", 5, "<", 3] }] })).is_impossible());
    assert!(heard(&json!({ "source": ["a"], "$or": [{ "source": ["b"] }] })).is_impossible());
    assert!(!heard(&json!({ "x": ["a"], "$or": [{ "x": ["b"] }] })).is_impossible(), "a list may hold both");
}
