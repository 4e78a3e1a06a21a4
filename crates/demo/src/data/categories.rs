//! The category tree and the shape of a catalogue row.

use super::Both;

/// A house line of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Skincare.
    Tinglan,
    /// Make-up.
    Feixu,
    /// Fragrance and home.
    Wuji,
}

impl Line {
    /// The line's name on the package.
    #[must_use]
    pub(crate) const fn name(self) -> Both {
        match self {
            Self::Tinglan => ("汀澜", "Tinglan"),
            Self::Feixu => ("绯序", "Feixu"),
            Self::Wuji => ("雾集", "Wuji"),
        }
    }
}

/// Whom a product suits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skin {
    /// Everyone.
    All,
    /// Dry skin.
    Dry,
    /// Oily skin.
    Oily,
    /// Combination skin.
    Combination,
    /// Sensitive skin.
    Sensitive,
    /// Not worn on the skin.
    None,
}

impl Skin {
    /// Every type a person can have.
    pub(crate) const PEOPLE: [Self; 4] = [Self::Dry, Self::Oily, Self::Combination, Self::Sensitive];

    /// The name people read.
    #[must_use]
    pub(crate) const fn name(self) -> Both {
        match self {
            Self::All => ("所有肤质", "All skin types"),
            Self::Dry => ("干性肌", "Dry skin"),
            Self::Oily => ("油性肌", "Oily skin"),
            Self::Combination => ("混合肌", "Combination skin"),
            Self::Sensitive => ("敏感肌", "Sensitive skin"),
            Self::None => ("不限", "Any"),
        }
    }
}

/// The silhouette a product is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Glass bottle with a pipette.
    Dropper,
    /// Bottle with a pump.
    Pump,
    /// Plain bottle with a cap.
    Bottle,
    /// Squeezed tube on its cap.
    Tube,
    /// Low jar with a lid.
    Jar,
    /// Open lipstick.
    Lipstick,
    /// Slim flacon with an applicator.
    Wand,
    /// Round compact, open.
    Compact,
    /// Palette of four pans.
    Palette,
    /// Perfume flacon.
    Flacon,
    /// Sheet-mask sachet.
    Sachet,
    /// Pencil.
    Pencil,
    /// Brush.
    Brush,
    /// Sponge or puff.
    Sponge,
    /// Hand-held device.
    Device,
    /// Candle in a glass.
    Candle,
    /// Gift box with a ribbon.
    Gift,
}

