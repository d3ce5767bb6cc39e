//! Purlin: a typed language for serverless infrastructure on AWS.
