//! The picture of the moment: what sells where, how much of it, in which category, at what price. In memory,
//! because it changes with every sale and every result is ranked and counted by it.

use std::collections::HashMap;
use std::hash::Hash;

use base::{CategoryId, Currency, PlaceId, ProductId, SkuId, Text};
use catalog::{Category, ProductStatus};
use places::{Book, Place, Service};

use crate::analysis::normal;
use crate::card::{Card, Fact, named};
use crate::facets::bucket;
use crate::model::AvailabilityState;
use crate::rank;

/// A set of small numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn has(&self, at: u32) -> bool {
        self.0
            .get(at as usize / 64)
            .is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Answers whether anything changed.
    fn set(&mut self, at: u32, to: bool) -> bool {
        if self.has(at) == to {
            return false;
        }
        let word = at as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] ^= 1 << (at % 64);
        true
    }

    fn add_all(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().flat_map(|(word, bits)| {
            (0..64_u32)
                .filter(move |bit| bits >> bit & 1 == 1)
                .map(move |bit| word as u32 * 64 + bit)
        })
    }
}

/// Things numbered in the order they came.
#[derive(Clone, Debug)]
pub(crate) struct Numbered<T> {
    items: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Numbered<T> {
    fn number(&mut self, item: &T) -> u32 {
        if let Some(number) = self.numbers.get(item) {
            return *number;
        }
        let number = self.items.len() as u32;
        self.items.push(item.clone());
        self.numbers.insert(item.clone(), number);
        number
    }

    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }
}

/// A product in numbers.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: ProductId,
    pub(crate) status: ProductStatus,
    pub(crate) category: u32,
    pub(crate) brand: u32,
    pub(crate) price_minor: i64,
    pub(crate) currency: Currency,
    /// Those that are counted.
    skus: Box<[u32]>,
    /// Whether one of its SKUs never runs out.
    endless: bool,
    pub(crate) facts: Box<[u32]>,
    /// Among which prices it is counted.
    pub(crate) price_bucket: u8,
    pub(crate) sold: u32,
    /// The same on the scale of [`rank::popularity`].
    sales: f32,
}

/// A place and which SKUs can be promised there.
#[derive(Debug)]
struct Shelf {
    ships: bool,
    trades: bool,
    stock: Bits,
}

/// A category with its place in the tree.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    pub(crate) id: CategoryId,
    pub(crate) parent: Option<u32>,
    pub(crate) name: Text,
    pub(crate) sought: Sought,
}

/// What a category or a brand is found by while somebody types.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sought {
    pub(crate) normals: Vec<String>,
    pub(crate) sounds: Vec<String>,
}

impl Sought {
    pub(crate) fn of(name: &Text) -> Self {
        let mut normals = vec![normal(&name.zh), normal(&name.en)];
        normals.retain(|one| !one.is_empty());
        let sounds = text::pinyin_keys(&normal(&name.zh));
        Self { normals, sounds }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    rows: Vec<Row>,
    by_product: HashMap<ProductId, u32>,
    skus: HashMap<SkuId, u32>,
    /// How many places that ship, and that trade, can promise a SKU.
    online: Vec<u16>,
    anywhere: Vec<u16>,
    brands: Numbered<Text>,
    brands_sought: Vec<Sought>,
    facts: Numbered<Fact>,
    branches: Vec<Branch>,
    branch_at: HashMap<CategoryId, u32>,
    shelves: Vec<Shelf>,
    shelf_at: HashMap<PlaceId, usize>,
    sales_most: f32,
    /// Whether every balance was looked at; before that nothing counts as out of stock.
    stock_known: bool,
}

impl Picture {
    // ---- products --------------------------------------------------------------------------------------------

