//! Programs that would take more steps, stack or memory than there is end with one finding: no abort and no hang.
//! Each runs in a process of its own with a limit on its address space.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The address space of the process, in KiB: the allocator reserves more than it uses.
const SPACE: u32 = 3 << 20;
/// What a test run without optimisation may take, many at a time.
const MOST: Duration = Duration::from_secs(100);

/// Runs a command on a program; gives back the exit code and the output.
fn run(name: &str, arguments: &str, program: &str) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("main.purlin");
    std::fs::write(&file, program).unwrap();
    let command = format!("ulimit -v {SPACE}; exec {} {arguments} {}", env!("CARGO_BIN_EXE_purlin"), file.display());
    let out = std::fs::File::create(folder.path().join("out")).unwrap();
    let mut child = Command::new("sh")
        .args(["-c", &command])
        .env("NO_COLOR", "1")
        .stdout(Stdio::from(out.try_clone().unwrap()))
        .stderr(Stdio::from(out))
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > MOST {
            child.kill().unwrap();
            assert!(begun.elapsed() <= MOST, "{name}: still running after {MOST:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let said = std::fs::read_to_string(folder.path().join("out")).unwrap();
    eprintln!("{name}: {:.1} s", begun.elapsed().as_secs_f32());
    (status.code().unwrap_or(-1), said)
}

/// A program has exactly one error, of this rule; formatting it ends too.
fn one(name: &str, rule: &str, program: &str) {
    let (code, said) = run(name, "check --format json", program);
    let short: String = said.chars().take(1_500).collect();
    assert_eq!(code, 1, "{name}: {short}");
    let json: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{name}: {error}: {short}"));
    let all = json["findings"].as_array().unwrap();
    let errors: Vec<&str> = all.iter().filter(|f| f["severity"] == "error").filter_map(|f| f["rule"].as_str()).collect();
    assert_eq!(errors, [rule], "{name}: {short}");
    let (code, said) = run(name, "fmt --check", program);
    assert!((0..2).contains(&code), "{name}: fmt ended with {code}: {}", said.chars().take(500).collect::<String>());
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (1..=count).fold(String::new(), |mut text, at| {
        writeln!(text, "{}", line(at)).unwrap();
        text
    })
}

#[test]
fn chains_of_operators() {
    let of = |link: &str| format!("stack a\nqueue q {{ }}\nlet y = 1\noutput x = {}1\n", format!("1{link}").repeat(12_000));
    for link in ["+", " ?? ", " && ", " == ", "*"] {
        one(link, "nesting-too-deep", &of(link));
    }
    for sign in ["!", "-"] {
        one(sign, "nesting-too-deep", &format!("stack a\nqueue q {{ }}\noutput x = {}1\n", sign.repeat(12_000)));
    }
    for link in [".b", "[0]", "()", " as s"] {
        one(link, "nesting-too-deep", &format!("stack a\nqueue q {{ }}\noutput x = q{}\n", link.repeat(18_000)));
    }
    one(
        "len",
        "nesting-too-deep",
        &format!("stack a\nqueue q {{ }}\ntype T = String{}\nlet x: T = \"a\"\noutput o = x\n", " len 1..9".repeat(9_000)),
    );
}

#[test]
fn chains_of_values() {
    one(
        "let",
        "budget-exceeded",
        &format!("stack a\nqueue q {{ }}\nlet x0 = 1\n{}output o = x8000\n", lines(8_000, |n| format!("let x{n} = x{}", n - 1))),
    );
    let chosen = lines(4_000, |n| format!("let x{n} = x{} if true else 2", n - 1));
    one("let if", "budget-exceeded", &format!("stack a\nqueue q {{ }}\nlet x0 = 1\n{chosen}output o = x4000\n"));
    let nested = lines(500, |n| format!("let x{n} = [x{}]", n - 1));
    one("let list", "budget-exceeded", &format!("stack a\nqueue q {{ }}\nlet x0 = 1\n{nested}output o = len(x500)\n"));
}

#[test]
fn chains_of_types() {
    one(
        "type",
        "budget-exceeded",
        &format!(
            "stack a\nqueue q {{ }}\ntype T0 = Int\n{}setting x: T6100 = 1\noutput o = json(x)\n",
            lines(6_100, |n| format!("type T{n} = [T{}]", n - 1))
        ),
    );
    let doubled = lines(40, |n| format!("type T{n} = {{ a: T{m}  b: T{m} }}", m = n - 1));
    one(
        "type twice",
        "budget-exceeded",
        &format!("stack a\nqueue q {{ }}\ntype T0 = Int\n{doubled}setting x: T40 = 1\noutput o = json(x)\n"),
    );
}

#[test]
fn values_that_double() {
    let of = |first: &str, next: fn(usize) -> String, last: &str| {
        format!("stack a\nqueue q {{ }}\nlet x0 = {first}\n{}output o = {last}\n", lines(40, next))
    };
    one("text", "budget-exceeded", &of("\"ab\"", |n| format!("let x{n} = \"${{x{m}}}${{x{m}}}\"", m = n - 1), "len(x40)"));
    one("plus", "budget-exceeded", &of("\"ab\"", |n| format!("let x{n} = x{m} + x{m}", m = n - 1), "len(x40)"));
    one("concat", "budget-exceeded", &of("[1, 2]", |n| format!("let x{n} = concat(x{m}, x{m})", m = n - 1), "len(x40)"));
    one("flatten", "budget-exceeded", &of("[1, 2]", |n| format!("let x{n} = flatten([x{m}, x{m}])", m = n - 1), "len(x40)"));
    one("replace", "budget-exceeded", &of("\"a\"", |n| format!("let x{n} = replace(x{m}, \"a\", \"aa\")", m = n - 1), "len(x40)"));
    one("replace all", "budget-exceeded", &of("\"aaaa\"", |n| format!("let x{n} = replace(x{m}, \"\", x{m})", m = n - 1), "len(x40)"));
    one("list", "budget-exceeded", &of("[1]", |n| format!("let x{n} = [x{m}, x{m}]", m = n - 1), "len(x40)"));
    one("record", "budget-exceeded", &of("1", |n| format!("let x{n} = {{ a = x{m}, b = x{m} }}", m = n - 1), "json(x40)"));
    one("json", "budget-exceeded", &of("\"\\\"\"", |n| format!("let x{n} = json(x{m})", m = n - 1), "x40"));
    one("join", "budget-exceeded", &of("\"ab\"", |n| format!("let x{n} = join(x{m}, [x{m}, x{m}])", m = n - 1), "len(x40)"));
}

#[test]
fn loops_within_loops() {
    let range = "range(0, 1000)";
    one(
        "comprehension",
        "budget-exceeded",
        &format!("stack a\nqueue q {{ }}\nlet x = [[[i for i in {range}] for j in {range}] for k in {range}]\noutput o = len(x)\n"),
    );
    one("for", "budget-exceeded", &format!("stack a\nfor i in {range} {{\n  for j in {range} {{\n    queue q {{ }}\n  }}\n}}\n"));
    one("empty for", "budget-exceeded", &format!("stack a\nqueue q {{ }}\nfor i in {range} {{\n  for j in {range} {{\n  }}\n}}\n"));
    one(
        "hundred",
        "budget-exceeded",
        &format!("stack a\nfor i in {range} {{\n  for j in range(0, 100) {{\n    queue q {{ visibility = 5 }}\n  }}\n}}\n"),
    );
    let edges = "runtime = \"python3.13\"\n  handler = \"a.b\"\n  code = \"a.zip\"\n  timeout = 4s";
    one(
        "edges",
        "budget-exceeded",
        &format!(
            "stack a\nqueue q {{ }}\nfunction f {{\n  {edges}\n  for i in {range} {{\n    for j in {range} {{\n      can send q\n    }}\n  }}\n}}\n"
        ),
    );
}

#[test]
fn components_within_components() {
    let twice = lines(50, |n| format!("component c{n}() {{\n  c{m} a {{ }}\n  c{m} b {{ }}\n}}", m = n - 1));
    one("used", "budget-exceeded", &format!("stack a\ncomponent c0() {{ queue q {{ }} }}\n{twice}c50 x {{ }}\n"));
    one("unused", "budget-exceeded", &format!("stack a\nqueue q {{ }}\ncomponent c0() {{ queue q {{ }} }}\n{twice}"));
    let chain = lines(3_000, |n| format!("component c{n}() {{ c{} a {{ }} }}", n - 1));
    one("chain", "budget-exceeded", &format!("stack a\ncomponent c0() {{ queue q {{ }} }}\n{chain}c3000 x {{ }}\n"));
}

#[test]
fn patterns_that_repeat() {
    let nested = (0..10).fold("a".to_string(), |inner, _| format!("({inner}){{10}}"));
    one("pattern", "bad-pattern", &format!("stack a\nqueue q {{ }}\nsetting x: String matching \"{nested}\" = \"a\"\noutput o = x\n"));
}

#[test]
fn long_chains_of_declarations_end() {
    let program =
        format!("stack a\nqueue q0 {{ retention = 14d }}\n{}", lines(2_000, |n| format!("queue q{n} {{ dead_letter = q{} }}", n - 1)));
    let (code, said) = run("dead letters", "check --format json", &program);
    assert!(code == 1, "{code} {}", said.chars().take(500).collect::<String>());
}
