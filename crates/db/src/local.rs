//! Drives a future that never really waits.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use base::{Error, Result};

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// Runs a unit of work whose statements complete in place. A future that waits for anything else would hold
/// up everybody's commits, so it is refused instead of waited for.
pub(crate) fn run<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let woken = Arc::new(Woken(AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => return result,
            // Joins of many futures wake themselves to share the thread; that is not waiting.
            Poll::Pending if woken.0.swap(false, Ordering::Acquire) => {}
            Poll::Pending => {
                return Err(Error::internal(
                    "a unit of work may await its own statements only; do the rest before or after it",
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ready_completes() {
        assert_eq!(run(async { Ok(7) }).unwrap(), 7);
    }

    #[test]
    fn many_joined_futures_complete() {
        let total = run(async {
            let all = futures_util::future::join_all((0..500_i64).map(async |n| n)).await;
            Ok(all.into_iter().sum::<i64>())
        });
        assert_eq!(total.unwrap(), 124_750);
    }

    #[test]
    fn waiting_for_something_else_is_refused() {
        let error = run(std::future::pending::<Result<()>>()).unwrap_err();
        assert_eq!(error.code(), "internal");
    }
}
