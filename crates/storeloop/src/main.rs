//! Storeloop 店环: one binary for the whole customer experience of a retail chain.

fn main() {}