/// One shade: code on the package, name, colour as 0xRRGGBB.
pub(crate) type Shade = (&'static str, Both, u32);

/// What a customer chooses between.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Choice {
    /// Sizes: label zh, label en, price in yuan.
    Sizes(&'static [(&'static str, &'static str, u32)]),
    /// Shades at one price in yuan.
    Shades(u32, &'static [Shade]),
}

/// A product of the catalogue.
#[derive(Debug)]
pub(crate) struct GoodsRow {
    /// Code of the product.
    pub(crate) code: &'static str,
    /// Code of its category.
    pub(crate) category: &'static str,
    /// House line.
    pub(crate) line: Line,
    /// Name.
    pub(crate) name: Both,
    /// What it does, one sentence.
    pub(crate) claim: Both,
    /// The attribute its category leads with: ingredient, finish, notes, material.
    pub(crate) detail: Both,
    /// Sun protection, where it has any.
    pub(crate) spf: Option<&'static str>,
    /// Whom it suits.
    pub(crate) skin: Skin,
    /// Silhouette.
    pub(crate) shape: Shape,
    /// Hue of its picture in degrees.
    pub(crate) hue: u16,
    /// How often it is bought beside others.
    pub(crate) pull: u32,
    /// Days until one is used up; 0 when it does not run out.
    pub(crate) lasts: u32,
    /// Sizes or shades.
    pub(crate) choice: Choice,
}

/// A category of the tree.
#[derive(Debug)]
pub(crate) struct CategoryRow {
    /// Code.
    pub(crate) code: &'static str,
    /// Code of the parent, empty for a root.
    pub(crate) parent: &'static str,
    /// Name.
    pub(crate) name: Both,
    /// What the leading attribute of its products is called.
    pub(crate) detail: Both,
    /// How to use its products, the second sentence of every description.
    pub(crate) usage: Both,
}

macro_rules! category {
    ($code:literal, $parent:literal, $zh:literal, $en:literal) => {
        category!($code, $parent, $zh, $en, "", "", "", "")
    };
    ($code:literal, $parent:literal, $zh:literal, $en:literal, $dzh:literal, $den:literal, $uzh:literal, $uen:literal) => {
        CategoryRow {
            code: $code,
            parent: $parent,
            name: ($zh, $en),
            detail: ($dzh, $den),
            usage: ($uzh, $uen),
        }
    };
}

/// Roots first, then their children in the order the shop shows them.
#[rustfmt::skip]
pub(crate) const CATEGORIES: &[CategoryRow] = &[
    category!("skincare", "", "护肤", "Skincare"),
    category!("makeup", "", "彩妆", "Make-up"),
    category!("fragrance", "", "香氛", "Fragrance"),
    category!("body", "", "身体与秀发", "Body and hair"),
    category!("tools", "", "美妆工具", "Tools"),
    category!("sets", "", "礼盒", "Gift sets"),
    category!("cleanser", "skincare", "洁面卸妆", "Cleansers", "主要成分", "Key ingredient", "取适量于掌心，加水揉出泡沫后轻按面部，再以温水洗净。", "Work a little into a lather with water, massage gently and rinse with lukewarm water."),
    category!("toner", "skincare", "化妆水", "Toners", "主要成分", "Key ingredient", "洁面后倒于化妆棉或掌心，由内向外轻拍至吸收。", "After cleansing, pat in with a cotton pad or your palms, from the centre outwards."),
    category!("serum", "skincare", "精华", "Serums", "主要成分", "Key ingredient", "早晚于化妆水后取两泵，按压全脸与颈部。", "Press two pumps into face and neck after toner, morning and night."),
    category!("cream", "skincare", "乳液面霜", "Lotions and creams", "主要成分", "Key ingredient", "护肤最后一步，取一颗珍珠大小，温热后按压于面部。", "As the last step, warm a pearl-sized amount between the fingers and press in."),
    category!("eye", "skincare", "眼部护理", "Eye care", "主要成分", "Key ingredient", "以无名指取米粒大小，沿眼眶轻点至吸收。", "Tap a grain-sized amount along the orbital bone with the ring finger."),
    category!("mask", "skincare", "面膜", "Masks", "主要成分", "Key ingredient", "洁面后敷用 15 分钟，取下后轻拍余液，每周两到三次。", "Leave on clean skin for 15 minutes, then pat in the rest, two or three times a week."),
    category!("sunscreen", "skincare", "防晒", "Sunscreen", "质地", "Texture", "出门前 15 分钟足量涂抹，户外每两小时补涂一次。", "Apply generously 15 minutes before going out and again every two hours outdoors."),
    category!("primer", "makeup", "妆前", "Primers", "妆效", "Finish", "妆前取黄豆大小，由面中向外推开。", "Spread a pea-sized amount from the centre of the face before foundation."),
    category!("foundation", "makeup", "粉底", "Foundation", "妆效", "Finish", "以美妆蛋或粉底刷少量多次拍开，色号可到店试色。", "Build up in thin layers with a sponge or brush; any store will match your shade."),
    category!("concealer", "makeup", "遮瑕", "Concealers", "妆效", "Finish", "点涂于需要处，以指腹或小刷边缘晕开。", "Dot where needed and blend the edges with a fingertip or a small brush."),
    category!("powder", "makeup", "蜜粉粉饼", "Powders", "妆效", "Finish", "以粉扑轻压定妆，T 区可叠加。", "Press on lightly with the puff; add a second layer on the T-zone."),
    category!("blush", "makeup", "腮红修容", "Blush and contour", "妆效", "Finish", "微笑时扫于苹果肌，向太阳穴方向晕染。", "Smile, sweep over the apples of the cheeks and blend towards the temples."),
    category!("eyes", "makeup", "眼妆", "Eyes", "妆效", "Finish", "先铺底色，再以深色加深眼尾，少量多次。", "Lay the base tone first, deepen the outer corner, a little at a time."),
    category!("lips", "makeup", "唇妆", "Lips", "妆效", "Finish", "由唇中向唇角涂抹，抿开后可叠涂。", "Apply from the centre to the corners, press the lips together and layer if you like."),
    category!("perfume", "fragrance", "香水", "Perfume", "香调", "Notes", "喷于手腕与颈侧，自然晾干，不要揉搓。", "Spray on wrists and neck and let it dry without rubbing."),
    category!("home", "fragrance", "居家香氛", "Home fragrance", "香调", "Notes", "置于通风处使用，远离儿童与火源旁的易燃物。", "Use in a ventilated place, away from children and anything that burns."),
    category!("bodycare", "body", "身体护理", "Body care", "主要成分", "Key ingredient", "沐浴后趁肌肤微湿时涂抹全身，按摩至吸收。", "Massage into slightly damp skin after the shower."),
    category!("hand", "body", "手部护理", "Hand care", "主要成分", "Key ingredient", "洗手后取适量涂抹手背与指缘。", "Apply to hands and cuticles after washing."),
    category!("hair", "body", "秀发护理", "Hair care", "主要成分", "Key ingredient", "湿发取适量，由中段抹至发尾。", "Work through damp hair from mid-length to ends."),
    category!("brush", "tools", "化妆刷", "Brushes", "材质", "Material", "每周以温和清洁液清洗，平放阴干。", "Wash weekly with a mild cleanser and dry flat in the shade."),
    category!("sponge", "tools", "粉扑美妆蛋", "Sponges and puffs", "材质", "Material", "润湿挤干后使用，建议三个月更换。", "Use damp and replace every three months."),
    category!("device", "tools", "美容仪器", "Devices", "材质", "Material", "每次五分钟，配合精华使用，首次使用请阅读说明书。", "Five minutes at a time with a serum; read the booklet before the first use."),
    category!("gift", "sets", "节日礼盒", "Seasonal sets", "内含", "Contents", "礼盒附手写贺卡，可到店免费刻字。", "Comes with a card to write on; engraving is free in store."),
];
