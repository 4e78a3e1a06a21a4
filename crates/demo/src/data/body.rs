//! Fragrance of the house line Wuji, body and hair care, tools and gift sets.

use super::categories::{Choice::Sizes, GoodsRow, Line, Shape, Skin};

macro_rules! goods {
    ($code:literal $cat:literal $line:ident $shape:ident $hue:literal pull $pull:literal lasts $lasts:literal
     [$zh:literal, $en:literal] [$czh:literal, $cen:literal] [$dzh:literal, $den:literal],
     $($szh:literal $sen:literal $price:literal),+) => {
        GoodsRow {
            code: $code,
            category: $cat,
            line: Line::$line,
            name: ($zh, $en),
            claim: ($czh, $cen),
            detail: ($dzh, $den),
            spf: None,
            skin: Skin::None,
            shape: Shape::$shape,
            hue: $hue,
            pull: $pull,
            lasts: $lasts,
            choice: Sizes(&[$(($szh, $sen, $price)),+]),
        }
    };
}

/// Fragrance, body, hair, tools, sets.
#[rustfmt::skip]
pub(crate) const GOODS: &[GoodsRow] = &[
    goods!("PF01" "perfume" Wuji Flacon 48 pull 55 lasts 240 ["桂雨淡香水", "Osmanthus Rain"] ["雨后满觉陇的桂花与湿石。", "Osmanthus and wet stone after rain in the hills."] ["桂花、青苔、白麝香", "Osmanthus, moss, white musk"], "10 ml" "10 ml" 168, "30 ml" "30 ml" 368, "50 ml" "50 ml" 528),
    goods!("PF02" "perfume" Wuji Flacon 130 pull 45 lasts 240 ["龙井清晨淡香水", "Longjing Dawn"] ["新茶、竹叶与晨雾。", "New tea, bamboo leaf and morning mist."] ["绿茶、竹叶、雪松", "Green tea, bamboo, cedar"], "10 ml" "10 ml" 168, "30 ml" "30 ml" 368, "50 ml" "50 ml" 528),
    goods!("PF03" "perfume" Wuji Flacon 20 pull 38 lasts 240 ["旧书店浓香水", "Old Bookshop"] ["纸页、檀木与一盏暖灯。", "Paper, sandalwood and a warm lamp."] ["檀香、香草、纸墨", "Sandalwood, vanilla, paper"], "10 ml" "10 ml" 198, "50 ml" "50 ml" 628),
    goods!("PF04" "perfume" Wuji Flacon 345 pull 42 lasts 240 ["白玉兰淡香水", "White Magnolia"] ["四月街角的玉兰，清甜不腻。", "Magnolia on an April corner, sweet but clear."] ["玉兰、梨、麝香", "Magnolia, pear, musk"], "10 ml" "10 ml" 168, "30 ml" "30 ml" 368, "50 ml" "50 ml" 528),
    goods!("PF05" "perfume" Wuji Flacon 205 pull 30 lasts 240 ["海岸线淡香水", "Shoreline"] ["海盐、葡萄柚与晒暖的木栈道。", "Sea salt, grapefruit and sun-warmed planks."] ["海盐、葡萄柚、浮木", "Sea salt, grapefruit, driftwood"], "30 ml" "30 ml" 368, "50 ml" "50 ml" 528),
    goods!("PF06" "perfume" Wuji Flacon 280 pull 26 lasts 240 ["夜航浓香水", "Night Flight"] ["皮革、鸢尾与机翼下的灯火。", "Leather, iris and lights beneath the wing."] ["皮革、鸢尾、琥珀", "Leather, iris, amber"], "30 ml" "30 ml" 428, "50 ml" "50 ml" 628),
    goods!("BM01" "perfume" Wuji Bottle 330 pull 34 lasts 60 ["蜜桃身体喷雾", "Peach Body Mist"] ["沐浴后一喷，清甜一整天。", "One spray after the shower for a sweet day."] ["白桃、牡丹", "White peach, peony"], "100 ml" "100 ml" 118, "200 ml" "200 ml" 178),
    goods!("BM02" "perfume" Wuji Bottle 90 pull 26 lasts 60 ["青柠罗勒喷雾", "Lime Basil Mist"] ["清爽草本，运动后也适合。", "Fresh and herbal, good after sport."] ["青柠、罗勒", "Lime, basil"], "100 ml" "100 ml" 118),
    goods!("HM01" "home" Wuji Candle 40 pull 28 lasts 60 ["桂雨香氛蜡烛", "Osmanthus Rain Candle"] ["大豆蜡基，燃烧约四十小时。", "Soy wax, burns about forty hours."] ["桂花、青苔", "Osmanthus, moss"], "75 g" "75 g" 128, "190 g" "190 g" 268),
    goods!("HM02" "home" Wuji Bottle 24 pull 20 lasts 75 ["旧书店藤条香薰", "Old Bookshop Diffuser"] ["玄关一隅，久久留香。", "A corner of the hall that stays fragrant."] ["檀香、纸墨", "Sandalwood, paper"], "100 ml" "100 ml" 218, "200 ml" "200 ml" 358),
    goods!("BD01" "bodycare" Tinglan Pump 32 pull 48 lasts 60 ["乳木果身体乳", "Shea Body Lotion"] ["秋冬不起皮，轻盈不黏。", "No flaking in winter, light and never sticky."] ["乳木果油", "Shea butter"], "200 ml" "200 ml" 108, "400 ml" "400 ml" 168),
    goods!("BD02" "bodycare" Tinglan Pump 340 pull 38 lasts 60 ["烟酰胺亮肤身体乳", "Niacinamide Body Lotion"] ["匀亮肤色，膝肘也柔滑。", "Evens the tone and softens knees and elbows."] ["3% 烟酰胺", "3% niacinamide"], "250 ml" "250 ml" 128),
    goods!("BD03" "bodycare" Tinglan Pump 190 pull 40 lasts 45 ["氨基酸沐浴露", "Amino Body Wash"] ["弱酸温和，全家可用。", "Mildly acidic, for the whole family."] ["氨基酸表活", "Amino surfactant"], "300 ml" "300 ml" 88, "500 ml" "500 ml" 128),
    goods!("BD04" "bodycare" Tinglan Jar 15 pull 26 lasts 60 ["海盐磨砂膏", "Sea Salt Scrub"] ["细盐去角质，洗后留润。", "Fine salt polishes and leaves skin supple."] ["死海盐", "Dead Sea salt"], "250 g" "250 g" 118),
    goods!("BD05" "bodycare" Tinglan Tube 100 pull 20 lasts 60 ["舒缓足霜", "Comfort Foot Cream"] ["改善干裂，清凉解乏。", "Softens cracks and cools tired feet."] ["10% 尿素", "10% urea"], "75 ml" "75 ml" 68),
    goods!("HD01" "hand" Tinglan Tube 48 pull 55 lasts 45 ["桂雨护手霜", "Osmanthus Hand Cream"] ["快速吸收，留一缕桂香。", "Absorbs fast and leaves a trace of osmanthus."] ["甘油", "Glycerin"], "30 ml" "30 ml" 48, "75 ml" "75 ml" 88),
    goods!("HD02" "hand" Tinglan Tube 345 pull 40 lasts 45 ["玉兰护手霜", "Magnolia Hand Cream"] ["清甜玉兰，口袋大小。", "Clear magnolia, pocket sized."] ["乳木果油", "Shea butter"], "30 ml" "30 ml" 48, "75 ml" "75 ml" 88),
    goods!("HD03" "hand" Tinglan Wand 12 pull 20 lasts 90 ["指缘修护油", "Cuticle Oil"] ["告别倒刺，美甲后必备。", "Ends hangnails, a must after manicures."] ["荷荷巴油", "Jojoba oil"], "7 ml" "7 ml" 59),
    goods!("HR01" "hair" Tinglan Pump 150 pull 42 lasts 60 ["生姜强韧洗发水", "Ginger Strength Shampoo"] ["清洁头皮，减少断发。", "Cleans the scalp and reduces breakage."] ["生姜根提取物", "Ginger root extract"], "300 ml" "300 ml" 98, "500 ml" "500 ml" 138),
    goods!("HR02" "hair" Tinglan Pump 26 pull 38 lasts 60 ["山茶修护护发素", "Camellia Conditioner"] ["烫染受损也顺滑。", "Smooths hair damaged by colour and heat."] ["山茶籽油", "Camellia seed oil"], "300 ml" "300 ml" 108, "500 ml" "500 ml" 148),
    goods!("HR03" "hair" Tinglan Dropper 40 pull 36 lasts 90 ["护发精油", "Hair Oil"] ["一泵收服毛躁，轻盈不塌。", "One pump tames frizz without weight."] ["摩洛哥坚果油", "Argan oil"], "60 ml" "60 ml" 128),
    goods!("HR04" "hair" Tinglan Jar 300 pull 24 lasts 60 ["发膜", "Repair Hair Mask"] ["五分钟深层修护。", "Deep repair in five minutes."] ["角蛋白", "Keratin"], "200 g" "200 g" 138),
    goods!("TB01" "brush" Feixu Brush 30 pull 34 lasts 0 ["粉底刷", "Foundation Brush"] ["密实平头，不吃粉。", "Dense and flat, wastes no product."] ["合成纤维", "Synthetic fibre"], "单支" "Single" 98),
    goods!("TB02" "brush" Feixu Brush 345 pull 30 lasts 0 ["腮红刷", "Blush Brush"] ["蓬松斜头，晕染自然。", "Fluffy and angled for soft blending."] ["羊毛与纤维", "Goat hair and fibre"], "单支" "Single" 88),
    goods!("TB03" "brush" Feixu Brush 270 pull 26 lasts 0 ["眼影刷三支装", "Eye Brush Trio"] ["铺色、晕染、精修各一支。", "One each to lay, blend and define."] ["合成纤维", "Synthetic fibre"], "三支" "Set of 3" 128),
    goods!("TB04" "brush" Feixu Brush 200 pull 18 lasts 0 ["全套化妆刷", "Complete Brush Set"] ["十支收纳卷包。", "Ten brushes in a roll."] ["混合毛材", "Mixed hair"], "十支" "Set of 10" 398),
    goods!("TS01" "sponge" Feixu Sponge 345 pull 60 lasts 90 ["水滴美妆蛋", "Drop Sponge"] ["遇水涨大，Q 弹服帖。", "Swells with water, springy and smooth."] ["非乳胶", "Latex-free"], "单只" "Single" 49, "两只" "Set of 2" 89),
    goods!("TS02" "sponge" Feixu Sponge 24 pull 42 lasts 60 ["气垫粉扑", "Cushion Puff"] ["绒面不吃粉，可水洗。", "Velvet side wastes no product; washable."] ["亲水海绵", "Hydrophilic foam"], "三片" "Pack of 3" 39),
    goods!("TS03" "sponge" Feixu Sponge 50 pull 30 lasts 30 ["压缩化妆棉", "Pressed Cotton Pads"] ["不掉絮，省水三分之一。", "Lint-free and needs a third less toner."] ["新疆长绒棉", "Long-staple cotton"], "80 片" "80 pads" 29, "200 片" "200 pads" 59),
    goods!("TD01" "device" Tinglan Device 200 pull 22 lasts 0 ["声波洁面仪", "Sonic Cleansing Device"] ["硅胶刷头，温和深层清洁。", "Silicone head for a gentle deep clean."] ["食品级硅胶", "Food-grade silicone"], "雾蓝" "Mist Blue" 498, "樱粉" "Cherry Pink" 498),
    goods!("TD02" "device" Tinglan Device 300 pull 14 lasts 0 ["射频紧致仪", "RF Lifting Device"] ["家用射频，搭配凝胶提拉轮廓。", "Home radio-frequency lifting with gel."] ["金属电极", "Metal electrodes"], "珍珠白" "Pearl White" 1980),
    goods!("TD03" "device" Tinglan Device 140 pull 20 lasts 0 ["白玉刮痧板", "Jade Gua Sha"] ["冰感提拉，消肿好物。", "Cool lifting that eases puffiness."] ["岫玉", "Xiuyan jade"], "单件" "Single" 158),
    goods!("GS01" "gift" Tinglan Gift 186 pull 40 lasts 90 ["澜光修护礼盒", "Lan Glow Repair Set"] ["精华、面霜、面膜一次备齐。", "Serum, cream and masks in one box."] ["精华 30 ml、面霜 30 g、面膜 5 片", "Serum 30 ml, cream 30 g, 5 masks"], "标准" "Standard" 698),
    goods!("GS02" "gift" Feixu Gift 352 pull 36 lasts 150 ["红色序曲口红礼盒", "Red Overture Lip Set"] ["三支正红，附刻字。", "Three reds with engraving."] ["丝绒口红三支", "Three velvet lipsticks"], "标准" "Standard" 598),
    goods!("GS03" "gift" Wuji Gift 48 pull 30 lasts 120 ["四时香水礼盒", "Four Seasons Perfume Set"] ["四支 10 毫升，四季一盒。", "Four 10 ml scents, a year in a box."] ["10 ml 香水四支", "Four 10 ml perfumes"], "标准" "Standard" 568),
    goods!("GS04" "gift" Tinglan Gift 150 pull 28 lasts 60 ["敏感肌安心礼盒", "Sensitive Skin Kit"] ["洁面、化妆水、B5 霜旅行装。", "Travel cleanser, toner and B5 cream."] ["旅行装三件", "Three travel sizes"], "标准" "Standard" 258),
    goods!("GS05" "gift" Tinglan Gift 204 pull 26 lasts 45 ["夏日防晒礼盒", "Summer Sun Kit"] ["面部与身体防晒，附收纳包。", "Face and body sunscreen with a pouch."] ["防晒乳、喷雾、收纳包", "Sunscreen, spray, pouch"], "标准" "Standard" 328),
    goods!("GS06" "gift" Feixu Gift 330 pull 24 lasts 120 ["通勤底妆礼盒", "Office Base Kit"] ["妆前、粉底、定妆，八分钟出门。", "Primer, foundation and powder: out in eight minutes."] ["妆前、粉底、粉饼", "Primer, foundation, powder"], "自然色" "Natural" 558, "象牙色" "Ivory" 558),
    goods!("GS07" "gift" Wuji Gift 24 pull 20 lasts 60 ["居家香氛礼盒", "At Home Set"] ["蜡烛与藤条香薰，配火柴。", "Candle and diffuser with matches."] ["蜡烛、香薰", "Candle, diffuser"], "标准" "Standard" 468),
];
