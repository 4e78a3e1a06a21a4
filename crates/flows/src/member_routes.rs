//! The operations around people and their words.

use web::{Router, routes};

use crate::member_parts::People;
use crate::{conversion, home, member_sign_in, member_timeline, member_view, voice_record, voice_routes};

/// The operations around people and their words.
pub fn people_routes(people: People) -> Router {
    Router::new()
        .routes(routes!(member_sign_in::member_otp_start))
        .routes(routes!(
            member_sign_in::member_sign_in,
            member_sign_in::member_sign_out
        ))
        .routes(routes!(member_view::me_get, member_view::me_change))
        .routes(routes!(member_view::my_consent_set))
        .routes(routes!(member_timeline::my_timeline_list))
        .routes(routes!(member_view::member_list))
        .routes(routes!(member_view::member_get, member_view::member_change))
        .routes(routes!(member_timeline::member_timeline_list))
        .routes(routes!(voice_record::feedback_record))
        .routes(routes!(voice_record::my_feedback_record))
        .routes(routes!(voice_routes::issue_list, voice_routes::issue_open))
        .routes(routes!(voice_routes::issue_get, voice_routes::issue_change))
        .routes(routes!(voice_routes::issue_feedback_add))
        .routes(routes!(voice_routes::issue_action_add))
        .routes(routes!(voice_routes::issue_action_done))
        .routes(routes!(voice_routes::issue_proof_file))
        .routes(routes!(voice_routes::issue_close))
        .routes(routes!(home::home_get))
        .routes(routes!(conversion::conversion_get))
        .with_state(people)
}
