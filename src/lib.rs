//! Purlin: a typed language for serverless infrastructure on AWS.

pub mod base;
pub mod cfn;
pub mod cli;
pub mod document;
pub mod emit;
pub mod flow;
pub mod fmt;
pub mod graph;
pub mod iam;
pub mod ide;
pub mod lsp;
pub mod model;
pub mod names;
pub mod project;
pub mod render;
pub mod rules;
pub mod serve;
pub mod session;
pub mod syntax;
pub mod template;
pub mod types;
