//! A large assortment that was made up: a hundred thousand products with names in Chinese and English, four fifths of
//! them in stock somewhere, and the questions people would ask of it.

use base::{CategoryId, PlaceId, ProductId, Result, SkuId};
use db::{Db, Tx, Value};

/// How many products there are.
pub(crate) const PRODUCTS: usize = 100_000;
/// Rows written in one unit of work.
const ROWS_AT_ONCE: usize = 10_000;
/// One product in so many is nowhere in stock.
const ONE_IN_GONE: usize = 5;

/// A word in Chinese, in pinyin and in English.
type Word = (&'static str, &'static str, &'static str);

const BRANDS: &[Word] = &[
    ("澜光", "languang", "Lan Glow"),
    ("木言", "muyan", "Muyan"),
    ("白露集", "bailuji", "Bailu"),
    ("远山", "yuanshan", "Farhill"),
    ("青禾", "qinghe", "Greengrain"),
    ("晨雾", "chenwu", "Morning Mist"),
    ("花信", "huaxin", "Bloomletter"),
    ("素问", "suwen", "Plain Word"),
    ("月见", "yuejian", "Moonseen"),
    ("南浔", "nanxun", "Nanxun"),
    ("知夏", "zhixia", "Knowing Summer"),
    ("云栖", "yunqi", "Cloudrest"),
    ("石见", "shijian", "Stonewell"),
    ("初雪", "chuxue", "First Snow"),
    ("半夏", "banxia", "Midsummer"),
    ("听澜", "tinglan", "Wavelisten"),
    ("川上", "chuanshang", "Upstream"),
    ("禾木", "hemu", "Hemu"),
    ("清欢", "qinghuan", "Quiet Joy"),
    ("北辰", "beichen", "Northstar"),
];
const LINES: &[Word] = &[
    ("玫瑰", "meigui", "Rose"),
    ("山茶", "shancha", "Camellia"),
    ("海藻", "haizao", "Seaweed"),
    ("绿茶", "lvcha", "Green Tea"),
    ("积雪草", "jixuecao", "Centella"),
    ("乳木果", "rumuguo", "Shea"),
    ("烟酰胺", "yanxianan", "Niacinamide"),
    ("玻尿酸", "boniaosuan", "Hyaluronic"),
    ("竹炭", "zhutan", "Bamboo Charcoal"),
    ("燕麦", "yanmai", "Oat"),
    ("柚子", "youzi", "Yuzu"),
    ("檀木", "tanmu", "Sandalwood"),
    ("薄荷", "bohe", "Mint"),
    ("雪莲", "xuelian", "Snow Lotus"),
    ("蜂蜜", "fengmi", "Honey"),
    ("樱花", "yinghua", "Cherry Blossom"),
    ("人参", "renshen", "Ginseng"),
    ("珍珠", "zhenzhu", "Pearl"),
    ("芦荟", "luhui", "Aloe"),
    ("橙花", "chenghua", "Neroli"),
    ("无花果", "wuhuaguo", "Fig"),
    ("红石榴", "hongshiliu", "Pomegranate"),
    ("黑松露", "heisonglu", "Truffle"),
    ("椰子", "yezi", "Coconut"),
    ("洋甘菊", "yangganju", "Chamomile"),
];
const EFFECTS: &[Word] = &[
    ("保湿", "baoshi", "Hydrating"),
    ("修护", "xiuhu", "Repair"),
    ("控油", "kongyou", "Matte"),
    ("舒缓", "shuhuan", "Soothing"),
    ("亮颜", "liangyan", "Brightening"),
    ("紧致", "jinzhi", "Firming"),
    ("轻盈", "qingying", "Light"),
    ("丝滑", "sihua", "Silk"),
    ("滋养", "ziyang", "Nourishing"),
    ("焕新", "huanxin", "Renewing"),
];
const KINDS: &[Word] = &[
    ("面霜", "mianshuang", "Cream"),
    ("精华液", "jinghuaye", "Serum"),
    ("口红", "kouhong", "Lipstick"),
    ("防晒乳", "fangshairu", "Sunscreen"),
    ("洁面乳", "jiemianru", "Cleanser"),
    ("面膜", "mianmo", "Mask"),
    ("眼影", "yanying", "Eyeshadow"),
    ("粉底液", "fendiye", "Foundation"),
    ("香水", "xiangshui", "Perfume"),
    ("洗发水", "xifashui", "Shampoo"),
    ("护手霜", "hushoushuang", "Hand Cream"),
    ("身体乳", "shentiru", "Body Lotion"),
    ("唇膏", "chungao", "Lip Balm"),
    ("卸妆油", "xiezhuangyou", "Cleansing Oil"),
    ("爽肤水", "shuangfushui", "Toner"),
    ("眼霜", "yanshuang", "Eye Cream"),
    ("腮红", "saihong", "Blush"),
    ("睫毛膏", "jiemaogao", "Mascara"),
    ("沐浴露", "muyulu", "Shower Gel"),
    ("护发素", "hufasu", "Conditioner"),
];

/// The words of a product: brand, line, effect, kind. All hundred thousand differ.
struct Named([Word; 4]);

impl Named {
    fn of(nth: usize) -> Self {
        let (brand, rest) = (nth % BRANDS.len(), nth / BRANDS.len());
        let (line, rest) = (rest % LINES.len(), rest / LINES.len());
        let (effect, rest) = (rest % EFFECTS.len(), rest / EFFECTS.len());
        Self([
            BRANDS[brand],
            LINES[line],
            EFFECTS[effect],
            KINDS[rest % KINDS.len()],
        ])
    }

    fn zh(&self) -> String {
        self.0.iter().map(|word| word.0).collect()
    }

    fn en(&self) -> String {
        self.0.map(|word| word.2).join(" ")
    }
}

fn kind_of(nth: usize) -> usize {
    nth / (BRANDS.len() * LINES.len() * EFFECTS.len()) % KINDS.len()
}

/// Writes the assortment where [`catalog::MIGRATIONS`] and [`stock::MIGRATIONS`] are applied, straight into the tables:
/// it is to be searched, and nobody is to wait for the catalogue's own care.
pub(crate) async fn load(db: &Db, places: &[PlaceId]) -> Result<()> {
    let kinds: Vec<CategoryId> = KINDS.iter().map(|_| CategoryId::new()).collect();
    let rows: Vec<Vec<Value>> = KINDS
        .iter()
        .zip(&kinds)
        .enumerate()
        .map(|(nth, (kind, id))| {
            let code = format!("kind-{nth}");
            vec![
                (*id).into(),
                code.into(),
                kind.0.into(),
                kind.2.into(),
                Value::Int(nth as i64),
            ]
        })
        .collect();
    insert(
        db,
        "catalog_category (id, code, name_zh, name_en, position)",
        rows,
    )
    .await?;

    let ids: Vec<(ProductId, SkuId)> = (0..PRODUCTS).map(|_| (ProductId::new(), SkuId::new())).collect();
    let now = db.now().await?;
    let products = |(nth, (id, _)): (usize, &(ProductId, SkuId))| -> Vec<Value> {
        let (named, brand) = (Named::of(nth), Named::of(nth).0[0]);
        vec![
            (*id).into(),
            format!("P{nth:06}").into(),
            named.zh().into(),
            named.en().into(),
            brand.0.into(),
            brand.2.into(),
            kinds[kind_of(nth)].into(),
            "".into(),
            "".into(),
            "[]".into(),
            "[]".into(),
            "active".into(),
            price(nth).into(),
            "CNY".into(),
            Value::Int(1),
            Value::Int(1),
            now.into(),
        ]
    };
    let columns = "catalog_product (id, code, name_zh, name_en, brand_zh, brand_en, category_id, description_zh, \
                   description_en, attributes_json, media_json, status, price_minor, price_currency, sku_count, \
                   version, updated_at)";
    insert(db, columns, ids.iter().enumerate().map(products).collect()).await?;

    let skus = |(nth, (product, id)): (usize, &(ProductId, SkuId))| -> Vec<Value> {
        vec![
            (*id).into(),
            (*product).into(),
            format!("P{nth:06}-1").into(),
            "正装".into(),
            "Full size".into(),
            price(nth).into(),
            "CNY".into(),
            true.into(),
            true.into(),
            Value::Int(0),
        ]
    };
    let columns = "catalog_sku (id, product_id, code, option_zh, option_en, price_minor, price_currency, tracked, \
                   active, position)";
    insert(db, columns, ids.iter().enumerate().map(skus).collect()).await?;

    let in_stock = ids
        .iter()
        .enumerate()
        .filter(|(nth, _)| !nth.is_multiple_of(ONE_IN_GONE));
    let balances = in_stock.map(|(nth, (_, sku))| -> Vec<Value> {
        let zero = Value::Int(0);
        let on_hand = Value::Int(1 + (nth % 40) as i64);
        vec![
            (*sku).into(),
            places[nth % places.len()].into(),
            on_hand,
            zero.clone(),
            zero.clone(),
            zero.clone(),
            zero.clone(),
            zero,
            Value::Int(1),
            now.into(),
        ]
    });
    let columns = "stock_balance (sku_id, place_id, on_hand, reserved, quarantined, in_transit, safety_stock, \
                   shortfall, version, updated_at)";
    insert(db, columns, balances.collect()).await
}

/// From 19.00 to 1,018.00.
fn price(nth: usize) -> i64 {
    1_900 + (nth * 7_919 % 1_000) as i64 * 100
}

async fn insert(db: &Db, columns: &'static str, rows: Vec<Vec<Value>>) -> Result<()> {
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        let chunk = chunk.to_vec();
        let unit = async move |tx: &Tx| tx.insert_many(columns, &chunk, "").await;
        db.write_guarded(unit).await?;
    }
    Ok(())
}

