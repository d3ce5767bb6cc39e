//! A page that shows a project while it is written: its graph, its findings, and what each declaration becomes. Over HTTP,
//! to this machine only. Knows nothing of the command line.

mod http;
mod listen;
mod state;
mod wire;

pub use http::{Server, start};
pub use state::Shown;
