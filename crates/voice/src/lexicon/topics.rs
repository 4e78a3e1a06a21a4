//! What people talk about.

use super::{Concept, Topic};

const fn concept(
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    zh_terms: &'static [&'static str],
    en_terms: &'static [&'static str],
) -> Concept {
    Concept {
        code,
        zh,
        en,
        zh_terms,
        en_terms,
    }
}

/// Every topic.
#[rustfmt::skip]
pub(crate) const TOPICS: &[Topic] = &[
    Topic {
        code: "packaging",
        zh: "包装",
        en: "Packaging",
        concepts: &[
            concept(
                "leak",
                "漏液",
                "Leaking",
                &[
                    "漏", "渗出", "渗液", "流出来", "洒了", "洒出", "泵头", "按不出", "压不出",
                    "挤不出",
                ],
                &["leak", "spill", "oozing", "oozed", "drip", "pump"],
            ),
            concept(
                "broken",
                "破损",
                "Broken",
                &["碎", "破损", "压坏", "压扁", "裂", "摔坏", "坏了", "断了"],
                &["broke", "crack", "crush", "shatter", "dent", "smash"],
            ),
            concept(
                "box",
                "外包装",
                "Box",
                &["包装", "盒子", "瓶盖", "盖子", "封口", "纸箱", "塑封", "开封"],
                &["packag", "box ", "lid ", "cap ", "seal", "wrapp"],
            ),
        ],
    },
    Topic {
        code: "delivery",
        zh: "配送",
        en: "Delivery",
        concepts: &[
            concept(
                "late",
                "送得慢",
                "Late",
                &[
                    "物流慢", "发货慢", "迟到", "还没到", "没收到", "没送到", "催了", "晚到", "延误",
                    "送晚", "到得晚",
                ],
                &["late ", "delay", "arriv", "overdue"],
            ),
            concept(
                "courier",
                "快递",
                "Courier",
                &["快递", "物流", "配送", "骑手", "送货", "发货", "派送", "运单"],
                &["deliver", "shipp", "courier", "parcel", "driver"],
            ),
            concept(
                "wrong_item",
                "发错货",
                "Wrong item",
                &["发错", "少发", "漏发", "送错", "不是我买的"],
                &["wrong item", "missing item"],
            ),
        ],
    },
    Topic {
        code: "staff",
        zh: "服务人员",
        en: "Staff",
        concepts: &[
            concept(
                "staff",
                "店员",
                "Staff",
                &[
                    "店员", "导购", "柜姐", "服务员", "工作人员", "客服", "小姐姐", "小姑娘", "ba ",
                    "美容顾问", "服务态度", "态度",
                ],
                &[
                    "staff", "assistant", "associate", "salesperson", "employee", "clerk",
                    "attitude", "advisor", "consultant",
                ],
            ),
            concept(
                "rude",
                "态度差",
                "Rude",
                &["爱理不理", "不耐烦", "态度差", "态度不好", "没人理", "翻白眼"],
                &["rude", "ignor", "impolite", "unfriendly"],
            ),
            concept(
                "pushy",
                "强推",
                "Pushy",
                &["推销", "强推", "一直跟着", "硬推"],
                &["pushy", "upsell", "hard sell"],
            ),
        ],
    },
    Topic {
        code: "shade",
        zh: "色号",
        en: "Shade",
        concepts: &[concept(
            "shade",
            "颜色不符",
            "Shade",
            &[
                "色号", "颜色", "色差", "偏黄", "偏白", "偏暗", "偏深", "偏浅", "偏粉", "假白",
                "暗沉", "色不对", "显黑", "冷暖",
            ],
            &[
                "shade", "colour", "color", "tone", "undertone", "too dark", "too light",
                "too orange", "too pink",
            ],
        )],
    },
    Topic {
        code: "price",
        zh: "价格",
        en: "Price",
        concepts: &[concept(
            "price",
            "价格",
            "Price",
            &[
                "价格", "太贵", "贵了", "降价", "涨价", "优惠", "划算", "性价比", "折扣", "差价",
                "便宜", "券", "保价",
            ],
            &["price", "expensive", "cheap", "discount", "coupon", "overpriced", "value for money"],
        )],
    },
    Topic {
        code: "wait",
        zh: "等候",
        en: "Waiting",
        concepts: &[concept(
            "queue",
            "排队",
            "Queue",
            &[
                "排队", "等了", "等太久", "等很久", "久等", "收银", "结账", "排了", "人太多",
                "半小时", "一个小时", "队伍",
            ],
            &["queue", "wait", "line was", "long line", "minutes", "only one till"],
        )],
    },
    Topic {
        code: "quality",
        zh: "质量",
        en: "Quality",
        concepts: &[
            concept(
                "quality",
                "质量",
                "Quality",
                &[
                    "质量", "质地", "做工", "没效果", "没用", "不好用", "难用", "卡粉", "浮粉",
                    "脱妆", "搓泥", "油腻", "黏", "结块", "飞粉", "掉色",
                ],
                &[
                    "quality", "texture", "cakey", "greasy", "sticky", "useless", "does nothing",
                    "no effect", "pilling", "flak", "patchy",
                ],
            ),
            concept(
                "fake",
                "真伪",
                "Authenticity",
                &["假货", "正品", "仿冒", "真假"],
                &["fake", "counterfeit", "authentic", "genuine"],
            ),
            concept(
                "expired",
                "过期",
                "Expired",
                &["过期", "临期", "变质", "保质期", "有异味", "发霉"],
                &["expire", "rancid", "mould", "mold", "smells off"],
            ),
        ],
    },
    Topic {
        code: "irritation",
        zh: "皮肤不适",
        en: "Irritation",
        concepts: &[concept(
            "irritation",
            "过敏",
            "Irritation",
            &[
                "过敏", "红肿", "发红", "刺痛", "刺激", "痒", "起疹", "起痘", "爆痘", "长痘", "闷痘",
                "烂脸", "灼", "脱皮", "红疹",
            ],
            &[
                "allerg", "rash", "itch", "irritat", "redness", "sting", "burn", "breakout",
                "broke out", "pimple", "acne", "swell", "swollen",
            ],
        )],
    },
    Topic {
        code: "stock",
        zh: "有货",
        en: "Availability",
        concepts: &[concept(
            "out_of_stock",
            "缺货",
            "Out of stock",
            &["缺货", "没货", "断货", "无货", "有货", "备货", "补货", "调货"],
            &["out of stock", "sold out", "in stock", "not available", "unavailable", "restock"],
        )],
    },
    Topic {
        code: "website",
        zh: "网上商城",
        en: "Website and app",
        concepts: &[concept(
            "website",
            "网站与小程序",
            "Website",
            &[
                "小程序", "网站", "app ", "页面", "闪退", "下单", "付款失败", "支付失败", "打不开",
                "登录", "验证码",
            ],
            &[
                "website", "app ", "page ", "crash", "log in", "login", "payment failed",
                "checkout page",
            ],
        )],
    },
];