/// The Chinese names, for whoever looks them up without a search engine.
pub(crate) fn names() -> impl Iterator<Item = String> {
    (0..PRODUCTS).map(|nth| Named::of(nth).zh())
}

/// The words most often looked up.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    LINES.iter().chain(KINDS).chain(EFFECTS).map(|word| word.0)
}

/// The path and query of the `nth` question: what people type, in the mix they type it in.
pub(crate) fn question(nth: usize, places: &[PlaceId]) -> String {
    let Named([brand, line, effect, kind]) = Named::of(nth * 7_919 % PRODUCTS);
    let place = places[nth % places.len()];
    let search = |words: &str| {
        format!(
            "/api/v1/search/products?limit=24&place={place}&q={}",
            encoded(words)
        )
    };
    match nth % 12 {
        0 => search(&format!("{}{}", line.0, kind.0)),
        1 => search(&format!("{}{}", effect.0, kind.0)),
        2 => search(&format!("{}{}{}{}", brand.0, line.0, effect.0, kind.0)),
        3 => search(kind.0) + "&facets=true",
        4 => search(&format!("{} {}", line.2, kind.2)),
        5 => search(&format!("{} {}", slipped(effect.2), kind.2)),
        6 => search(&format!("{}{}", line.1, kind.1)),
        7 => search(&format!("{} {}", brand.1, kind.1)),
        8 => search(&format!("P{:06}", nth * 7_919 % PRODUCTS)),
        9 => search(&format!("{}{}", line.0, kind.0)) + "&facets=true&availability=here",
        10 => search("拖拉机轮胎"),
        _ => {
            let typed: String = format!("{}{}", line.0, kind.0).chars().take(3).collect();
            format!("/api/v1/search/suggestions?place={place}&q={}", encoded(&typed))
        }
    }
}

/// A slip of the finger: the third letter is missing.
fn slipped(word: &str) -> String {
    word.chars()
        .enumerate()
        .filter(|(at, _)| *at != 2)
        .map(|(_, letter)| letter)
        .collect()
}

/// As it stands in a query.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_products_have_one_name() {
        let names: HashSet<String> = names().collect();
        assert_eq!(names.len(), PRODUCTS);
    }

    #[test]
    fn questions_travel_as_ascii() {
        assert_eq!(encoded("口 a"), "%E5%8F%A3%20a");
        assert_eq!(slipped("Hydrating"), "Hyrating");
    }
}
