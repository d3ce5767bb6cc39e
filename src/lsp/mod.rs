//! The language server: protocol messages in and out. Knows nothing of how questions are answered.

mod answers;
mod convert;
mod overlay;
mod server;

pub use server::serve;
