//! Common Chinese names with their pinyin. Persons are made by combining them; any
//! likeness to somebody is chance.

/// Surname, pinyin, bearers per thousand of the table.
#[rustfmt::skip]
pub(crate) const SURNAMES: &[(&str, &str, u32)] = &[
    ("王", "Wang", 72), ("李", "Li", 71), ("张", "Zhang", 67), ("刘", "Liu", 53), ("陈", "Chen", 48),
    ("杨", "Yang", 31), ("黄", "Huang", 26), ("赵", "Zhao", 23), ("吴", "Wu", 22), ("周", "Zhou", 21),
    ("徐", "Xu", 16), ("孙", "Sun", 15), ("马", "Ma", 14), ("朱", "Zhu", 14), ("胡", "Hu", 13),
    ("郭", "Guo", 13), ("何", "He", 13), ("林", "Lin", 12), ("高", "Gao", 11), ("罗", "Luo", 11),
    ("郑", "Zheng", 10), ("梁", "Liang", 9), ("谢", "Xie", 8), ("宋", "Song", 8), ("唐", "Tang", 7),
    ("许", "Xu", 7), ("韩", "Han", 7), ("邓", "Deng", 7), ("冯", "Feng", 7), ("曹", "Cao", 6),
    ("彭", "Peng", 6), ("曾", "Zeng", 6), ("肖", "Xiao", 6), ("田", "Tian", 6), ("董", "Dong", 6),
    ("潘", "Pan", 5), ("袁", "Yuan", 5), ("蔡", "Cai", 5), ("蒋", "Jiang", 5), ("余", "Yu", 5),
    ("于", "Yu", 5), ("杜", "Du", 5), ("叶", "Ye", 5), ("程", "Cheng", 5), ("魏", "Wei", 5),
    ("苏", "Su", 5), ("吕", "Lü", 5), ("丁", "Ding", 4), ("任", "Ren", 4), ("卢", "Lu", 4),
    ("姚", "Yao", 4), ("沈", "Shen", 4), ("钟", "Zhong", 4), ("姜", "Jiang", 4), ("崔", "Cui", 4),
    ("谭", "Tan", 4), ("陆", "Lu", 4), ("范", "Fan", 4), ("汪", "Wang", 4), ("廖", "Liao", 4),
    ("石", "Shi", 4), ("金", "Jin", 4), ("韦", "Wei", 3), ("贾", "Jia", 3), ("夏", "Xia", 3),
    ("付", "Fu", 3), ("方", "Fang", 3), ("邹", "Zou", 3), ("熊", "Xiong", 3), ("白", "Bai", 3),
    ("孟", "Meng", 3), ("秦", "Qin", 3), ("邱", "Qiu", 3), ("侯", "Hou", 3), ("江", "Jiang", 3),
    ("尹", "Yin", 3), ("薛", "Xue", 3), ("闫", "Yan", 3), ("段", "Duan", 2), ("雷", "Lei", 2),
    ("龙", "Long", 2), ("黎", "Li", 2), ("史", "Shi", 2), ("陶", "Tao", 2), ("贺", "He", 2),
    ("毛", "Mao", 2), ("郝", "Hao", 2), ("顾", "Gu", 2), ("龚", "Gong", 2), ("邵", "Shao", 2),
    ("欧阳", "Ouyang", 1), ("司徒", "Situ", 1), ("诸葛", "Zhuge", 1), ("上官", "Shangguan", 1),
];

/// Characters of women's given names, with pinyin.
#[rustfmt::skip]
pub(crate) const WOMEN: &[(&str, &str)] = &[
    ("晓", "xiao"), ("雨", "yu"), ("欣", "xin"), ("怡", "yi"), ("佳", "jia"), ("婷", "ting"), ("雪", "xue"),
    ("琳", "lin"), ("静", "jing"), ("敏", "min"), ("丽", "li"), ("倩", "qian"), ("颖", "ying"), ("洁", "jie"),
    ("梦", "meng"), ("瑶", "yao"), ("思", "si"), ("涵", "han"), ("诗", "shi"), ("语", "yu"), ("嫣", "yan"),
    ("若", "ruo"), ("楠", "nan"), ("子", "zi"), ("萱", "xuan"), ("悦", "yue"), ("雅", "ya"), ("馨", "xin"),
    ("妍", "yan"), ("璐", "lu"), ("曼", "man"), ("芸", "yun"), ("芳", "fang"), ("燕", "yan"), ("娜", "na"),
    ("丹", "dan"), ("莉", "li"), ("玲", "ling"), ("霞", "xia"), ("秀", "xiu"), ("英", "ying"), ("兰", "lan"),
    ("宁", "ning"), ("宜", "yi"), ("可", "ke"), ("心", "xin"), ("一", "yi"), ("诺", "nuo"), ("依", "yi"),
    ("然", "ran"), ("清", "qing"), ("卉", "hui"), ("蕊", "rui"), ("薇", "wei"), ("媛", "yuan"), ("晴", "qing"),
    ("岚", "lan"), ("舒", "shu"), ("珊", "shan"), ("莹", "ying"), ("桐", "tong"), ("采", "cai"), ("筱", "xiao"),
    ("嘉", "jia"), ("蕾", "lei"), ("妮", "ni"), ("彤", "tong"), ("安", "an"), ("南", "nan"), ("琪", "qi"),
];

/// Characters of men's given names, with pinyin.
#[rustfmt::skip]
pub(crate) const MEN: &[(&str, &str)] = &[
    ("伟", "wei"), ("强", "qiang"), ("磊", "lei"), ("洋", "yang"), ("勇", "yong"), ("杰", "jie"), ("涛", "tao"),
    ("明", "ming"), ("超", "chao"), ("浩", "hao"), ("宇", "yu"), ("轩", "xuan"), ("然", "ran"), ("泽", "ze"),
    ("晨", "chen"), ("俊", "jun"), ("凯", "kai"), ("鹏", "peng"), ("飞", "fei"), ("博", "bo"), ("文", "wen"),
    ("子", "zi"), ("墨", "mo"), ("嘉", "jia"), ("亦", "yi"), ("辰", "chen"), ("航", "hang"), ("睿", "rui"),
    ("志", "zhi"), ("远", "yuan"), ("建", "jian"), ("国", "guo"), ("海", "hai"), ("林", "lin"), ("峰", "feng"),
    ("承", "cheng"), ("逸", "yi"), ("景", "jing"), ("川", "chuan"), ("一", "yi"), ("鸣", "ming"), ("彦", "yan"),
];
