//! The face: asking for a message, carrying it, reading what was written.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use base::{Ctx, Error, MemberId, MessageId, Page, PageQuery, Permission, Resource, Result, Time};
use db::{Db, Reader, Tx};
use jiff::tz::TimeZone;
use jobs::Job;
use members::{MEMBER_READ_PII, Phone, must_be_short};
use serde::{Deserialize, Serialize};

use crate::adapter::{ChannelAdapter, Mailbox, Refusal};
use crate::error::NO_RECIPIENT;
use crate::events::{MessageFailed, MessageSent, MessageSuppressed};
use crate::model::{Accepted, Channel, Message, MessageImport, NewMessage, State, Suppression, suppression};
use crate::store::{self, Wanted};

/// See messages to people.
pub const MESSAGE_READ: Permission = Permission::new("message.read");

/// Every right this crate asks for.
pub const PERMISSIONS: &[Permission] = &[MESSAGE_READ];

/// Characters of an address searched for.
const ADDRESS_MAX_CHARS: usize = 100;
/// The template whose words are a key.
const OTP_TEMPLATE: &str = "otp_code";
/// The zone times in messages are given in.
const ZONE: &str = "Asia/Shanghai";

/// Who carries which channel.
#[derive(Clone)]
pub struct Adapters {
    default: Arc<dyn ChannelAdapter>,
    by_channel: HashMap<Channel, Arc<dyn ChannelAdapter>>,
}

impl Adapters {
    /// The built-in mailbox carries everything.
    #[must_use]
    pub fn mailbox() -> Self {
        Self {
            default: Arc::new(Mailbox),
            by_channel: HashMap::new(),
        }
    }

    /// Another carrier for a channel.
    #[must_use]
    pub fn with(mut self, channel: Channel, adapter: Arc<dyn ChannelAdapter>) -> Self {
        self.by_channel.insert(channel, adapter);
        self
    }

    fn of(&self, channel: Channel) -> &dyn ChannelAdapter {
        self.by_channel.get(&channel).unwrap_or(&self.default).as_ref()
    }
}

impl fmt::Debug for Adapters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adapters")
            .field("channels", &self.by_channel.keys())
            .finish_non_exhaustive()
    }
}

/// Carries one waiting message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Deliver {
    message_id: MessageId,
}

impl Job for Deliver {
    const KIND: &'static str = "outreach.deliver";
    fn dedupe_key(&self) -> Option<String> {
        Some(self.message_id.to_string())
    }
}

/// The messages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outreach {
    db: Db,
    adapters: Arc<Adapters>,
}

impl Outreach {
    /// The messages over a store, and who carries them.
    #[must_use]
    pub fn new(db: Db, adapters: Adapters) -> Self {
        Self {
            db,
            adapters: Arc::new(adapters),
        }
    }

    /// Tells the runner who carries messages.
    pub fn register(&self, runner: &mut jobs::Runner) {
        let outreach = self.clone();
        runner.register(move |ctx: Ctx, job: Deliver| {
            let outreach = outreach.clone();
            async move { outreach.deliver(&ctx, job.message_id).await }
        });
    }

    /// Carries a waiting message. What the person allows is asked again here, at the last step: a consent
    /// withdrawn while the message waited holds it back.
    ///
    /// # Errors
    /// Whatever keeps the channel from taking it for now; the job tries again.
    pub async fn deliver(&self, ctx: &Ctx, id: MessageId) -> Result<()> {
        let waiting = self
            .db
            .read(async move |reader: &Reader| {
                let Some(message) = store::message_find(reader, id).await? else {
                    return Ok(None);
                };
                let held = not_allowed(reader, &message).await?;
                Ok(Some((message, held)))
            })
            .await?;
        let Some((message, held)) = waiting.filter(|(message, _)| message.state == State::Queued) else {
            return Ok(());
        };
        if let Some(reason) = held {
            return self.settle(ctx, message, Outcome::Suppressed(reason)).await;
        }
        match self.adapters.of(message.channel).deliver(&message).await {
            Ok(()) => self.settle(ctx, message, Outcome::Sent).await,
            Err(Refusal::Final(reason)) => self.settle(ctx, message, Outcome::Failed(reason)).await,
            Err(Refusal::Later(error)) => Err(error),
        }
    }

