//! The filter algebra against brute force: what it calls disjoint is refuted by no sample, and what it says meets
//! is met by one wherever the sample is large enough to hold a witness.

use proptest::prelude::*;
use purlin::graph::filter::{Filter, Matcher, Verdict, event_pattern};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Every text over the letters that patterns use, in both cases, and one that they do not use, up to a length that holds a witness of any
/// two patterns of at most two characters each.
fn texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..5 {
        last = last.iter().flat_map(|t| ["a", "A", "B", "b", "z"].map(|c| format!("{t}{c}"))).collect();
        all.extend(last.iter().cloned());
    }
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

#[allow(clippy::unwrap_used)]
fn read(pattern: &Json) -> Filter {
    event_pattern(pattern).map_err(|wrong| format!("{pattern}: {wrong:?}")).unwrap()
}

/// Whether a value of the sample is accepted by both.
fn witness(a: &Filter, b: &Filter) -> Option<Option<Json>> {
    values().into_iter().find(|value| {
        let event: BTreeMap<String, Json> = value.iter().map(|v| ("x".to_string(), v.clone())).collect();
        a.accepts(&event) && b.accepts(&event)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_brute_force_on_one_field(a in field(), b in field()) {
        let (left, right) = (read(&json!({ "x": a })), read(&json!({ "x": b })));
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

    #[test]
    fn alternatives_and_fields_are_joined_as_they_should_be(a in field(), b in field(), c in field(), d in field()) {
        let either = read(&json!({ "$or": [{ "x": a }, { "x": b }] }));
        let (left, right) = (read(&json!({ "x": c })), read(&json!({ "x": d })));
        let expected = read(&json!({ "x": a })).meets(&left).or(read(&json!({ "x": b })).meets(&left));
        prop_assert_eq!(either.meets(&left), expected);
        let both = read(&json!({ "x": a, "y": b }));
        let other = read(&json!({ "x": c, "y": d }));
        let expected = read(&json!({ "x": a })).meets(&left).and(read(&json!({ "x": b })).meets(&right));
        prop_assert_eq!(both.meets(&other), expected);
    }
}

#[test]
fn keys_of_a_bucket() {
    use purlin::graph::filter::Glob;
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
    ];
    for (prefix, suffix, written, expected) in cases {
        let verdict = key(vec![Glob::prefix(prefix), Glob::suffix(suffix)]).meets(&key(vec![Glob::wildcard(written)]));
        assert_eq!(verdict, expected, "{prefix}*{suffix} against {written}");
    }
}

#[test]
fn long_globs_are_decided_quickly() {
    use purlin::graph::filter::Glob;
    let many = |c: char| Glob::wildcard(&format!("*{}", format!("{c}*").repeat(40)));
    let (a, b) = (Matcher::glob(many('a')), Matcher::glob(many('b')));
    assert_eq!(a.meets(&b), Verdict::Meet);
}

#[test]
fn wrong_patterns_say_where_and_what() {
    let cases = [
        (json!({ "source": "a" }), "source", "a list"),
        (json!({ "detail": { "x": [{ "prefix": 1 }] } }), "detail.x", "`prefix` needs a text"),
        (json!({ "x": [{ "like": "a" }] }), "x", "no operator `like`"),
        (json!({ "x": [{ "numeric": ["~", 1] }] }), "x", "`numeric` is a list"),
        (json!([]), "", "a pattern is a record"),
    ];
    for (pattern, path, message) in cases {
        let wrong = event_pattern(&pattern).expect_err("it is wrong");
        assert_eq!(wrong.path, path);
        assert!(wrong.message.contains(message), "{}", wrong.message);
    }
}
