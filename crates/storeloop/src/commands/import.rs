//! `storeloop import`

use std::path::Path;
use std::time::Duration;

use import::mapping::Mapping;
use import::{Flow, Importer, Job, OnProgress, Phase, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use startup::config::Config;

use crate::cli::ImportArgs;
use crate::commands::{Done, open, say, terminal_locale};

/// Brings files in through a mapping.
///
/// # Errors
/// When the mapping or a file cannot be read, or the store fails. Bad rows are no error but are reported.
pub(crate) async fn import(config: &Config, args: &ImportArgs) -> Done {
    if args.mapping == "list" {
        import::preset::PRESETS.iter().for_each(|preset| say(preset.name));
        return Ok(());
    }
    if args.files.is_empty() {
        return Err(format!(
            "name the files to read: storeloop import {} <files>",
            args.mapping
        ));
    }
    let job = Job {
        mapping: mapping(&args.mapping)?,
        files: args.files.clone(),
        report: args.report.clone(),
    };
    let bar = ProgressBar::new(0);
    let on_progress = draw(bar.clone());
    let summary = if args.dry_run {
        tokio::task::spawn_blocking(move || import::dry_run(&job, on_progress))
            .await
            .map_err(|e| e.to_string())?
            .map_err(|e| e.to_string())?
    } else {
        let house = open(config).await?;
        let importer = Importer::new(
            house.db.clone(),
            house.catalog.clone(),
            house.places.clone(),
            house.stock.clone(),
        );
        let summary = importer.run(job, on_progress).await.map_err(|e| e.to_string());
        house.db.shutdown().await;
        summary?
    };
    bar.finish_and_clear();
    say(&summary.text(terminal_locale()));
    if let Some(report) = args.report.as_deref().filter(|_| !summary.issues.is_empty()) {
        say(&format!("bad rows: {}", report.display()));
    }
    Ok(())
}

fn mapping(name: &str) -> Done<Mapping> {
    if let Some(preset) = import::preset::preset(name) {
        return preset.map_err(|e| e.to_string());
    }
    let path = Path::new(name);
    if path.extension().is_none_or(|ending| ending != "toml") {
        return Err(format!(
            "there is no preset `{name}`; `storeloop import list` names them, a mapping of your own ends in .toml"
        ));
    }
    let text = std::fs::read_to_string(path).map_err(|e| format!("{name}: {e}"))?;
    Mapping::parse(name, &text).map_err(|e| e.to_string())
}

fn draw(bar: ProgressBar) -> OnProgress {
    let style = |template: &str| {
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
    };
    let counted = style("{msg:32} {bar:30} {human_pos}/{human_len}");
    let open_ended = style("{msg:32} {spinner} {human_pos}");
    bar.enable_steady_tick(Duration::from_millis(200));
    Box::new(move |progress: &Progress| {
        let left = progress
            .remaining
            .map_or_else(String::new, |d| format!(" {} s", d.as_secs()));
        let verb = match progress.phase {
            Phase::Reading => "read",
            Phase::Landing => "write",
        };
        match progress.total {
            Some(total) => {
                bar.set_style(counted.clone());
                bar.set_length(total);
            }
            None => bar.set_style(open_ended.clone()),
        }
        bar.set_position(progress.done);
        bar.set_message(format!(
            "{verb} {} {:.0}/s{left}",
            progress.step, progress.per_second
        ));
        Flow::Continue
    })
}
