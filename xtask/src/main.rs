//! Project chores. Run as `cargo xtask <chore>`.
fn main() {}
