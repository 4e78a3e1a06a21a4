//! Named points at which a test stops the process, to prove that nothing is lost or done twice there.
//!
//! In a build for release there is nothing of it. In a build for development a point stops the process for good
//! when the file that `STORELOOP_FAIL_POINT_FILE` names contains the point's name: whoever wrote it there kills
//! the process and looks at what is left.

/// Every point, in the order an order comes by.
pub const FAIL_POINTS: &[&str] = &[
    "checkout.claimed",
    "checkout.held",
    "checkout.committed",
    "payment.worked_in",
    "payment.committed",
    "change.worked_in",
    "change.committed",
    "pick.worked_in",
    "pick.committed",
    "hand_over.goods_out",
    "hand_over.committed",
    "points.worked_in",
    "return.worked_in",
    "return.committed",
    "exchange.worked_in",
    "exchange.committed",
    "cancel.worked_in",
    "cancel.committed",
    "reject.worked_in",
    "reject.committed",
    "refund.settled",
];

/// Stops here if a test asks for it.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &str) {
    use std::io::Write;
    use std::path::PathBuf;
    use std::sync::LazyLock;

    static FILE: LazyLock<Option<PathBuf>> =
        LazyLock::new(|| std::env::var_os("STORELOOP_FAIL_POINT_FILE").map(PathBuf::from));
    debug_assert!(FAIL_POINTS.contains(&name), "{name} is not in the list");
    let armed = FILE.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
    if armed.is_none_or(|armed| armed.trim() != name) {
        return;
    }
    // Nobody may be listening any more; then there is nobody to stop for either.
    if writeln!(std::io::stderr(), "stopped at {name}").is_ok() {
        loop {
            std::thread::park();
        }
    }
}

#[cfg(not(debug_assertions))]
#[inline]
pub(crate) const fn point(_: &str) {}
