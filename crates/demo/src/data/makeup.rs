//! Make-up of the house line Feixu.

use super::categories::{
    Choice::{Shades, Sizes},
    GoodsRow, Line, Shade, Shape, Skin,
};

macro_rules! colour {
    ($code:literal $cat:literal $shape:ident $hue:literal pull $pull:literal lasts $lasts:literal
     [$zh:literal, $en:literal] [$czh:literal, $cen:literal] [$dzh:literal, $den:literal] $spf:expr, $choice:expr) => {
        GoodsRow {
            code: $code,
            category: $cat,
            line: Line::Feixu,
            name: ($zh, $en),
            claim: ($czh, $cen),
            detail: ($dzh, $den),
            spf: $spf,
            skin: Skin::All,
            shape: Shape::$shape,
            hue: $hue,
            pull: $pull,
            lasts: $lasts,
            choice: $choice,
        }
    };
}

/// Code of the foundation bought online in the wrong shade, an issue the demo closed.
pub(crate) const MATCHED_FOUNDATION: &str = "FD01";
/// Code of the lipstick on the first shopper's wish list, sold out in Hubin.
pub(crate) const WISHED_LIPSTICK: &str = "LP01";

#[rustfmt::skip]
const COMPLEXION: &[Shade] = &[
    ("C10", ("瓷白", "Porcelain"), 0x00F6_E1D3), ("N10", ("象牙", "Ivory"), 0x00F3_DCC6),
    ("W10", ("奶油", "Cream"), 0x00F1_D8BC), ("C20", ("粉调自然", "Rose Natural"), 0x00EB_CFBC),
    ("N20", ("自然", "Natural"), 0x00E7_C8AC), ("W20", ("暖杏", "Warm Apricot"), 0x00E4_C19F),
    ("N30", ("米驼", "Beige"), 0x00D9_B493), ("W30", ("蜜糖", "Honey"), 0x00D2_A67E),
    ("N40", ("小麦", "Wheat"), 0x00BF_8F69), ("W40", ("琥珀", "Amber"), 0x00A9_774F),
];
#[rustfmt::skip]
const COVER: &[Shade] = &[
    ("01", ("亮瓷", "Bright Porcelain"), 0x00F5_E0CF), ("02", ("象牙", "Ivory"), 0x00EE_D3BA),
    ("03", ("自然", "Natural"), 0x00E2_C1A0), ("04", ("暖沙", "Warm Sand"), 0x00D0_A883),
    ("05", ("杏橘", "Peach Corrector"), 0x00E9_AE8C),
    ("06", ("蜜棕", "Honey Brown"), 0x00B9_8A63), ("07", ("冷瓷", "Cool Porcelain"), 0x00F0_DCD2),
];
#[rustfmt::skip]
const VELVET: &[Shade] = &[
    ("101", ("正红序曲", "Overture Red"), 0x00B1_1226), ("102", ("枫叶", "Maple"), 0x009C_3B2C),
    ("105", ("豆沙", "Bean Rose"), 0x00B0_6263), ("108", ("烂番茄", "Ripe Tomato"), 0x00C4_3A2A),
    ("110", ("蔷薇奶茶", "Rose Milk Tea"), 0x00B9_7A6F), ("113", ("莓果", "Berry"), 0x008E_2441),
    ("116", ("陶土", "Terracotta"), 0x00A8_5640), ("120", ("夜紫", "Night Plum"), 0x0062_1E3C),
    ("122", ("南瓜", "Pumpkin"), 0x00BE_5A33), ("125", ("裸棕", "Nude Brown"), 0x0094_5F50),
    ("128", ("车厘子", "Black Cherry"), 0x0073_1A2C), ("130", ("雾霾粉", "Misty Pink"), 0x00C4_8487),
];
#[rustfmt::skip]
const SATIN: &[Shade] = &[
    ("01", ("裸杏", "Nude Apricot"), 0x00CB_8D78), ("02", ("珊瑚", "Coral"), 0x00E0_6A57),
    ("03", ("蜜桃", "Peach"), 0x00E4_8C79), ("04", ("干枯玫瑰", "Dried Rose"), 0x00A8_5F61),
    ("05", ("石榴", "Pomegranate"), 0x00A9_1E37), ("06", ("可可", "Cocoa"), 0x0079_4234),
    ("07", ("山楂", "Hawthorn"), 0x00C0_2B32), ("08", ("樱粉", "Cherry Pink"), 0x00DE_8294),
    ("09", ("焦糖", "Caramel"), 0x00B3_6B4C), ("10", ("西柚", "Grapefruit"), 0x00E2_7466),
    ("11", ("红棕", "Red Brown"), 0x0088_3A33), ("12", ("雾玫", "Misty Rose"), 0x00B9_7277),
];
#[rustfmt::skip]
const TINT: &[Shade] = &[
    ("01", ("荔枝", "Lychee"), 0x00E5_8C95), ("02", ("血橙", "Blood Orange"), 0x00D9_5438),
    ("03", ("杨梅", "Bayberry"), 0x0094_1E3A), ("04", ("无花果", "Fig"), 0x008A_3F4B),
    ("05", ("柿子", "Persimmon"), 0x00D0_5C33), ("06", ("玫瑰茶", "Rose Tea"), 0x00B6_6A66),
    ("07", ("冰糖山楂", "Candied Hawthorn"), 0x00B9_2A35), ("08", ("黑糖", "Brown Sugar"), 0x007A_4438),
    ("09", ("青提", "Pale Grape"), 0x00C9_8E8B), ("10", ("石榴汁", "Pomegranate Juice"), 0x00A3_2140),
];
#[rustfmt::skip]
const CHEEK: &[Shade] = &[
    ("01", ("初桃", "First Peach"), 0x00F0_A590), ("02", ("晚樱", "Late Cherry"), 0x00EA_9AA6),
    ("03", ("杏仁", "Almond"), 0x00DD_A184), ("04", ("落日", "Sunset"), 0x00E0_7F63),
    ("05", ("奶茶", "Milk Tea"), 0x00C8_917A),
    ("06", ("晨雾", "Morning Mist"), 0x00D9_A7A6), ("07", ("陶粉", "Clay Pink"), 0x00C6_7F70),
    ("08", ("香槟", "Champagne"), 0x00E3_BD9B),
];
#[rustfmt::skip]
const DARK: &[Shade] = &[
    ("01", ("墨黑", "Ink Black"), 0x001B_1A1D), ("02", ("深棕", "Deep Brown"), 0x0046_2E25),
    ("03", ("茶棕", "Tea Brown"), 0x0070_4C38), ("04", ("酒红", "Wine"), 0x005A_1F2C),
];
#[rustfmt::skip]
const BROWS: &[Shade] = &[
    ("01", ("灰棕", "Ash Brown"), 0x0066_564B), ("02", ("自然棕", "Natural Brown"), 0x006E_4E3A),
    ("03", ("浅茶", "Light Tea"), 0x008D_6B50), ("04", ("墨灰", "Ink Grey"), 0x003E_3B3C), ("05", ("红茶", "Black Tea"), 0x0081_4F3A),
];