    async fn settle(&self, ctx: &Ctx, message: Message, outcome: Outcome) -> Result<()> {
        metrics::counter!("messages_total", "channel" => message.channel.as_str(), "state" => outcome.state().as_str())
            .increment(1);
        let wipe = message.template == OTP_TEMPLATE && !self.adapters.of(message.channel).is_mailbox();
        let ctx = ctx.clone();
        self.db
            .write(async move |tx: &Tx| {
                let (held, failure) = match &outcome {
                    Outcome::Sent => (None, None),
                    Outcome::Suppressed(reason) => (Some(reason.as_str()), None),
                    Outcome::Failed(reason) => (None, Some(reason.as_str())),
                };
                if !store::message_settle(tx, message.id, outcome.state(), held, failure).await? {
                    return Ok(());
                }
                if wipe {
                    store::message_wipe(tx, message.id).await?;
                }
                announce(tx, &ctx, &message, &outcome).await
            })
            .await
    }

    /// Messages to people, newest first; phones masked without [`MEMBER_READ_PII`].
    ///
    /// # Errors
    /// `access.forbidden`, `input.invalid_cursor`.
    pub async fn message_list(
        &self,
        ctx: &Ctx,
        to: Option<&str>,
        channel: Option<Channel>,
        page: &PageQuery,
    ) -> Result<Page<Message>> {
        ctx.require(MESSAGE_READ, &Resource::Chain)?;
        must_be_short("to", to.unwrap_or_default(), ADDRESS_MAX_CHARS)?;
        let recipient = to
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(|text| match text.parse::<Phone>() {
                Ok(phone) => phone.as_str().to_owned(),
                Err(_) => format!("%{}%", text.replace(['%', '_', '\\'], "")),
            });
        let wanted = Wanted {
            recipient,
            channel,
            member_id: None,
        };
        let whole = ctx.may(MEMBER_READ_PII, &Resource::Somewhere);
        let page = self.list(wanted, page).await?;
        Ok(page.map(|message| if whole { message } else { masked(message) }))
    }

    /// The signed-in member's messages, newest first.
    ///
    /// # Errors
    /// `access.unauthenticated`, `input.invalid_cursor`.
    pub async fn my_messages(&self, ctx: &Ctx, page: &PageQuery) -> Result<Page<Message>> {
        let member_id = Some(ctx.require_member()?);
        self.list(
            Wanted {
                member_id,
                ..Wanted::default()
            },
            page,
        )
        .await
    }

    async fn list(&self, wanted: Wanted, page: &PageQuery) -> Result<Page<Message>> {
        let (size, after) = (page.size()?, page.after::<(Time, MessageId)>()?);
        let rows = self
            .db
            .read(async move |reader: &Reader| store::message_list(reader, &wanted, after, size).await)
            .await?;
        Page::from_surplus(rows, size, |m| (m.created_at, m.id))
    }
}

/// How a waiting message ends.
enum Outcome {
    Sent,
    Suppressed(Suppression),
    Failed(String),
}

impl Outcome {
    const fn state(&self) -> State {
        match self {
            Self::Sent => State::Sent,
            Self::Suppressed(_) => State::Suppressed,
            Self::Failed(_) => State::Failed,
        }
    }
}

async fn announce(tx: &Tx, ctx: &Ctx, message: &Message, outcome: &Outcome) -> Result<()> {
    let (message_id, member_id, channel, at) = (message.id, message.member_id, message.channel, tx.now());
    let template = message.template.clone();
    match outcome {
        Outcome::Sent => {
            bus::emit(
                tx,
                ctx,
                &MessageSent {
                    message_id,
                    member_id,
                    template,
                    channel,
                    at,
                },
            )
            .await?
        }
        Outcome::Suppressed(reason) => {
            let reason = reason.as_str().to_owned();
            bus::emit(
                tx,
                ctx,
                &MessageSuppressed {
                    message_id,
                    member_id,
                    template,
                    channel,
                    reason,
                    at,
                },
            )
            .await?
        }
        Outcome::Failed(reason) => {
            let reason = reason.clone();
            bus::emit(
                tx,
                ctx,
                &MessageFailed {
                    message_id,
                    member_id,
                    template,
                    channel,
                    reason,
                    at,
                },
            )
            .await?
        }
    };
    Ok(())
}

/// Without the right to personal data neither the phone is shown nor the code that would open its account.
fn masked(mut message: Message) -> Message {
    if message.template == OTP_TEMPLATE {
        message.body = store::WIPED.to_owned();
    }
    if let Ok(phone) = message.recipient.parse::<Phone>() {
        message.recipient = phone.masked();
    }
    message
}

