//! Skincare products of the house line Tinglan.

use super::categories::{Choice::Sizes, GoodsRow, Line, Shape, Skin};

macro_rules! care {
    ($code:literal $cat:literal $shape:ident $hue:literal $skin:ident pull $pull:literal lasts $lasts:literal
     [$zh:literal, $en:literal] [$czh:literal, $cen:literal] [$dzh:literal, $den:literal] $spf:expr,
     $($szh:literal $sen:literal $price:literal),+) => {
        GoodsRow {
            code: $code,
            category: $cat,
            line: Line::Tinglan,
            name: ($zh, $en),
            claim: ($czh, $cen),
            detail: ($dzh, $den),
            spf: $spf,
            skin: Skin::$skin,
            shape: Shape::$shape,
            hue: $hue,
            pull: $pull,
            lasts: $lasts,
            choice: Sizes(&[$(($szh, $sen, $price)),+]),
        }
    };
}

/// Code of the serum whose pump starts to leak in the demo's last week.
pub(crate) const LEAKING_SERUM: &str = "SR01";

/// Cleansers to sunscreen.
#[rustfmt::skip]
pub(crate) const GOODS: &[GoodsRow] = &[
    care!("CL01" "cleanser" Tube 196 All pull 90 lasts 60 ["氨基酸净润洁面乳", "Amino Clear Cleanser"] ["绵密泡沫带走油脂与尘埃，洗后不紧绷。", "A dense foam lifts oil and dust without leaving skin tight."] ["椰油酰甘氨酸钠", "Cocoyl glycinate"] None, "100 g" "100 g" 118, "150 g" "150 g" 158),
    care!("CL02" "cleanser" Tube 88 Oily pull 60 lasts 60 ["茶树控油洁面啫喱", "Tea Tree Balancing Gel Wash"] ["清爽啫喱平衡出油，减少毛孔堵塞。", "A fresh gel that balances shine and keeps pores clear."] ["茶树叶油", "Tea tree oil"] None, "120 g" "120 g" 108, "200 g" "200 g" 158),
    care!("CL03" "cleanser" Bottle 172 Sensitive pull 55 lasts 45 ["燕麦舒缓洁面奶", "Oat Calm Cleansing Milk"] ["零皂基奶霜质地，换季泛红时也温和。", "A soap-free milk that stays gentle when skin turns red with the season."] ["胶体燕麦", "Colloidal oat"] None, "50 ml" "50 ml" 58, "150 ml" "150 ml" 128),
    care!("CL04" "cleanser" Jar 32 All pull 85 lasts 75 ["山茶花卸妆膏", "Camellia Cleansing Balm"] ["遇温化油，一次带走防晒与持妆底妆。", "Melts to oil and takes sunscreen and long-wear make-up off in one go."] ["山茶籽油", "Camellia seed oil"] None, "50 g" "50 g" 98, "100 g" "100 g" 168),
    care!("CL05" "cleanser" Pump 45 All pull 70 lasts 60 ["清透卸妆油", "Clear Cleansing Oil"] ["乳化迅速，不糊眼，冲洗后不留膜。", "Emulsifies at once, does not sting the eyes and rinses without a film."] ["葡萄籽油", "Grape seed oil"] None, "150 ml" "150 ml" 138, "300 ml" "300 ml" 228),
    care!("CL06" "cleanser" Bottle 205 Sensitive pull 50 lasts 40 ["微粒净颜卸妆水", "Micellar Cleansing Water"] ["温和卸除眼唇与淡妆，棉片一擦即净。", "Removes light make-up around eyes and lips with one swipe."] ["泛醇", "Panthenol"] None, "200 ml" "200 ml" 88, "400 ml" "400 ml" 138),
    care!("CL07" "cleanser" Tube 268 Combination pull 30 lasts 90 ["酵素焕亮洁颜粉", "Enzyme Polish Powder Wash"] ["木瓜酵素温和去除老废角质，肤色更匀净。", "Papaya enzymes polish away dull cells for an even tone."] ["木瓜酵素", "Papain"] None, "30 g" "30 g" 88, "60 g" "60 g" 148),
    care!("TN01" "toner" Bottle 200 All pull 85 lasts 50 ["玻尿酸保湿水", "Hyaluronic Dew Toner"] ["三重玻尿酸层层补水，肌肤饱满透亮。", "Three sizes of hyaluronic acid plump skin layer by layer."] ["三重玻尿酸", "Triple hyaluronic acid"] None, "150 ml" "150 ml" 168, "300 ml" "300 ml" 268),
    care!("TN02" "toner" Bottle 150 Sensitive pull 60 lasts 50 ["积雪草修护水", "Cica Repair Toner"] ["舒缓泛红与紧绷，强韧屏障。", "Soothes redness and tightness and strengthens the barrier."] ["积雪草苷", "Madecassoside"] None, "50 ml" "50 ml" 78, "150 ml" "150 ml" 178),
    care!("TN03" "toner" Bottle 78 Oily pull 45 lasts 50 ["绿茶收敛水", "Green Tea Pore Toner"] ["轻盈清爽，细致毛孔，妆前不泛油。", "Light and fresh, refines pores and keeps shine away under make-up."] ["绿茶多酚", "Green tea polyphenols"] None, "60 ml" "60 ml" 68, "180 ml" "180 ml" 148),
    care!("TN04" "toner" Bottle 22 Dry pull 40 lasts 45 ["酵母精粹水", "Ferment Essence Water"] ["发酵精粹匀亮肤色，触感柔滑如丝。", "A ferment essence that brightens and leaves skin silky."] ["酵母发酵产物滤液", "Yeast ferment filtrate"] None, "150 ml" "150 ml" 298, "230 ml" "230 ml" 428),
    care!("TN05" "toner" Bottle 340 All pull 35 lasts 30 ["玫瑰舒润喷雾", "Rose Comfort Mist"] ["随时一喷，缓解空调房干燥。", "One spray relieves dryness in air-conditioned rooms."] ["大马士革玫瑰水", "Damask rose water"] None, "50 ml" "50 ml" 58, "100 ml" "100 ml" 98),
    care!("TN06" "toner" Bottle 280 Combination pull 28 lasts 60 ["果酸焕肤水", "AHA Renewal Toner"] ["8% 复合果酸温和更新角质，隔天使用。", "8% fruit acids renew the surface; use every other evening."] ["8% 复合果酸", "8% AHA complex"] None, "50 ml" "50 ml" 98, "120 ml" "120 ml" 188),
    care!("SR01" "serum" Pump 186 All pull 150 lasts 75 ["澜光修护精华", "Lan Glow Repair Serum"] ["二裂酵母与神经酰胺修护屏障，熬夜肌一夜回稳。", "Bifida ferment and ceramides repair the barrier and settle tired skin overnight."] ["二裂酵母与神经酰胺", "Bifida ferment and ceramides"] None, "30 ml" "30 ml" 368, "50 ml" "50 ml" 528),
    care!("SR02" "serum" Dropper 40 All pull 100 lasts 75 ["15% 维 C 透亮精华", "15% Vitamin C Radiance Serum"] ["稳定维 C 提亮暗沉，搭配防晒更显著。", "Stable vitamin C brightens dullness, best with sunscreen."] ["15% 乙基维 C", "15% ethyl vitamin C"] None, "15 ml" "15 ml" 188, "30 ml" "30 ml" 328),
    care!("SR03" "serum" Dropper 215 All pull 95 lasts 70 ["玻尿酸安瓶精华", "Hyaluronic Ampoule Serum"] ["高浓玻尿酸迅速补水，上妆服帖。", "High-strength hyaluronic acid hydrates fast and holds make-up."] ["2% 玻尿酸", "2% hyaluronic acid"] None, "30 ml" "30 ml" 258, "50 ml" "50 ml" 378),
    care!("SR04" "serum" Dropper 300 Combination pull 70 lasts 90 ["A 醇紧致晚霜精华", "Retinol Firm Night Serum"] ["0.3% A 醇改善细纹与松弛，新手友好。", "0.3% retinol for fine lines and firmness, friendly to beginners."] ["0.3% A 醇", "0.3% retinol"] None, "15 ml" "15 ml" 228, "30 ml" "30 ml" 388),
    care!("SR05" "serum" Dropper 160 Oily pull 75 lasts 75 ["烟酰胺控油精华", "Niacinamide Balance Serum"] ["5% 烟酰胺平衡油脂，细致毛孔。", "5% niacinamide balances sebum and refines pores."] ["5% 烟酰胺", "5% niacinamide"] None, "30 ml" "30 ml" 238, "50 ml" "50 ml" 348),
    care!("SR06" "serum" Dropper 142 Sensitive pull 60 lasts 70 ["积雪草舒缓精华", "Cica Calm Serum"] ["舒缓刷酸后泛红，给敏感肌的安心。", "Settles redness after acids; reassurance for sensitive skin."] ["积雪草提取物", "Centella extract"] None, "15 ml" "15 ml" 158, "30 ml" "30 ml" 268),
    care!("SR07" "serum" Pump 12 Dry pull 45 lasts 80 ["多肽抗皱精华", "Peptide Line Serum"] ["六胜肽淡化动态纹，质地丝滑。", "Hexapeptide softens expression lines with a silky touch."] ["六胜肽", "Hexapeptide"] None, "15 ml" "15 ml" 268, "30 ml" "30 ml" 458),
    care!("SR08" "serum" Dropper 258 All pull 40 lasts 75 ["传明酸淡斑精华", "Tranexamic Spot Serum"] ["淡化日晒斑与痘印，持续使用八周更明显。", "Fades sun spots and marks; clearer after eight weeks."] ["3% 传明酸", "3% tranexamic acid"] None, "15 ml" "15 ml" 198, "30 ml" "30 ml" 348),
    care!("SR09" "serum" Dropper 28 Dry pull 35 lasts 90 ["角鲨烷精华油", "Squalane Face Oil"] ["一滴封住水分，干裂季节的最后防线。", "A drop seals moisture in, the last line of defence in dry months."] ["植物角鲨烷", "Plant squalane"] None, "20 ml" "20 ml" 198, "30 ml" "30 ml" 268),
    care!("SR10" "serum" Dropper 95 Oily pull 38 lasts 60 ["水杨酸祛痘精华", "Salicylic Clear Serum"] ["2% 水杨酸疏通毛孔，减少闭口。", "2% salicylic acid unclogs pores and clears bumps."] ["2% 水杨酸", "2% salicylic acid"] None, "15 ml" "15 ml" 128, "30 ml" "30 ml" 218),
    care!("CR01" "cream" Jar 186 All pull 95 lasts 75 ["澜光修护面霜", "Lan Glow Repair Cream"] ["与精华同源的屏障修护，滋润而不厚重。", "Barrier repair from the same source as the serum, rich yet light."] ["神经酰胺 3", "Ceramide NP"] None, "30 g" "30 g" 298, "50 g" "50 g" 438),
    care!("CR02" "cream" Pump 205 Oily pull 60 lasts 60 ["水凝清润乳", "Aqua Gel Lotion"] ["凝露质地，夏日清爽不黏。", "A gel-lotion that stays fresh through summer."] ["海藻糖", "Trehalose"] None, "80 ml" "80 ml" 208, "120 ml" "120 ml" 288),
    care!("CR03" "cream" Jar 150 Sensitive pull 55 lasts 60 ["B5 舒缓修护霜", "B5 Soothing Cream"] ["5% 泛醇急救干痒泛红，可厚敷。", "5% panthenol rescues dry, itchy redness; may be applied thickly."] ["5% 泛醇", "5% panthenol"] None, "40 g" "40 g" 128, "80 g" "80 g" 218),
    care!("CR04" "cream" Jar 18 Dry pull 42 lasts 80 ["松露滋养晚霜", "Truffle Nourishing Night Cream"] ["绵密晚霜，醒来细腻饱满。", "A dense night cream for smooth, full skin by morning."] ["黑松露提取物", "Black truffle extract"] None, "15 g" "15 g" 188, "50 g" "50 g" 528),
    care!("CR05" "cream" Jar 48 All pull 40 lasts 70 ["胶原弹润面霜", "Collagen Bounce Cream"] ["布丁质地回弹，轮廓更紧致。", "A springy texture for a firmer outline."] ["水解胶原", "Hydrolysed collagen"] None, "15 g" "15 g" 138, "50 g" "50 g" 368),
    care!("CR06" "cream" Tube 120 Combination pull 38 lasts 60 ["日间轻润乳 SPF30", "Light Day Lotion SPF30"] ["保湿与通勤防晒合一。", "Moisture and commuter sun care in one."] ["玻色因", "Pro-xylane"] Some("SPF30 PA+++"), "30 ml" "30 ml" 158, "50 ml" "50 ml" 238),
    care!("CR07" "cream" Jar 330 All pull 26 lasts 90 ["颈部紧致霜", "Neck Firming Cream"] ["提拉按摩头，淡化颈纹。", "A massage head that smooths neck lines."] ["信号肽", "Signal peptides"] None, "30 ml" "30 ml" 198, "50 ml" "50 ml" 298),
    care!("EY01" "eye" Tube 34 All pull 60 lasts 75 ["咖啡因亮眼霜", "Caffeine Bright Eye Cream"] ["缓解熬夜浮肿与黑眼圈。", "Eases puffiness and circles after late nights."] ["咖啡因", "Caffeine"] None, "15 g" "15 g" 258, "20 g" "20 g" 318),
    care!("EY02" "eye" Jar 300 Dry pull 42 lasts 80 ["A 醇淡纹眼霜", "Retinol Line Eye Cream"] ["温和 A 醇淡化干纹细纹。", "Gentle retinol for dry and fine lines."] ["0.1% A 醇", "0.1% retinol"] None, "8 g" "8 g" 188, "15 g" "15 g" 328),
    care!("EY03" "eye" Dropper 200 Sensitive pull 30 lasts 60 ["舒缓眼部精华", "Calm Eye Serum"] ["清爽补水，眼妆前使用不搓泥。", "Fresh hydration that does not pill under eye make-up."] ["仙人掌提取物", "Cactus extract"] None, "8 ml" "8 ml" 138, "15 ml" "15 ml" 228),
    care!("EY04" "eye" Sachet 180 All pull 34 lasts 20 ["水凝眼膜", "Hydrogel Eye Patches"] ["冰感凝胶贴合眼周，二十分钟焕亮。", "Cool hydrogel hugs the eye area and brightens in twenty minutes."] ["烟酰胺", "Niacinamide"] None, "10 对" "10 pairs" 99, "30 对" "30 pairs" 249),
    care!("MK01" "mask" Sachet 205 All pull 90 lasts 14 ["玻尿酸补水面膜", "Hyaluronic Sheet Mask"] ["轻薄蚕丝膜布，二十五毫升精华液。", "Thin silk sheets with 25 ml of essence each."] ["玻尿酸", "Hyaluronic acid"] None, "5 片" "5 sheets" 79, "10 片" "10 sheets" 139),
    care!("MK02" "mask" Sachet 150 Sensitive pull 70 lasts 14 ["积雪草修护面膜", "Cica Repair Sheet Mask"] ["日晒刷酸后舒缓急救。", "First aid after sun or acids."] ["积雪草", "Centella"] None, "5 片" "5 sheets" 99, "10 片" "10 sheets" 169),
    care!("MK03" "mask" Jar 24 Oily pull 40 lasts 90 ["白泥净肤面膜", "White Clay Purifying Mask"] ["吸附油脂黑头，洗后柔滑。", "Draws out oil and blackheads and rinses soft."] ["高岭土", "Kaolin"] None, "50 g" "50 g" 88, "100 g" "100 g" 158),
    care!("MK04" "mask" Tube 186 Dry pull 45 lasts 60 ["澜光睡眠面膜", "Lan Glow Sleeping Mask"] ["免洗晚安膜，醒来水润透亮。", "A leave-on mask for dewy skin at dawn."] ["神经酰胺", "Ceramides"] None, "30 g" "30 g" 88, "80 g" "80 g" 188),
    care!("MK05" "mask" Sachet 40 All pull 48 lasts 14 ["维 C 亮肤面膜", "Vitamin C Bright Mask"] ["约会前夜的透亮速成。", "Quick radiance the night before a date."] ["维 C 衍生物", "Vitamin C derivative"] None, "5 片" "5 sheets" 89, "10 片" "10 sheets" 159),
    care!("MK06" "mask" Jar 110 All pull 26 lasts 90 ["抹茶泥膜棒", "Matcha Clay Stick"] ["随手一涂不脏手，五分钟清洁。", "No messy hands: swipe on for a five-minute clean."] ["抹茶粉", "Matcha powder"] None, "40 g" "40 g" 89),
    care!("MK07" "mask" Sachet 345 Dry pull 30 lasts 14 ["胶原贴片面膜", "Collagen Melt Mask"] ["水溶胶原贴片随按摩化开。", "Water-soluble collagen melts in as you massage."] ["小分子胶原", "Low-weight collagen"] None, "4 片" "4 sheets" 129),
    care!("SN01" "sunscreen" Tube 204 All pull 110 lasts 45 ["清透水感防晒乳", "Aqua Sheer Sunscreen"] ["水感质地，成膜快不搓泥。", "A watery film that sets fast and never pills."] ["水感乳液", "Watery lotion"] Some("SPF50+ PA++++"), "50 ml" "50 ml" 168, "80 ml" "80 ml" 238),
    care!("SN02" "sunscreen" Tube 150 Sensitive pull 60 lasts 45 ["物理舒缓防晒霜", "Mineral Calm Sunscreen"] ["纯物理防晒，敏感肌与孕期可用。", "Mineral filters only, for sensitive skin and pregnancy."] ["轻润霜", "Light cream"] Some("SPF50 PA++++"), "20 g" "20 g" 88, "50 g" "50 g" 188),
    care!("SN03" "sunscreen" Bottle 30 All pull 55 lasts 40 ["户外防水防晒乳", "Outdoor Waterproof Milk"] ["防水抗汗，海边与运动都稳。", "Water and sweat resistant, for beach and sport."] ["摇匀乳", "Shake-up milk"] Some("SPF50+ PA++++"), "30 ml" "30 ml" 108, "60 ml" "60 ml" 178),
    care!("SN04" "sunscreen" Tube 340 Combination pull 50 lasts 45 ["提亮素颜防晒霜", "Tone-up Sun Cream"] ["防晒与素颜提亮一步完成。", "Sun care and a bright bare-skin look in one step."] ["润色霜", "Tinted cream"] Some("SPF50 PA+++"), "20 g" "20 g" 88, "40 g" "40 g" 158),
    care!("SN05" "sunscreen" Bottle 190 All pull 48 lasts 30 ["随身防晒喷雾", "On-the-go Sun Spray"] ["补涂方便，身体与头皮也照顾到。", "Easy top-ups for body and scalp."] ["轻雾", "Fine mist"] Some("SPF50+ PA++++"), "100 ml" "100 ml" 128, "150 ml" "150 ml" 168),
    care!("SN06" "sunscreen" Tube 55 All pull 30 lasts 45 ["儿童温和防晒露", "Kids Gentle Sunscreen"] ["三岁以上可用，清水易洗。", "From age three; washes off with water."] ["柔润露", "Soft lotion"] Some("SPF35 PA+++"), "30 ml" "30 ml" 98, "50 ml" "50 ml" 148),
];
