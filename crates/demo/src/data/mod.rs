//! Tables written for this crate: facts about Chinese cities, an invented brand's
//! goods, common names, and sentences people say about make-up.

pub(crate) mod body;
pub(crate) mod categories;
pub(crate) mod cities;
pub(crate) mod makeup;
pub(crate) mod names;
pub(crate) mod skincare;
pub(crate) mod stores;
pub(crate) mod voices;

/// One text in both languages, as a constant: (Simplified Chinese, English).
pub(crate) type Both = (&'static str, &'static str);
