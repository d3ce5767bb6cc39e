//! Findings as JUnit XML: a case for each finding, a suite for each file.

use super::escape;
use crate::base::FxIndexMap;
use crate::session::Record;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// The findings; `files` are those that were looked at, so that one without a finding passes.
pub fn junit(records: &[Record], files: &[String]) -> Result<String, String> {
    let mut suites: FxIndexMap<&str, TestSuite> = FxIndexMap::default();
    for file in files {
        suites.insert(file, TestSuite::new(&*escape::line(file)));
    }
    for record in records {
        let suite = suites.entry(&record.place.file).or_insert_with(|| TestSuite::new(&*escape::line(&record.place.file)));
        let status = match &record.allowed {
            Some(reason) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(&*escape::text(reason));
                status
            }
            None => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type(record.severity).set_message(&*escape::text(&record.message)).set_description(told(record));
                status
            }
        };
        let name = format!("{} at {}:{}", record.rule, record.place.line, record.place.column);
        suite.add_test_case(TestCase::new(name, status));
    }
    let mut report = Report::new("purlin check");
    for (file, mut suite) in suites {
        if suite.test_cases.is_empty() {
            suite.add_test_case(TestCase::new(format!("{} has no findings", escape::line(file)), TestCaseStatus::success()));
        }
        report.add_test_suite(suite);
    }
    report.to_string().map(|text| escape::xml(&text)).map_err(|error| error.to_string())
}

fn told(record: &Record) -> String {
    let place = |p: &crate::session::Place| format!("{}:{}:{}", p.file, p.line, p.column);
    let mut text = format!("{}: {} [{}]\n{}", record.severity, record.message, record.rule, place(&record.place));
    for related in &record.related {
        text.push_str(&format!("\n{} {}", place(&related.place), related.text));
    }
    for more in record.help.iter().chain(&record.notes) {
        text.push('\n');
        text.push_str(more);
    }
    escape::text(&text).into_owned()
}
