//! The language server: protocol messages in and out. Knows nothing of how questions are answered.

mod capabilities;
mod convert;
mod copies;
mod findings;
mod frames;
mod inbox;
mod navigate;
mod outline;
mod overlay;
mod serve;
mod server;
mod show;
mod templates;
mod workspace;
mod write;

pub use serve::{End, serve};
