//! Whether a template is whole: nothing in it names what is not there, and no key is there twice.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::collections::BTreeSet;

pub fn faults(text: &str) -> Vec<String> {
    if let Err(error) = serde_json::from_str::<Unique>(text) {
        return vec![error.to_string()];
    }
    let json: Json = serde_json::from_str(text).unwrap();
    let keys = |section: &str| -> BTreeSet<String> { json[section].as_object().into_iter().flatten().map(|(k, _)| k.clone()).collect() };
    let mut found =
        Found { resources: keys("Resources"), parameters: keys("Parameters"), conditions: keys("Conditions"), faults: Vec::new() };
    if found.resources.is_empty() {
        found.faults.push("it has no resources".into());
    }
    for name in keys("Resources") {
        let resource = &json["Resources"][&name];
        found.condition(&resource["Condition"]);
        let after = &resource["DependsOn"];
        for other in after.as_array().into_iter().flatten().chain(std::iter::once(after)).filter_map(Json::as_str) {
            if !found.resources.contains(other) || *other == *name {
                found.faults.push(format!("{name} depends on {other}"));
            }
        }
        found.value(&resource["Properties"]);
    }
    for (_, output) in json["Outputs"].as_object().into_iter().flatten() {
        found.condition(&output["Condition"]);
        found.value(&output["Value"]);
        found.value(&output["Export"]);
    }
    for (_, condition) in json["Conditions"].as_object().into_iter().flatten() {
        found.rule(condition);
    }
    found.faults
}

struct Found {
    resources: BTreeSet<String>,
    parameters: BTreeSet<String>,
    conditions: BTreeSet<String>,
    faults: Vec<String>,
}

impl Found {
    fn condition(&mut self, name: &Json) {
        if name.as_str().is_some_and(|name| !self.conditions.contains(name)) {
            self.faults.push(format!("there is no condition {name}"));
        }
    }

    fn reference(&mut self, name: &str) {
        if !name.starts_with("AWS::") && !self.resources.contains(name) && !self.parameters.contains(name) {
            self.faults.push(format!("`Ref` names {name}"));
        }
    }

    fn attribute(&mut self, of: &str) {
        let resource = of.split('.').next().unwrap_or_default();
        if !self.resources.contains(resource) {
            self.faults.push(format!("`Fn::GetAtt` names {of}"));
        }
    }

    fn text(&mut self, text: &str, given: &Json) {
        for part in text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
            if part.starts_with('!') || given.get(part).is_some() {
                continue;
            }
            if part.contains('.') { self.attribute(part) } else { self.reference(part) }
        }
    }

    /// What stands in `Conditions`.
    fn rule(&mut self, json: &Json) {
        match json {
            Json::Object(fields) => {
                for (key, value) in fields {
                    if key == "Condition" {
                        self.condition(value)
                    } else {
                        self.rule(value)
                    }
                    if let ("Ref", Some(name)) = (key.as_str(), value.as_str()) {
                        self.reference(name);
                    }
                }
            }
            Json::Array(values) => values.iter().for_each(|v| self.rule(v)),
            _ => {}
        }
    }

    fn value(&mut self, json: &Json) {
        if let Json::Array(values) = json {
            return values.iter().for_each(|v| self.value(v));
        }
        let Json::Object(fields) = json else { return };
        if let (1, Some((key, value))) = (fields.len(), fields.iter().next()) {
            match (key.as_str(), value) {
                ("Ref", Json::String(name)) => self.reference(name),
                ("Fn::GetAtt", Json::Array(parts)) => self.attribute(parts[0].as_str().unwrap_or_default()),
                ("Fn::GetAtt", Json::String(of)) => self.attribute(of),
                ("Fn::If", Json::Array(parts)) => self.condition(&parts[0]),
                ("Fn::Sub", Json::String(text)) => self.text(text, &Json::Null),
                ("Fn::Sub", Json::Array(parts)) => self.text(parts[0].as_str().unwrap_or_default(), &parts[1]),
                _ => {}
            }
        }
        fields.values().for_each(|v| self.value(v));
    }
}

/// JSON in which no object has a key twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unique, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Unique;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("JSON")
            }
            fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
                Ok(Unique)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
                Ok(Unique)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
                Ok(Unique)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
                Ok(Unique)
            }
            fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
                Ok(Unique)
            }
            fn visit_unit<E>(self) -> Result<Unique, E> {
                Ok(Unique)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Unique, A::Error> {
                while list.next_element::<Unique>()?.is_some() {}
                Ok(Unique)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
                let mut seen = BTreeSet::new();
                while let Some((key, _)) = map.next_entry::<String, Unique>()? {
                    if !seen.insert(key.clone()) {
                        return Err(serde::de::Error::custom(format!("the key {key} is there twice")));
                    }
                }
                Ok(Unique)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A template without the order of what has none for AWS: keys, and the elements of lists.
pub fn unordered(text: &str) -> String {
    fn sorted(json: &Json) -> String {
        match json {
            Json::Array(values) => {
                let mut parts: Vec<String> = values.iter().map(sorted).collect();
                parts.sort();
                format!("[{}]", parts.join(","))
            }
            Json::Object(fields) => {
                let mut parts: Vec<String> = fields.iter().map(|(k, v)| format!("{k:?}:{}", sorted(v))).collect();
                parts.sort();
                format!("{{{}}}", parts.join(","))
            }
            other => other.to_string(),
        }
    }
    sorted(&serde_json::from_str(text).unwrap())
}
