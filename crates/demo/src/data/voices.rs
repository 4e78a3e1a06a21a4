//! What customers say. A voice is an opening, the matter itself and a wish or a close;
//! the pieces combine, so that a thousand voices are not a hundred repeated ten times.
//!
//! `{p}` stands for the product, `{s}` for the store, `{c}` for the city.

use super::Both;

/// What a voice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The pump leaks or sticks.
    PumpLeak,
    /// The parcel arrived crushed.
    Packaging,
    /// The parcel came late.
    Delivery,
    /// The advice and manner in the store.
    Service,
    /// The shade was not the one expected.
    Shade,
    /// Waiting at the till or for collection.
    Waiting,
    /// What it costs.
    Price,
    /// Skin reacts.
    Irritation,
    /// What the product does for the skin.
    Effect,
    /// How long make-up wears.
    Wear,
    /// How it feels and smells.
    Texture,
    /// Reserve and collect.
    Collect,
}

impl Aspect {
    /// Sentences of displeasure.
    #[must_use]
    pub(crate) const fn complaints(self) -> &'static [Both] {
        match self {
            Self::PumpLeak => LEAKS,
            Self::Packaging => CRUSHED,
            Self::Delivery => LATE,
            Self::Service => COLD,
            Self::Shade => MISMATCH,
            Self::Waiting => QUEUES,
            Self::Price => DEAR,
            Self::Irritation => STINGS,
            Self::Effect => NO_EFFECT,
            Self::Wear => WEARS_OFF,
            Self::Texture => STICKY,
            Self::Collect => NOT_READY,
        }
    }

    /// Sentences of praise; empty where nobody praises the absence of a fault.
    #[must_use]
    pub(crate) const fn praises(self) -> &'static [Both] {
        match self {
            Self::Packaging => WELL_PACKED,
            Self::Delivery => FAST,
            Self::Service => KIND,
            Self::Shade => RIGHT_SHADE,
            Self::Price => WORTH,
            Self::Effect => WORKS,
            Self::Wear => LASTS,
            Self::Texture => PLEASANT,
            Self::Collect => READY,
            Self::Waiting => QUICK,
            Self::PumpLeak | Self::Irritation => &[],
        }
    }
}

/// How an unhappy voice begins.
#[rustfmt::skip]
pub(crate) const SIGHS: &[Both] = &[
    ("有点失望。", "A little disappointed. "), ("第二次买了，", "Second time I buy here. "),
    ("说实话，", "To be honest, "), ("本来很期待，", "I had looked forward to it. "), ("", ""), ("", ""),
    ("老顾客了，", "I am a regular. "), ("刚收到两天，", "I have had it for two days. "),
    ("希望改进：", "Please improve this: "), ("以前都很好，", "It used to be better. "),
];

/// How an unhappy voice ends.
#[rustfmt::skip]
pub(crate) const WISHES: &[Both] = &[
    ("希望能换一个。", " I would like a replacement."), ("请尽快处理。", " Please look into it soon."),
    ("不想再退来退去。", " I do not want to send it back and forth."), ("", ""), ("", ""),
    ("希望品牌重视。", " I hope the brand takes this seriously."), ("等你们的答复。", " I am waiting for your answer."),
    ("其他都还可以。", " The rest was fine."), ("下次会再考虑。", " I will think twice next time."),
];

/// How a happy voice begins.
#[rustfmt::skip]
pub(crate) const SMILES: &[Both] = &[
    ("很满意！", "Very happy! "), ("", ""), ("", ""), ("第三次来买了，", "My third order. "),
    ("朋友推荐来的，", "A friend sent me. "), ("惊喜，", "A nice surprise. "), ("一如既往，", "As always: "),
];

/// How a happy voice ends.
#[rustfmt::skip]
pub(crate) const THANKS: &[Both] = &[
    ("会继续回购。", " I will buy here again."), ("推荐给大家。", " Recommended."), ("", ""), ("", ""),
    ("谢谢！", " Thank you!"), ("期待新品。", " Looking forward to what comes next."),
];

/// Voices in the middle.
#[rustfmt::skip]
pub(crate) const SHRUGS: &[Both] = &[
    ("{p}还行，没有特别的感觉。", "{p} is all right, nothing special."),
    ("中规中矩，再用用看。", "Average so far; I will keep using it."),
    ("东西可以，流程有点慢。", "Good product, the process was a bit slow."),
    ("{s}环境不错，可选的少了点。", "{s} is a nice place, the choice was small."),
    ("和想象中差不多。", "About what I expected."),
];

