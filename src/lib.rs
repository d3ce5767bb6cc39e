//! Purlin: a typed language for serverless infrastructure on AWS.

pub mod base;
pub mod cfn;
pub mod syntax;
