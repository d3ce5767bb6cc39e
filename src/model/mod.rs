//! What a kind is, as plain structs: types, expressions, values, properties, verbs, events.
//! Knows nothing of parsing and names no AWS service.

pub mod conditions;
pub mod expr;
pub mod item;
pub mod kind;
pub mod rule;
pub mod types;
pub mod value;
pub mod walk;

pub use conditions::can_hold;
pub use expr::{Argument, Entry, Expr, Node, Op, Piece};
pub use item::{Attribute, Body, Decl, Edge, Item, ItemNode, Module, Parameter};
pub use kind::{Check, Emit, Event, Grant, Kind, Leaf, Mode, Needs, Out, Property, Step, Verb};
pub use types::{Bounds, Field, Pattern, Refinement, Type, TypeExpr, TypeNode};
pub use value::{Cond, Deploy, InstanceId, Unit, Value};
