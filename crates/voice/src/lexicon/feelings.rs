//! How people feel, and how they say no.

/// Words of displeasure.
#[rustfmt::skip]
pub(crate) const BAD_ZH: &[&str] = &[
    "差", "烂", "垃圾", "失望", "难用", "难闻", "糟糕", "恶心", "退货", "退款", "投诉", "后悔", "骗",
    "坑", "生气", "气死", "无语", "不满", "差评", "漏", "碎", "坏", "过敏", "刺痛", "红肿", "太贵",
    "太慢", "等了", "没人理", "不耐烦", "发错", "假货", "过期", "不值", "浪费", "敷衍", "推诿",
    "再也不", "麻烦", "不舒服", "爆痘", "卡粉", "闷痘", "不推荐", "慢",
];
/// Words that hold one of displeasure and mean none.
#[rustfmt::skip]
pub(crate) const PLAIN_ZH: &[&str] = &[
    "差不多", "出差", "时差", "慢慢", "好坏", "坏处", "退货方便", "退款很快",
];
/// Words of pleasure.
#[rustfmt::skip]
pub(crate) const GOOD_ZH: &[&str] = &[
    "好用", "喜欢", "满意", "不错", "棒", "赞", "推荐", "回购", "惊喜", "舒服", "贴心", "耐心",
    "热情", "专业", "好看", "完美", "超值", "划算", "很快", "开心", "周到", "细心", "服帖", "好评",
    "好得很", "很好", "真好", "太好", "挺好",
];
/// Words of displeasure.
#[rustfmt::skip]
pub(crate) const BAD_EN: &[&str] = &[
    "bad ", "badly", "terrible", "awful", "horrible", "disappoint", "broke", "leak", "rude", "worst",
    "poor", "refund", "waste", "useless", "hate", "angry", "annoy", "late ", "damaged", "crack",
    "rash", "itch", "sting", "overpriced", "slow", "wrong", "complain", "regret", "dirty", "expired",
    "fake", "ignored", "unacceptable", "crush", "spill", "mess ",
];
/// Words of pleasure.
#[rustfmt::skip]
pub(crate) const GOOD_EN: &[&str] = &[
    "good ", "great", "love ", "loved", "loving", "excellent", "perfect", "amazing", "happy",
    "recommend", "nice", "helpful", "friendly", "beautiful", "wonderful", "best ", "pleased",
    "satisf", "smooth", "lovely", "patient", "fantastic", "easy",
];
/// Directly before a word, these turn it round.
#[rustfmt::skip]
pub(crate) const NOT_ZH: &[&str] = &[
    "不", "没", "没有", "不太", "不是", "不怎么", "不够", "并不", "无", "从不", "毫不",
];
/// Within the three words before, these turn a word round.
#[rustfmt::skip]
pub(crate) const NOT_EN: &[&str] = &[
    "not", "no", "never", "hardly", "isn't", "wasn't", "don't", "didn't", "doesn't", "without",
    "cannot", "can't", "nothing",
];

/// Words whose presence tells that Latin letters are English.
#[rustfmt::skip]
pub(crate) const ENGLISH: &[&str] = &[
    "the", "a", "an", "is", "was", "it", "i", "my", "and", "to", "of", "in", "for", "not", "very",
    "this", "that", "with", "on", "you", "are", "but", "have", "had", "so", "at", "they", "we", "me",
    "no", "all", "too", "good", "bad", "great", "love",
];
