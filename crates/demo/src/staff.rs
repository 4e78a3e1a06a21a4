//! The people who sign in to the demo.

use base::Text;

use crate::chain::{Place, Role, Scope, Staff};
use crate::places;
use crate::rng::Rng;

#[rustfmt::skip]
const WORDS: [&str; 32] = [
    "amber", "bamboo", "birch", "camellia", "cedar", "cloud", "coral", "crane", "dawn", "fern", "ginger", "harbor",
    "indigo", "ivory", "jade", "juniper", "lotus", "maple", "meadow", "mist", "osmanthus", "pearl", "pine", "plum",
    "quartz", "river", "sage", "silk", "slate", "sparrow", "willow", "zephyr",
];

/// Position of the people the stories need in the staff table.
pub(crate) struct Cast;

impl Cast {
    pub(crate) const HEAD_OFFICE: usize = 1;
    pub(crate) const MANAGER: usize = 2;
    pub(crate) const ASSOCIATE: usize = 3;
    pub(crate) const SHANGHAI_ASSOCIATE: usize = 4;
    pub(crate) const EXPERIENCE: usize = 6;
    pub(crate) const SUPPLY: usize = 8;
}

/// Hires the cast.
pub(crate) fn hire(seed: u64, places: &[Place]) -> Vec<Staff> {
    let password = passphrase(seed);
    let hubin = 0;
    let shanghai = places::stores(places)
        .iter()
        .position(|place| place.address.city.en == "Shanghai")
        .unwrap_or(hubin);
    let everywhere = (Scope::All, None);
    let at = |place: usize| (Scope::Place(place), Some(place));
    let cast = [
        (
            "admin",
            "程远",
            "Cheng Yuan",
            "系统管理员",
            "Administrator",
            Role::Admin,
            everywhere,
        ),
        (
            "hq",
            "顾南",
            "Gu Nan",
            "总部运营",
            "Head office",
            Role::HeadOffice,
            everywhere,
        ),
        (
            "hubin.manager",
            "沈清",
            "Shen Qing",
            "杭州湖滨店店长",
            "Store manager, Hangzhou Hubin",
            Role::StoreManager,
            at(hubin),
        ),
        (
            "hubin.associate",
            "叶晨",
            "Ye Chen",
            "杭州湖滨店导购",
            "Associate, Hangzhou Hubin",
            Role::Associate,
            at(hubin),
        ),
        (
            "shanghai.associate",
            "陆一诺",
            "Lu Yinuo",
            "上海南京西路店导购",
            "Associate, Shanghai Nanjing West Road",
            Role::Associate,
            at(shanghai),
        ),
        (
            "service",
            "苏可",
            "Su Ke",
            "客服",
            "Service agent",
            Role::ServiceAgent,
            everywhere,
        ),
        (
            "experience",
            "方晴",
            "Fang Qing",
            "体验经理",
            "Experience manager",
            Role::ExperienceManager,
            everywhere,
        ),
        (
            "marketing",
            "唐若",
            "Tang Ruo",
            "营销经理",
            "Marketer",
            Role::Marketer,
            everywhere,
        ),
        (
            "supply",
            "秦川",
            "Qin Chuan",
            "供应链负责人",
            "Supply owner",
            Role::HeadOffice,
            everywhere,
        ),
    ];
    cast.into_iter()
        .map(|(login, zh, en, title_zh, title_en, role, (scope, home))| Staff {
            login,
            name: Text::new(zh, en),
            title: Text::new(title_zh, title_en),
            password: password.clone(),
            role,
            scope,
            home,
        })
        .collect()
}

/// One pass phrase for all demo accounts: easy to type, different for another seed.
fn passphrase(seed: u64) -> String {
    let mut rng = Rng::stream(seed, "passphrase");
    format!(
        "{}-{}-{:04}",
        rng.pick(&WORDS),
        rng.pick(&WORDS),
        rng.below(10_000)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cast_sits_where_the_stories_look_for_it() {
        let calendar = crate::calendar::Calendar::new(base::Time::from_seconds(1_795_000_000), 183);
        let places = places::open(7, &calendar, 50);
        let staff = hire(7, &places);
        assert_eq!(staff[Cast::EXPERIENCE].role, Role::ExperienceManager);
        assert_eq!(staff[Cast::SUPPLY].login, "supply");
        assert_eq!(places[staff[4].home.unwrap()].name.zh, "上海南京西路店");
        assert!(
            staff
                .iter()
                .all(|person| person.password.len() >= 12 && person.password == staff[0].password)
        );
        assert_ne!(passphrase(7), passphrase(8));
    }
}