/// Primers to lips.
#[rustfmt::skip]
pub(crate) const GOODS: &[GoodsRow] = &[
    colour!("PR01" "primer" Tube 340 pull 45 lasts 90 ["柔焦毛孔妆前乳", "Soft Focus Primer"] ["抚平毛孔，妆面更持久。", "Blurs pores and makes make-up last."] ["柔焦", "Soft focus"] None, Sizes(&[("30 ml", "30 ml", 168)])),
    colour!("PR02" "primer" Pump 52 pull 36 lasts 90 ["水光隔离乳", "Dewy Base"] ["匀亮肤色，打造透亮底妆。", "Evens the tone for a luminous base."] ["水光", "Dewy"] Some("SPF30 PA+++"), Sizes(&[("30 ml", "30 ml", 188)])),
    colour!("FD01" "foundation" Pump 30 pull 130 lasts 120 ["云感持妆粉底液", "Cloud Wear Foundation"] ["十二小时持妆，轻薄不卡粉。", "Twelve hours of wear, thin and never cakey."] ["柔雾", "Soft matte"] Some("SPF20 PA++"), Shades(328, COMPLEXION)),
    colour!("FD02" "foundation" Pump 24 pull 80 lasts 110 ["养肤水光粉底液", "Skin Veil Dewy Foundation"] ["七成精华基底，干皮也能服帖。", "Seventy per cent serum base that suits dry skin."] ["水光", "Dewy"] None, Shades(358, COMPLEXION)),
    colour!("FD03" "foundation" Tube 36 pull 45 lasts 100 ["轻透素颜霜", "Bare Skin Tint"] ["像皮肤一样的轻薄润色。", "A tint as light as skin itself."] ["自然", "Natural"] Some("SPF30 PA+++"), Shades(198, COVER)),
    colour!("CU01" "foundation" Compact 20 pull 85 lasts 75 ["雾感气垫粉底", "Velvet Cushion"] ["随身补妆，一拍即匀。", "Touch-ups on the go with one tap."] ["柔雾", "Soft matte"] Some("SPF50+ PA+++"), Shades(258, COVER)),
    colour!("CU02" "foundation" Compact 350 pull 55 lasts 75 ["光感气垫粉底", "Glow Cushion"] ["薄纱光泽，越夜越透亮。", "A veil of light that grows with the evening."] ["光泽", "Luminous"] Some("SPF40 PA++"), Shades(268, COVER)),
    colour!("CC01" "concealer" Wand 28 pull 60 lasts 150 ["三色遮瑕液", "Precise Liquid Concealer"] ["点涂即遮，不卡细纹。", "Covers at a touch without settling into lines."] ["自然", "Natural"] None, Shades(138, COVER)),
    colour!("CC02" "concealer" Palette 28 pull 35 lasts 240 ["调色遮瑕盘", "Concealer Palette"] ["黑眼圈、泛红、痘印分区校正。", "Corrects circles, redness and marks zone by zone."] ["哑光", "Matte"] None, Sizes(&[("暖调", "Warm", 188), ("冷调", "Cool", 188)])),
    colour!("PW01" "powder" Compact 44 pull 60 lasts 150 ["轻羽定妆粉饼", "Feather Setting Powder"] ["细如羽尘，控油不假白。", "Fine as down, controls shine without a white cast."] ["哑光", "Matte"] None, Sizes(&[("透明", "Translucent", 168), ("自然", "Natural", 168)])),
    colour!("PW02" "powder" Jar 330 pull 40 lasts 180 ["柔光散粉", "Soft Light Loose Powder"] ["柔焦散粉，干皮定妆首选。", "Blurring loose powder, first choice for dry skin."] ["柔光", "Soft light"] None, Sizes(&[("透明", "Translucent", 198), ("提亮", "Brightening", 198)])),
    colour!("PW03" "powder" Compact 38 pull 34 lasts 180 ["月光高光", "Moonlight Highlighter"] ["细闪不显毛孔，颧骨一笔立体。", "Fine shimmer lifts the cheekbone and hides pores."] ["珠光", "Pearl"] None, Sizes(&[("香槟", "Champagne", 158), ("冷月", "Cold Moon", 158)])),
    colour!("BL01" "blush" Compact 8 pull 65 lasts 200 ["微醺腮红", "Tipsy Blush"] ["粉质细软，少女气色一扫而就。", "Soft powder for fresh colour in one sweep."] ["哑光", "Matte"] None, Shades(128, CHEEK)),
    colour!("BL02" "blush" Wand 356 pull 45 lasts 150 ["液态腮红露", "Liquid Blush"] ["水润透出的自然红晕。", "A flush that seems to come from within."] ["水润", "Dewy"] None, Shades(118, CHEEK)),
    colour!("BL03" "blush" Palette 26 pull 34 lasts 240 ["立体修容盘", "Sculpt Palette"] ["高光阴影一盘，轮廓自然收紧。", "Light and shade in one pan for a natural outline."] ["哑光", "Matte"] None, Sizes(&[("自然", "Natural", 168), ("深邃", "Deep", 168)])),
    colour!("ES01" "eyes" Palette 18 pull 70 lasts 240 ["落日四色眼影", "Sunset Quad"] ["暖调日常，一盘画完通勤与约会。", "Warm tones from office to date."] ["哑光与细闪", "Matte and shimmer"] None, Sizes(&[("暖棕", "Warm Brown", 198), ("陶土", "Terracotta", 198)])),
    colour!("ES02" "eyes" Palette 330 pull 50 lasts 240 ["雾玫瑰四色眼影", "Misty Rose Quad"] ["低饱和玫瑰，温柔显气质。", "Muted rose, gentle and poised."] ["哑光", "Matte"] None, Sizes(&[("干枯玫瑰", "Dried Rose", 198), ("藕粉", "Lotus Pink", 198)])),
    colour!("ES03" "eyes" Palette 220 pull 30 lasts 240 ["星河九色眼影", "Galaxy Nine Palette"] ["冷调闪片，派对之夜。", "Cool sparkle for a party night."] ["闪片", "Glitter"] None, Sizes(&[("银河", "Milky Way", 288)])),
    colour!("ES04" "eyes" Wand 46 pull 36 lasts 150 ["流光液体眼影", "Liquid Light Eye Gloss"] ["一抹卧蚕亮片，持闪不飞粉。", "One stroke of lasting sparkle without fallout."] ["细闪", "Shimmer"] None, Shades(98, CHEEK)),
    colour!("EL01" "eyes" Pencil 260 pull 60 lasts 60 ["极细防水眼线液笔", "Ultra Fine Liner"] ["0.1 毫米笔尖，十六小时不晕。", "A 0.1 mm tip that holds for sixteen hours."] ["哑光", "Matte"] None, Shades(89, DARK)),
    colour!("EL02" "eyes" Pencil 30 pull 38 lasts 75 ["柔滑眼线胶笔", "Gel Liner Pencil"] ["顺滑上色，手残友好。", "Glides on, kind to unsteady hands."] ["柔雾", "Soft matte"] None, Shades(79, DARK)),
    colour!("MS01" "eyes" Wand 270 pull 62 lasts 90 ["纤长睫毛膏", "Length Mascara"] ["根根分明，温水可卸。", "Separates every lash and comes off with warm water."] ["纤长", "Lengthening"] None, Sizes(&[("黑色", "Black", 118), ("棕色", "Brown", 118)])),
    colour!("MS02" "eyes" Wand 290 pull 40 lasts 90 ["浓密卷翘睫毛膏", "Volume Curl Mascara"] ["卷翘一整天不塌。", "A curl that stays up all day."] ["浓密", "Volume"] None, Sizes(&[("黑色", "Black", 128), ("棕色", "Brown", 128)])),
    colour!("BR01" "eyes" Pencil 26 pull 55 lasts 75 ["三角芯眉笔", "Angled Brow Pencil"] ["雾感显色，一笔根根分明。", "Misty colour, hair by hair."] ["雾感", "Misty"] None, Shades(69, BROWS)),
    colour!("BR02" "eyes" Wand 26 pull 28 lasts 120 ["染眉膏", "Brow Mascara"] ["定型又染色，野生眉轻松得。", "Sets and tints for easy natural brows."] ["自然", "Natural"] None, Shades(79, BROWS)),
    colour!("LP01" "lips" Lipstick 352 pull 140 lasts 150 ["丝绒雾面口红", "Velvet Matte Lipstick"] ["一抹显色，雾而不干。", "Full colour in one stroke, matte without dryness."] ["雾面", "Velvet matte"] None, Shades(218, VELVET)),
    colour!("LP02" "lips" Lipstick 8 pull 95 lasts 140 ["缎光润色口红", "Satin Care Lipstick"] ["润泽缎光，素颜也显气色。", "A satin glow that flatters a bare face."] ["缎光", "Satin"] None, Shades(198, SATIN)),
    colour!("LP03" "lips" Lipstick 16 pull 50 lasts 120 ["小支迷你口红", "Mini Lipstick"] ["一克小支，随身试新色。", "A one-gram bullet to try new shades on the go."] ["雾面", "Velvet matte"] None, Shades(79, SATIN)),
    colour!("LP04" "lips" Lipstick 340 pull 42 lasts 120 ["限定花漾口红", "Blossom Limited Lipstick"] ["压花膏体，限定珍藏。", "An embossed bullet worth collecting."] ["缎光", "Satin"] None, Shades(258, VELVET)),
    colour!("LT01" "lips" Wand 350 pull 90 lasts 100 ["水漾唇釉", "Water Lip Glaze"] ["镜面水光，不黏头发。", "Mirror shine that does not catch your hair."] ["水光", "Glossy"] None, Shades(129, TINT)),
    colour!("LT02" "lips" Wand 12 pull 70 lasts 100 ["空气唇泥", "Air Lip Mousse"] ["软糯唇泥，可唇可颊。", "A soft mousse for lips and cheeks."] ["雾感", "Misty"] None, Shades(99, TINT)),
    colour!("LT03" "lips" Wand 345 pull 40 lasts 90 ["不沾杯染唇液", "Transfer-proof Lip Stain"] ["成膜持色，火锅不掉。", "Sets into a stain that survives hotpot."] ["染唇", "Stain"] None, Shades(119, TINT)),
    colour!("LC01" "lips" Jar 14 pull 45 lasts 75 ["蜂蜜修护唇膜", "Honey Lip Mask"] ["一夜告别唇纹起皮。", "Goodbye flaking lips overnight."] ["滋润", "Nourishing"] None, Sizes(&[("蜂蜜", "Honey", 79), ("蜜桃", "Peach", 79), ("薄荷", "Mint", 79)])),
];