#[rustfmt::skip]
const LEAKS: &[Both] = &[
    ("泵头漏液。", "The pump leaks."),
    ("{p}泵头漏液，瓶身都是湿的。", "The pump of {p} leaks all over the bottle."),
    ("泵头按不出来，旁边漏液。", "The pump sticks and leaks at the side."),
    ("打开就发现泵头漏液，少了快三分之一。", "The pump leaks, a third was gone on opening."),
    ("泵头漏液，包里湿了一片。", "The pump leaks in my bag."),
    ("泵头漏液太浪费了，这么贵的精华。", "The pump leaks, such a waste of a good serum."),
    ("用到第三天泵头漏液。", "The pump leaks since the third day."),
    ("平放一晚泵头漏液，梳妆台都是。", "The pump leaks overnight when it lies flat."),
];
#[rustfmt::skip]
const CRUSHED: &[Both] = &[
    ("快递盒压扁了，{p}外包装破损。", "The parcel was crushed and the box of {p} torn."),
    ("包装只有一层纸，收到时盒角都瘪了。", "Only one layer of paper, the corners arrived dented."),
    ("外盒破了，送人拿不出手。", "The outer box was broken, I cannot give it as a present."),
    ("封签是开的，看着像拆过。", "The seal was open, it looks as if it had been used."),
    ("粉饼到手就碎了。", "The powder arrived broken."),
];
#[rustfmt::skip]
const LATE: &[Both] = &[
    ("说好次日达，等了四天。", "Next day was promised; it took four days."),
    ("物流两天没有更新，客服也查不到。", "Tracking stood still for two days and nobody could tell why."),
    ("快递放在驿站也不通知。", "The courier left it at the depot without a word."),
    ("发货太慢，生日都过了才到。", "Shipped so late that the birthday was over."),
    ("配送晚了，旅行没赶上带。", "It came late and missed my trip."),
];
#[rustfmt::skip]
const COLD: &[Both] = &[
    ("{s}的导购一直推销贵的，没问我肤质。", "The associate at {s} kept pushing expensive things without asking about my skin."),
    ("进店五分钟没人招呼。", "Five minutes in the store and nobody said hello."),
    ("问会员权益，店员也说不清。", "I asked about member benefits and staff could not explain."),
    ("退货时态度不太好。", "The tone was not kind when I returned something."),
    ("试色区工具不干净。", "The testers were not clean."),
];
#[rustfmt::skip]
const MISMATCH: &[Both] = &[
    ("{p}色号和网上图片差太多，偏黄。", "The shade of {p} is far from the picture online, too yellow."),
    ("按推荐选的色号，上脸黑了一度。", "I took the recommended shade and it is a tone too dark."),
    ("色号偏白，脖子和脸两个颜色。", "The shade is too light, face and neck differ."),
    ("网页上看不出冷暖调，买错色号。", "The page does not show warm or cool, so I bought the wrong shade."),
    ("两次买同一色号，颜色却不一样。", "Same shade bought twice, two different colours."),
];
#[rustfmt::skip]
const QUEUES: &[Both] = &[
    ("{s}周末收银排队二十多分钟。", "More than twenty minutes in the queue at {s} on a weekend."),
    ("只开一个收银台，等太久了。", "Only one till open, the wait was far too long."),
    ("取货也要和结账一起排队，等了一刻钟。", "Collection shares the queue with the tills; I waited a quarter of an hour."),
    ("排队久，店员也没有引导。", "A long wait and no one to guide the line."),
];
#[rustfmt::skip]
const DEAR: &[Both] = &[
    ("刚买完第二天就降价。", "The price dropped the day after I bought it."),
    ("{p}涨价了，容量没变。", "{p} costs more for the same size."),
    ("会员价和小程序价格不一样。", "The member price differs from the one in the mini-program."),
    ("价格偏高，活动规则太复杂。", "Expensive, and the promotion rules are too complicated."),
];
#[rustfmt::skip]
const STINGS: &[Both] = &[
    ("用了{p}脸颊泛红刺痛。", "{p} made my cheeks red and they sting."),
    ("敏感肌用后起小疹子。", "My sensitive skin came out in small bumps."),
    ("香味太重，用完有点过敏。", "Too much fragrance, I reacted to it."),
];
#[rustfmt::skip]
const NO_EFFECT: &[Both] = &[
    ("{p}用了一个月没看到变化。", "A month of {p} and no change."),
    ("宣传的效果没有感觉到。", "I do not feel what was promised."),
    ("用完一整瓶{p}还是老样子。", "A whole bottle of {p} and nothing is different."),
    ("保湿撑不过半天。", "The moisture does not last half a day."),
];
#[rustfmt::skip]
const WEARS_OFF: &[Both] = &[
    ("{p}不到四小时就斑驳。", "{p} wears off in patches after four hours."),
    ("{p}戴口罩全沾上了。", "{p} ends up on my mask."),
    ("中午就要补妆，说好的持妆呢。", "It needs a touch-up by noon, so much for long wear."),
    ("显色度比试色时差很多。", "Far less colour than on the tester."),
];
#[rustfmt::skip]
const STICKY: &[Both] = &[
    ("质地偏黏，夏天用不了。", "Too sticky for summer."), ("{p}搓泥，后续上妆困难。", "{p} pills under make-up."),
    ("味道不喜欢，很久散不掉。", "I do not like the scent and it stays for long."),
];
#[rustfmt::skip]
const NOT_READY: &[Both] = &[
    ("通知可以取了，到店却找不到货。", "The message said ready, but the store could not find it."),
    ("预约自提，到店说没货了。", "I reserved for collection and was told it is sold out."),
    ("{s}自提要找半天，没有取货区。", "It takes ages to find pickups at {s}; there is no collection corner."),
];
#[rustfmt::skip]
const WELL_PACKED: &[Both] = &[
    ("包装很用心，还有手写卡片。", "Packed with care, even a handwritten card."),
    ("礼盒质感好，送人有面子。", "The gift box looks fine, proud to give it."),
];
#[rustfmt::skip]
const FAST: &[Both] = &[
    ("早上下单下午就到了。", "Ordered in the morning, here in the afternoon."), ("物流很快，包裹完好。", "Fast delivery and everything intact."),
    ("比预计早一天送到。", "A day earlier than promised."),
];
#[rustfmt::skip]
const KIND: &[Both] = &[
    ("{s}的店员很耐心，按肤质推荐还送了小样。", "Staff at {s} were patient, advised for my skin and gave samples."),
    ("导购帮我试了五个色号，一点不催。", "The associate tried five shades with me without hurry."),
    ("{s}服务好，记得我上次买的是什么。", "Great service at {s}; they remembered what I bought last time."),
    ("退换很爽快，没有为难。", "The return was easy, no fuss."),
];
#[rustfmt::skip]
const RIGHT_SHADE: &[Both] = &[
    ("色号选得准，上脸很自然。", "The shade is spot on and looks natural."), ("显白不挑皮，{p}太美了。", "{p} flatters every skin, beautiful."),
];
#[rustfmt::skip]
const WORTH: &[Both] = &[
    ("活动价很划算。", "Good value with the offer."), ("这个价位的品质很难得。", "Rare quality at this price."),
];
#[rustfmt::skip]
const WORKS: &[Both] = &[
    ("{p}用了两周，皮肤稳定多了。", "Two weeks of {p} and my skin is much calmer."),
    ("第二天起来脸是亮的。", "I woke up with a brighter face."), ("{p}终于让我不卡粉了。", "With {p} my make-up sits smoothly at last."),
    ("泛红明显退了。", "The redness is clearly less."), ("保湿力很好，北方冬天也够用。", "Moisture enough even for a northern winter."),
];
#[rustfmt::skip]
const LASTS: &[Both] = &[
    ("{p}持妆一整天，不脱妆。", "{p} lasts the whole day."), ("{p}显色又顺滑。", "{p} is rich in colour and glides on."),
    ("上脸轻薄，拍照好看。", "Thin on the face and lovely in photos."), ("下班聚会都不用补。", "No touch-up needed even for dinner after work."),
];
#[rustfmt::skip]
const PLEASANT: &[Both] = &[
    ("质地轻薄，吸收快。", "Light and quickly absorbed."), ("{p}味道很高级。", "{p} smells refined."),
    ("不黏不油，很舒服。", "Neither sticky nor oily, a pleasure."),
];
#[rustfmt::skip]
const READY: &[Both] = &[
    ("小程序下单，四十分钟到{s}取，方便。", "Ordered in the mini-program, collected at {s} forty minutes later. Handy."),
    ("自提码一扫就拿走，不用排队。", "One scan of the pickup code and I was out, no queue."),
];
#[rustfmt::skip]
const QUICK: &[Both] = &[
    ("结账很快，店员还主动开了第二个台。", "Quick checkout, they even opened a second till."), ("午休时间去也不用等。", "No wait even at lunch time."),
];