    /// The number a product has or gets.
    pub(crate) fn slot(&self, id: ProductId) -> Option<u32> {
        self.by_product.get(&id).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn row(&self, slot: u32) -> Option<&Row> {
        self.rows.get(slot as usize)
    }

    /// Takes a product in, or its change; answers its number and the SKUs that were not known before.
    pub(crate) fn put(&mut self, card: &Card) -> (u32, Vec<SkuId>) {
        let mut fresh = Vec::new();
        let mut skus = Vec::with_capacity(card.skus.len());
        for sku in card.skus.iter().filter(|sku| sku.tracked) {
            let next = self.skus.len() as u32;
            let number = *self.skus.entry(sku.id).or_insert_with(|| {
                fresh.push(sku.id);
                next
            });
            skus.push(number);
        }
        self.online.resize(self.skus.len(), 0);
        self.anywhere.resize(self.skus.len(), 0);
        let brand = self.brands.number(&card.brand);
        if self.brands_sought.len() <= brand as usize {
            self.brands_sought.push(Sought::of(&card.brand));
        }
        let facts = card.facts.iter().map(|fact| self.facts.number(fact)).collect();
        let before = self.slot(card.id).and_then(|slot| self.row(slot));
        let sold = before.map_or(0, |row| row.sold);
        let row = Row {
            id: card.id,
            status: card.status,
            category: self.branch(card.category),
            brand,
            price_minor: card.price.amount_minor,
            currency: card.price.currency,
            skus: skus.into(),
            endless: card.skus.iter().any(|sku| !sku.tracked),
            facts,
            price_bucket: bucket(card.price.amount_minor),
            sold,
            sales: rank::sales(sold),
        };
        let slot = match self.slot(card.id) {
            Some(slot) => {
                self.rows[slot as usize] = row;
                slot
            }
            None => {
                let slot = self.rows.len() as u32;
                self.rows.push(row);
                self.by_product.insert(card.id, slot);
                slot
            }
        };
        (slot, fresh)
    }

    // ---- categories, brands, attributes ----------------------------------------------------------------------

    fn branch(&mut self, id: CategoryId) -> u32 {
        if let Some(at) = self.branch_at.get(&id) {
            return *at;
        }
        let at = self.branches.len() as u32;
        self.branches.push(Branch {
            id,
            parent: None,
            name: Text::default(),
            sought: Sought::default(),
        });
        self.branch_at.insert(id, at);
        at
    }

    /// Learns the tree.
    pub(crate) fn put_categories(&mut self, categories: &[Category]) {
        for category in categories {
            let parent = category.parent_id.map(|id| self.branch(id));
            let at = self.branch(category.id) as usize;
            let branch = &mut self.branches[at];
            branch.parent = parent;
            branch.name = category.name.clone();
            branch.sought = Sought::of(&category.name);
        }
    }

    pub(crate) fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The names of a category and of those above it.
    pub(crate) fn path(&self, id: CategoryId) -> Vec<&Text> {
        let mut names = Vec::new();
        let mut at = self.branch_at.get(&id).copied();
        // A tree deeper than its nodes is a circle, which the catalogue refuses.
        while let Some(branch) = at.and_then(|at| self.branches.get(at as usize)) {
            if names.len() > self.branches.len() {
                break;
            }
            names.push(&branch.name);
            at = branch.parent;
        }
        names
    }

    /// Which branches lie within a category.
    pub(crate) fn within(&self, id: CategoryId) -> Vec<bool> {
        let top = self.branch_at.get(&id).copied();
        (0..self.branches.len() as u32)
            .map(|start| {
                let mut at = Some(start);
                for _ in 0..=self.branches.len() {
                    if at.is_none() || at == top {
                        break;
                    }
                    at = at.and_then(|at| self.branches[at as usize].parent);
                }
                at.is_some() && at == top
            })
            .collect()
    }

    pub(crate) fn brands(&self) -> &[Text] {
        self.brands.items()
    }

    /// What the brands are found by while somebody types, in the same order.
    pub(crate) fn brands_sought(&self) -> &[Sought] {
        &self.brands_sought
    }

    /// The products, by number.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Which brands go by these names.
    pub(crate) fn brands_named(&self, names: &[String]) -> Vec<bool> {
        self.brands()
            .iter()
            .map(|brand| names.iter().any(|name| name == named(brand) || *name == brand.en))
            .collect()
    }

    pub(crate) fn facts(&self) -> &[Fact] {
        self.facts.items()
    }

    // ---- stock -----------------------------------------------------------------------------------------------

    /// Learns what places do.
    pub(crate) fn put_places(&mut self, book: &Book) {
        let mut changed = false;
        for place in book.iter() {
            let (ships, trades) = (place.active && place.offers(Service::Ship), place.active);
            let shelf = self.shelf(place.id);
            changed |= (shelf.ships, shelf.trades) != (ships, trades);
            (shelf.ships, shelf.trades) = (ships, trades);
        }
        if changed {
            self.recount();
        }
    }

    fn shelf(&mut self, place: PlaceId) -> &mut Shelf {
        let next = self.shelves.len();
        let at = *self.shelf_at.entry(place).or_insert(next);
        if at == next {
            self.shelves.push(Shelf {
                ships: false,
                trades: false,
                stock: Bits::default(),
            });
        }
        &mut self.shelves[at]
    }

    fn recount(&mut self) {
        self.online.fill(0);
        self.anywhere.fill(0);
        for shelf in self.shelves.iter().filter(|shelf| shelf.trades) {
            for sku in shelf.stock.iter() {
                self.anywhere[sku as usize] += 1;
                self.online[sku as usize] += u16::from(shelf.ships);
            }
        }
    }

    /// Learns whether a SKU can be promised at a place.
    pub(crate) fn put_stock(&mut self, sku: SkuId, place: PlaceId, is_there: bool) {
        let Some(sku) = self.skus.get(&sku).copied() else {
            return;
        };
        let shelf = self.shelf(place);
        if !shelf.stock.set(sku, is_there) {
            return;
        }
        let (ships, trades) = (shelf.ships && shelf.trades, shelf.trades);
        let count = |counter: &mut u16, counts: bool| match (counts, is_there) {
            (true, true) => *counter += 1,
            (true, false) => *counter = counter.saturating_sub(1),
            (false, _) => {}
        };
        count(&mut self.online[sku as usize], ships);
        count(&mut self.anywhere[sku as usize], trades);
    }

    pub(crate) fn set_stock_known(&mut self) {
        self.stock_known = true;
    }

    pub(crate) const fn stock_known(&self) -> bool {
        self.stock_known
    }

    // ---- what sells ------------------------------------------------------------------------------------------

    /// Learns how much was sold of everything.
    pub(crate) fn put_sold_all(&mut self, sold: &[(ProductId, i64)]) {
        for row in &mut self.rows {
            (row.sold, row.sales) = (0, 0.0);
        }
        self.sales_most = 0.0;
        for (product, pieces) in sold {
            self.add_sold(*product, *pieces);
        }
    }

    /// Some more were sold.
    pub(crate) fn add_sold(&mut self, product: ProductId, pieces: i64) {
        let Some(slot) = self.slot(product) else { return };
        let row = &mut self.rows[slot as usize];
        row.sold = row.sold.saturating_add(u32::try_from(pieces).unwrap_or(0));
        row.sales = rank::sales(row.sold);
        self.sales_most = self.sales_most.max(row.sales);
    }

    /// How much a product sells beside what sells most, 0 to 1.
    pub(crate) fn popularity(&self, row: &Row) -> f32 {
        rank::popularity(row.sales, self.sales_most)
    }

    // ---- from where somebody looks -----------------------------------------------------------------------------

    /// The view from a place, or from a point with places around it.
    pub(crate) fn view(&self, here: Option<PlaceId>, near: &[PlaceId]) -> View {
        let mut around = Bits::default();
        for shelf in near.iter().filter_map(|id| self.shelf_at.get(id)) {
            around.add_all(&self.shelves[*shelf].stock);
        }
        View {
            here: here.and_then(|id| self.shelf_at.get(&id).copied()),
            has_here: here.is_some(),
            around,
            has_near: !near.is_empty(),
        }
    }

    /// How a product can be had from there.
    pub(crate) fn state(&self, row: &Row, view: &View) -> AvailabilityState {
        let any = |has: &dyn Fn(u32) -> bool| row.endless || row.skus.iter().any(|sku| has(*sku));
        let here = view.here.map(|at| &self.shelves[at].stock);
        if view.has_here && any(&|sku| here.is_some_and(|stock| stock.has(sku))) {
            AvailabilityState::Here
        } else if view.has_near && any(&|sku| view.around.has(sku)) {
            AvailabilityState::Near
        } else if any(&|sku| self.online[sku as usize] > 0) {
            AvailabilityState::Online
        } else if any(&|sku| self.anywhere[sku as usize] > 0) {
            AvailabilityState::Elsewhere
        } else {
            AvailabilityState::None
        }
    }

    /// Which of these places can promise a product, in the order asked for.
    pub(crate) fn places_of(&self, row: &Row, places: &[PlaceId]) -> Vec<PlaceId> {
        let has = |id: &PlaceId| {
            self.shelf_at.get(id).is_some_and(|at| {
                let stock = &self.shelves[*at].stock;
                row.endless || row.skus.iter().any(|sku| stock.has(*sku))
            })
        };
        places.iter().copied().filter(has).collect()
    }
}

/// From where somebody looks at the stock.
#[derive(Debug, Default)]
pub(crate) struct View {
    here: Option<usize>,
    has_here: bool,
    around: Bits,
    has_near: bool,
}

/// Whether people collect there.
pub(crate) fn is_counter(place: &Place) -> bool {
    place.active && place.offers(Service::Collect)
}

#[cfg(test)]
mod tests {
    use base::Money;