async fn not_allowed(reader: &Reader, message: &Message) -> Result<Option<Suppression>> {
    let contact = match message.member_id {
        Some(id) => members::contact_in(reader, id).await?,
        None => None,
    };
    Ok(suppression(message.purpose, message.channel, contact.as_ref()))
}

/// Asks for a message, in the transaction that makes it necessary. Writes it in the person's language, holds
/// it back if it is not allowed, else queues it. One occasion has one message: asking again tells how the
/// first one stands.
///
/// # Errors
/// `outreach.no_recipient`.
pub async fn message_send_in(tx: &Tx, ctx: &Ctx, new: &NewMessage) -> Result<Accepted> {
    if let Some(occasion) = &new.dedupe
        && let Some(earlier) = store::message_by_occasion(tx, occasion).await?
    {
        return Ok(earlier);
    }
    let contact = match new.to.member_id {
        Some(id) => members::contact_in(tx, id).await?,
        None => None,
    };
    let phone = new
        .to
        .phone
        .clone()
        .or_else(|| contact.as_ref().and_then(|c| c.phone.clone()));
    let channel = match (&phone, &contact) {
        (Some(_), _) => Channel::Sms,
        (None, Some(_)) => Channel::Inbox,
        (None, None) => return Err(Error::new(&NO_RECIPIENT)),
    };
    let locale = contact.as_ref().map_or(new.to.locale, |c| c.locale);
    let held = suppression(new.template.purpose(), channel, contact.as_ref());
    let mut message = written(MessageId::new(), new, channel, locale, tx.now());
    message.recipient = phone.map(String::from).unwrap_or_default();
    if let Some(reason) = held {
        message.state = State::Suppressed;
        message.suppressed_reason = Some(reason.as_str().to_owned());
    }
    let accepted = Accepted {
        id: message.id,
        state: message.state,
    };
    if store::message_add(tx, &[(message.clone(), new.dedupe.as_deref())]).await? == 0 {
        let earlier = store::message_by_occasion(tx, new.dedupe.as_deref().unwrap_or_default()).await?;
        return earlier.ok_or_else(|| Error::internal("a message was neither kept nor there"));
    }
    match held {
        Some(reason) => announce(tx, ctx, &message, &Outcome::Suppressed(reason)).await?,
        None => {
            jobs::enqueue(
                tx,
                &Deliver {
                    message_id: message.id,
                },
                tx.now(),
            )
            .await?
        }
    }
    Ok(accepted)
}

fn written(id: MessageId, new: &NewMessage, channel: Channel, locale: base::Locale, at: Time) -> Message {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let words = new.template.write(locale, &zone);
    Message {
        id,
        channel,
        recipient: String::new(),
        member_id: new.to.member_id,
        template: new.template.name().to_owned(),
        purpose: new.template.purpose(),
        locale,
        subject: Some(words.subject).filter(|s| !s.is_empty()),
        body: words.body,
        state: State::Queued,
        suppressed_reason: None,
        created_at: at,
        sent_at: None,
    }
}

/// Brings messages of the past over. Safe to repeat; nothing is sent and nothing announced.
///
/// # Errors
/// Those of the store.
pub async fn import_messages_in(tx: &Tx, imports: &[MessageImport]) -> Result<u64> {
    let rows: Vec<(Message, Option<&str>)> = imports
        .iter()
        .map(|import| {
            let to = &import.message.to;
            let channel = if to.phone.is_some() {
                Channel::Sms
            } else {
                Channel::Inbox
            };
            let mut message = written(import.id, &import.message, channel, to.locale, import.at);
            message.recipient = to.phone.clone().map(String::from).unwrap_or_default();
            message.state = State::Sent;
            message.sent_at = Some(import.at);
            (message, import.message.dedupe.as_deref())
        })
        .collect();
    store::message_add(tx, &rows).await
}

/// Where a message stands, for whoever asked for it.
///
/// # Errors
/// Those of the store.
pub async fn message_state_in(reader: &Reader, id: MessageId) -> Result<Option<State>> {
    Ok(store::message_find(reader, id).await?.map(|m| m.state))
}

/// A member's messages before an instant and id, newest first, for their timeline.
///
/// # Errors
/// Those of the store.
pub async fn member_messages_in(
    reader: &Reader,
    member: MemberId,
    before: Option<(Time, MessageId)>,
    size: base::PageSize,
) -> Result<Vec<Message>> {
    let wanted = Wanted {
        member_id: Some(member),
        ..Wanted::default()
    };
    store::message_list(reader, &wanted, before, size).await
}
