//! What can be typed: one definition for parsing, help, completions and the man page.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

const EXIT_CODES: &str = "Exit codes: 0 no denied findings; 1 denied findings; 2 purlin could not run.";

/// Checks serverless infrastructure on AWS and compiles it to CloudFormation.
#[derive(Debug, Parser)]
#[command(name = "purlin", version, about, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Arguments {
    /// Whether findings have colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// When findings have colours.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal that has them, unless `NO_COLOR` is set
    Auto,
    /// In every output
    Always,
    /// In none
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report findings
    Check(Check),
    /// Write one CloudFormation template for each stack
    Build(Build),
    /// Apply automatic fixes
    Fix(Fix),
    /// Explain a rule
    Explain(Explain),
    /// List the rules
    Rules(Rules),
    /// List every `@allow`, for an audit
    Allows(Allows),
    /// Show how much of each limit is used
    Budget(Budget),
    /// Show the impact of a failing declaration
    Blast(Blast),
    /// Print a sample event for each trigger of a declaration
    Event(Event),
    /// Show triggers and capabilities as a graph
    Graph(Graph),
    /// Show what changes between two revisions: edges, rights, what is public, and what is replaced
    Diff(Diff),
    /// Show the rights that a declaration's role gets
    Iam(Iam),
    /// Format files
    Fmt(Fmt),
    /// Create a project
    New(New),
    /// Run the language server on standard input and output
    Lsp(Lsp),
    /// Show a project in a browser, updated as files change
    Serve(Serve),
    /// Print the completions for a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

/// What is read, and with which settings.
#[derive(Args, Clone, Debug, Default)]
pub struct Input {
    /// Files, or folders with a `purlin.toml` or `.purlin` files
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Use the settings of this environment of `purlin.toml`
    #[arg(short, long, value_name = "NAME")]
    pub env: Option<String>,
    /// Set a setting
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Judge dates as of this day instead of today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub as_of: Option<String>,
}

/// `purlin check`
#[derive(Args, Debug)]
pub struct Check {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
    /// The form of the findings; people read theirs on standard error, programs on standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Also exit with 1 for these findings
    #[arg(long, value_enum)]
    pub deny: Option<Deny>,
    /// Ignore the findings that this file lists
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all current findings to this file and exit with 0
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
}

/// The forms of findings.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with source excerpts
    Human,
    /// JSON
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
}

/// Findings that are denied besides errors.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deny {
    /// Warnings
    Warnings,
    /// Warnings and advice
    Advice,
}

/// `purlin fix`
#[derive(Args, Debug)]
pub struct Fix {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
    /// Show the changes without writing them
    #[arg(long, visible_alias = "diff")]
    pub dry_run: bool,
    /// Also apply fixes that may change the meaning of the program; review the change
    #[arg(long = "unsafe")]
    pub not_safe: bool,
}

/// `purlin explain`
#[derive(Args, Debug)]
pub struct Explain {
    /// The rule's name
    pub rule: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
}

/// `purlin rules`
#[derive(Args, Debug)]
pub struct Rules {
    /// Also list compiler errors
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
}

/// `purlin allows`
#[derive(Args, Debug)]
pub struct Allows {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
}

/// `purlin budget`
#[derive(Args, Debug)]
pub struct Budget {
    /// Show every use of every limit, not only the highest use of limits above 10%
    #[arg(long)]
    pub all: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    pub format: BudgetFormat,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
}

/// The forms of a budget.
#[derive(clap::ValueEnum, Clone, Copy, Debug, Default)]
pub enum BudgetFormat {
    /// Text
    #[default]
    Text,
    /// JSON
    Json,
}

/// `purlin blast`
#[derive(Args, Debug)]
pub struct Blast {
    /// The declaration's name
    pub name: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
}

/// `purlin event`
#[derive(Args, Debug)]
pub struct Event {
    /// The declaration's name
    pub name: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
    /// Print the event of this trigger alone, as JSON
    #[arg(long, value_name = "SOURCE.EVENT")]
    pub trigger: Option<String>,
}

/// `purlin build`
#[derive(Args, Debug)]
pub struct Build {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
    /// The folder that the templates are written to
    #[arg(short, long, value_name = "FOLDER", default_value = "cloudformation")]
    pub output: PathBuf,
    /// Print the template instead; the project must have one stack
    #[arg(long, conflicts_with = "output")]
    pub stdout: bool,
}

/// `purlin graph`
#[derive(Args, Debug)]
pub struct Graph {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
    /// The form: data, Graphviz, or Mermaid
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub format: GraphFormat,
}

/// The forms of a graph.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum GraphFormat {
    /// Nodes and edges with their places
    Json,
    /// For Graphviz
    Dot,
    /// For Markdown
    Mermaid,
    /// A picture for a browser
    Svg,
}

/// `purlin diff`
#[derive(Args, Debug)]
pub struct Diff {
    /// The old version: a file, a folder, or a Git revision
    pub old: String,
    /// The new version; the current files by default
    pub new: Option<String>,
    /// The file or folder to compare where a revision is named
    #[arg(short, long, value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// The form
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// Use the settings of this environment of `purlin.toml`
    #[arg(short, long, value_name = "NAME")]
    pub env: Option<String>,
    /// Set a setting
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Judge dates as of this day instead of today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub as_of: Option<String>,
}

/// The forms of a difference.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum DiffFormat {
    /// Text
    Text,
    /// JSON
    Json,
    /// For a pull request
    Markdown,
}

/// `purlin iam`
#[derive(Args, Debug)]
pub struct Iam {
    /// The declaration's name
    pub name: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub input: Input,
    /// Show the line that grants each statement
    #[arg(long)]
    pub why: bool,
}

/// `purlin fmt`
#[derive(Args, Debug)]
pub struct Fmt {
    /// Files or folders; `-` reads standard input and prints
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Change nothing; list the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
}

/// `purlin new`
#[derive(Args, Debug)]
pub struct New {
    /// The folder to create; its name becomes the name of the stack
    pub path: PathBuf,
}

/// `purlin lsp`
#[derive(Args, Debug)]
pub struct Lsp {
    /// Judge dates as of this day instead of today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub as_of: Option<String>,
    /// Accepted for editors that pass it; this is the only transport
    #[arg(long)]
    pub stdio: bool,
}

/// `purlin serve`
#[derive(Args, Debug)]
pub struct Serve {
    /// A file, or a folder with a `purlin.toml` or `.purlin` files
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The port of this machine to listen on; a free one if it is 0
    #[arg(short, long, default_value_t = 7878)]
    pub port: u16,
    /// Use the settings of this environment of `purlin.toml`
    #[arg(short, long, value_name = "NAME")]
    pub env: Option<String>,
    /// Set a setting
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Judge dates as of this day instead of today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub as_of: Option<String>,
}

/// `purlin completions`
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

fn day(text: &str) -> Result<String, String> {
    text.parse::<jiff::civil::Date>().map(|day| day.to_string()).map_err(|_| "write a day as 2027-03-01".into())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_string(), value.to_string())),
        _ => Err("write NAME=VALUE".into()),
    }
}
