//! Work for the store with its types forgotten. The engines take it in this form: they are compiled once, and not
//! once more for every unit of work of every domain.

use base::{Error, Result};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use tokio::sync::oneshot;

use crate::tx::{Reader, Tx};

/// What the store is asked to do with a `V`.
pub(crate) trait Work<V>: Send {
    /// Whether somebody still waits for the answer.
    fn is_wanted(&self) -> bool;
    /// Does it and keeps what it came to; what an earlier attempt came to is forgotten.
    fn run<'a>(&'a mut self, with: &'a V) -> LocalBoxFuture<'a, Result<()>>;
    /// Answers what it came to, or why it came to nothing.
    fn answer(self: Box<Self>, outcome: Result<()>);
}

/// A unit of work, to be run as often as it takes.
pub(crate) type Unit = Box<dyn Work<Tx>>;
/// A read, to be run once.
pub(crate) type Read = Box<dyn Work<Reader>>;
/// Where the answer will arrive.
pub(crate) type Answer<T> = oneshot::Receiver<Result<T>>;

struct Reply<T> {
    to: oneshot::Sender<Result<T>>,
    value: Option<T>,
}

impl<T> Reply<T> {
    fn new() -> (Self, Answer<T>) {
        let (to, answer) = oneshot::channel();
        (Self { to, value: None }, answer)
    }

    fn send(self, outcome: Result<()>) {
        let never_run = || Error::internal("work was never run");
        let answer = outcome.and_then(|()| self.value.ok_or_else(never_run));
        // Nobody waits any more: nothing to tell.
        let _ = self.to.send(answer);
    }
}

struct UnitOf<T, F> {
    f: F,
    reply: Reply<T>,
}

pub(crate) fn unit<T, F>(f: F) -> (Unit, Answer<T>)
where
    F: AsyncFn(&Tx) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let (reply, answer) = Reply::new();
    (Box::new(UnitOf { f, reply }), answer)
}

impl<T, F> Work<Tx> for UnitOf<T, F>
where
    F: AsyncFn(&Tx) -> Result<T> + Send,
    T: Send,
{
    fn is_wanted(&self) -> bool {
        !self.reply.to.is_closed()
    }

    fn run<'a>(&'a mut self, tx: &'a Tx) -> LocalBoxFuture<'a, Result<()>> {
        async move {
            self.reply.value = None;
            self.reply.value = Some((self.f)(tx).await?);
            Ok(())
        }
        .boxed_local()
    }

    fn answer(self: Box<Self>, outcome: Result<()>) {
        self.reply.send(outcome);
    }
}

struct ReadOf<T, F> {
    f: Option<F>,
    reply: Reply<T>,
}

pub(crate) fn read<T, F>(f: F) -> (Read, Answer<T>)
where
    F: AsyncFnOnce(&Reader) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let (reply, answer) = Reply::new();
    (Box::new(ReadOf { f: Some(f), reply }), answer)
}

impl<T, F> Work<Reader> for ReadOf<T, F>
where
    F: AsyncFnOnce(&Reader) -> Result<T> + Send,
    T: Send,
{
    fn is_wanted(&self) -> bool {
        !self.reply.to.is_closed()
    }

    fn run<'a>(&'a mut self, reader: &'a Reader) -> LocalBoxFuture<'a, Result<()>> {
        async move {
            if let Some(f) = self.f.take() {
                self.reply.value = Some(f(reader).await?);
            }
            Ok(())
        }
        .boxed_local()
    }

    fn answer(self: Box<Self>, outcome: Result<()>) {
        self.reply.send(outcome);
    }
}
