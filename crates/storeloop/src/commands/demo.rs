//! `storeloop demo`

use std::time::Duration;

use base::Locale;
use indicatif::{ProgressBar, ProgressStyle};
use startup::config::Config;

use crate::cli::DemoArgs;
use crate::commands::{Done, open, say, serve, terminal_locale, words};
use crate::house::House;
use crate::server;

/// The demo's own folder below the data folder, so that it never mixes with somebody's data.
const FOLDER: &str = "demo";

/// Generates a demo chain (once) and serves it.
///
/// # Errors
/// When the store holds something else, or the address cannot be listened on.
pub(crate) async fn demo(mut config: Config, args: &DemoArgs) -> Done {
    config.data_dir.push(FOLDER);
    // Nobody waits an hour in a demo to be asked how it was.
    config.survey.delay_minutes = 0;
    let listener = match args.load_only {
        true => None,
        false => Some(server::listen(config.server.listen).await?),
    };
    let house = open(&config).await?;
    let opened = fill(&house, args).await?;
    let Some(listener) = listener else {
        house.db.shutdown().await;
        return Ok(());
    };
    say(&welcome(&config.public_url(), &opened));
    serve::run(&config, house, listener).await
}

async fn fill(house: &House, args: &DemoArgs) -> Done<demo::Opened> {
    let standard = demo::Size::default();
    let or = |wanted: Option<u32>, usual: usize| wanted.map_or(usual, |n| n as usize);
    let size = demo::Size {
        stores: or(args.stores, standard.stores),
        members: or(args.members, standard.members),
        orders: or(args.orders, standard.orders),
        days: or(args.days, standard.days),
    };
    let parts = demo::House {
        db: house.db.clone(),
        access: house.access.clone(),
        catalog: house.catalog.clone(),
        places: house.places.clone(),
        stock: house.stock.clone(),
        pricing: house.pricing.clone(),
        payments: house.payments.clone(),
        epcis: house.epcis.clone(),
        flows: house.flows.clone(),
    };
    let locale = terminal_locale();
    let bar = ProgressBar::new(0);
    if let Ok(style) =
        ProgressStyle::with_template("{msg:28} {bar:30} {human_pos}/{human_len} {per_sec} {eta}")
    {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut last = None;
    let mut report = |part: demo::Part, done: usize, all: usize| {
        if last != Some(part) {
            last = Some(part);
            bar.reset();
            bar.set_message(part.name().get(locale).to_owned());
        }
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let opened = demo::open(&parts, args.seed, size, &mut report)
        .await
        .map_err(words)?;
    bar.finish_and_clear();
    Ok(opened)
}

fn welcome(url: &str, opened: &demo::Opened) -> String {
    let mut text = format!(
        "\n  店环 Storeloop\n\n  \
         console  控制台   {url}/console/\n  \
         store    门店应用 {url}/store/\n  \
         shop     网店     {url}/shop/\n\n  \
         sign-ins 账号（password 密码）:\n"
    );
    for one in &opened.sign_ins {
        text.push_str(&format!(
            "    {:<12} {:<22} {} · {}\n",
            one.login,
            one.password,
            one.title.get(Locale::Zh),
            one.title.get(Locale::En),
        ));
    }
    let (name, phone) = &opened.shopper;
    text.push_str(&format!(
        "\n  shopper 顾客: {} {phone}\n  one-time codes 验证码: {url}/console/messages\n\n  Ctrl-C stops 停止\n",
        name.get(Locale::Zh)
    ));
    text
}