    use super::*;
    use crate::card::CardSku;

    fn card(sku: SkuId) -> Card {
        Card {
            id: ProductId::new(),
            status: ProductStatus::Active,
            category: CategoryId::new(),
            brand: Text::same("B"),
            price: Money::new(100, Currency::CNY),
            skus: vec![CardSku {
                id: sku,
                tracked: true,
            }],
            facts: Vec::new(),
        }
    }

    #[test]
    fn stock_comes_goes_and_is_seen_from_where_one_stands() {
        let (sku, store, other) = (SkuId::new(), PlaceId::new(), PlaceId::new());
        let mut picture = Picture::default();
        let (slot, fresh) = picture.put(&card(sku));
        assert_eq!(fresh, [sku]);
        for place in [store, other] {
            let shelf = picture.shelf(place);
            (shelf.trades, shelf.ships) = (true, place == other);
        }
        let seen = |picture: &Picture, here: PlaceId| {
            let row = picture.row(slot).unwrap();
            picture.state(row, &picture.view(Some(here), &[]))
        };
        assert_eq!(seen(&picture, store), AvailabilityState::None);
        picture.put_stock(sku, store, true);
        picture.put_stock(sku, store, true);
        assert_eq!(seen(&picture, store), AvailabilityState::Here);
        assert_eq!(seen(&picture, other), AvailabilityState::Elsewhere);
        picture.put_stock(sku, other, true);
        picture.put_stock(sku, store, false);
        assert_eq!(seen(&picture, store), AvailabilityState::Online);
        picture.recount();
        assert_eq!(seen(&picture, store), AvailabilityState::Online);
    }

    #[test]
    fn what_is_not_counted_never_runs_out() {
        let mut card = card(SkuId::new());
        card.skus[0].tracked = false;
        let mut picture = Picture::default();
        let (slot, fresh) = picture.put(&card);
        assert!(fresh.is_empty());
        let row = picture.row(slot).unwrap();
        assert_eq!(picture.state(row, &View::default()), AvailabilityState::Online);
    }

    #[test]
    fn a_change_keeps_the_number_and_the_sales() {
        let mut card = card(SkuId::new());
        let mut picture = Picture::default();
        let (slot, _) = picture.put(&card);
        picture.add_sold(card.id, 7);
        card.price = Money::new(900, Currency::CNY);
        assert_eq!(picture.put(&card).0, slot);
        let row = picture.row(slot).unwrap();
        assert_eq!((row.sold, row.price_minor, picture.len()), (7, 900, 1));
    }
}
