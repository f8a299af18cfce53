//! `ksm help`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use ksm::clock;
use ksm::environment::names;
use ksm::guide::{TOPICS, Topic};
use time::OffsetDateTime;

use super::context::Context;
use crate::cli;
use crate::console::{Console, Screen};
use crate::failure::{Code, Failure, Result};
use crate::render::{self, Ink, ManPage, Paper};

/// Where no terminal tells its width.
const WIDTH: usize = 80;
/// The eye loses the beginning of longer lines.
const WIDEST: usize = 100;

pub(super) fn help(args: &cli::HelpArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    if let Some(directory) = &args.man {
        return write_man_pages(&ctx.environment.absolute(directory), &day(ctx)?);
    }
    let words = args.words.as_slice();
    let text = match Topic::named(&words.join("-")) {
        _ if words.is_empty() => cli::help(words, None)? + &topics(width(console, WIDTH)),
        Some(topic) if cli::is_command(words) => {
            let options = cli::help(words, Some(topic.name))?;
            format!("{options}\n\n{}", page(topic, ctx, console))
        }
        Some(topic) => page(topic, ctx, console),
        None => cli::help(words, None)?,
    };
    Ok(console.paged(&text, &ctx.environment)?)
}

fn page(topic: &Topic, ctx: &Context, console: &Console) -> String {
    let paper = Paper {
        width: width(console, WIDEST),
        ink: match console.is_styled(&ctx.environment) {
            true => Ink::Terminal,
            false => Ink::Plain,
        },
    };
    render::page(topic.text, paper)
}

/// The columns of the terminal, at most `most`.
fn width(console: &Console, most: usize) -> usize {
    let screen = Screen::of_stdout().filter(|_| console.is_terminal());
    screen.map_or(WIDTH, |screen| screen.columns.min(most))
}

fn topics(width: usize) -> String {
    let widest = TOPICS.iter().map(|topic| topic.name.len()).max();
    let names = widest.unwrap_or(0);
    let indent = names + 4;
    let mut text = "\nThe guide (`ksm help TOPIC`):\n".to_owned();
    for topic in TOPICS {
        let lines = render::wrap(topic.summary, width.saturating_sub(indent));
        let summary = lines.join(&format!("\n{:indent$}", ""));
        text += &format!("  {:names$}  {summary}\n", topic.name);
    }
    text
}

// The day of today, or of `SOURCE_DATE_EPOCH`, so that a build can be repeated.
fn day(ctx: &Context) -> Result<String> {
    let fixed = ctx.environment.trimmed(names::SOURCE_DATE_EPOCH);
    let at = match fixed {
        None => clock::now().map_err(|error| Failure::new(Code::Failed, error))?,
        Some(seconds) => {
            let at = seconds
                .parse()
                .ok()
                .map(OffsetDateTime::from_unix_timestamp);
            at.and_then(Result::ok).ok_or_else(|| {
                Failure::new(
                    Code::Local,
                    "SOURCE_DATE_EPOCH is no number of seconds since 1970",
                )
            })?
        }
    };
    Ok(at.date().to_string())
}

// In the directories that `man -M` looks in.
fn write_man_pages(directory: &Path, day: &str) -> Result<()> {
    for page in cli::pages() {
        let name = page.name.replace(' ', "-");
        write(directory, &name, 1, &ManPage::of_command(&page, day))?;
    }
    for topic in TOPICS {
        let name = format!("ksm-{}", topic.name);
        write(directory, &name, 7, &ManPage::of_topic(topic, day))?;
    }
    Ok(())
}

fn write(directory: &Path, name: &str, section: u8, source: &str) -> Result<()> {
    let path = directory.join(format!("man{section}/{name}.{section}"));
    let doing = format!("cannot write {}", path.display());
    publish(&path, source).map_err(|error| Failure::new(Code::Failed, error).while_doing(doing))
}

/// Takes the place of whatever has the name, and follows no link of another user.
#[expect(clippy::disallowed_methods, reason = "everybody may read a manual")]
fn publish(path: &Path, source: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(path);
    fs::create_dir_all(directory)?;
    if fs::symlink_metadata(directory)?.is_symlink() {
        return Err(io::Error::other("its directory is a link"));
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "its mode is set elsewhere"))]
    let mut draft = tempfile::Builder::new();
    #[cfg(unix)]
    draft.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut draft = draft.tempfile_in(directory)?;
    draft.write_all(source.as_bytes())?;
    draft.persist(path)?;
    Ok(())
}
