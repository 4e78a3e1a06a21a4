//! What this crate announces.

use base::{MemberId, MessageId, Time};
use bus::Event;
use serde::{Deserialize, Serialize};

use crate::model::Channel;

macro_rules! message_event {
    ($(#[$doc:meta])* $name:ident, $kind:literal $(, $(#[$field_doc:meta])* $field:ident: $type:ty)?) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
        pub struct $name {
            /// Which message.
            pub message_id: MessageId,
            /// To which member, if one.
            pub member_id: Option<MemberId>,
            /// Its template's name.
            pub template: String,
            /// The way it went or would have gone.
            pub channel: Channel,
            $($(#[$field_doc])* pub $field: $type,)?
            /// When.
            pub at: Time,
        }

        impl Event for $name {
            const KIND: &'static str = $kind;
            fn aggregate(&self) -> String {
                self.message_id.to_string()
            }
        }
    };
}

message_event! {
    /// A message was handed over to its channel.
    MessageSent, "outreach.message_sent.v1"
}
message_event! {
    /// A message was held back.
    MessageSuppressed, "outreach.message_suppressed.v1",
    /// `consent` or `no_address`.
    reason: String
}
message_event! {
    /// A message was refused by its channel for good.
    MessageFailed, "outreach.message_failed.v1",
    /// In the channel's words.
    reason: String
}
