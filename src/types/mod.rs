//! Types, values and the instances of declarations: resolution, conformance, evaluation, the standard library.
//! Knows nothing of the event graph and of CloudFormation's JSON.

mod blocks;
mod builtins;
mod conform;
mod deploy;
mod eval;
mod existing;
mod expand;
mod exports;
mod fields;
mod files;
mod fuel;
mod ids;
mod json;
mod library;
mod lists;
mod locals;
mod members;
mod operators;
mod outputs;
mod patterns;
mod properties;
mod rehearse;
mod relate;
mod relations;
mod resolve;
mod seams;
mod settings;
mod standard;
mod states;
mod stdlib_index;
mod steps;
mod ways;
mod world;

pub use builtins::{BUILTINS, Builtin};
pub use eval::Env;
pub use exports::read_through;
pub use fields::{entries, given, place, written};
pub use ids::{camel, edge as edge_id, is_valid as is_logical_id, keyed as keyed_id};
pub use library::{KindInfo, Library, STDLIB_FILES};
pub use members::{a_kind, implicit_params};
pub use relations::{Link, Relations};
pub use seams::{Seam, seams};
pub use steps::Placed;
pub use steps::{attribute, both};
pub use world::{Binding, Bound, Component, Files, Frame, FrameId, Instance, Made, STANDARD, StackOutput, StackParam, World};
