//! How property tests draw their inputs.

use proptest::test_runner::{Config, RngSeed};

/// A gate says the same of the same commit, so it draws the same inputs in each run. `tests/run --full` draws new ones,
/// and a hundred times as many.
pub fn config(cases: u32) -> Config {
    let full = std::env::var_os("PURLIN_FULL").is_some();
    let (cases, rng_seed) = if full { (cases * 100, RngSeed::Random) } else { (cases, RngSeed::Fixed(20)) };
    Config { cases, rng_seed, failure_persistence: None, ..Config::default() }
}
