//! What is decided here, without a clock or a database.
//!
//! - [`series`]: what was sold, day by day, and what kind of demand that is;
//! - [`profile`]: what a weekday and a promotion are worth;
//! - [`smooth`]: the ways to learn a rate from the days;
//! - [`forecast`]: which of them, and what it says;
//! - [`chance`]: how likely it is that more is asked for than there is;
//! - [`plan`]: how much must be there, and when more is sent for;
//! - [`share`]: who gives it.

pub mod chance;
pub mod forecast;
pub mod plan;
pub mod profile;
pub mod series;
pub mod share;
pub mod smooth;
