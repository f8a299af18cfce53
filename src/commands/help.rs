//! `ksm help`.

use ksm::guide::{TOPICS, Topic};

use super::context::Context;
use crate::cli;
use crate::console::{Console, Screen};
use crate::failure::Result;
use crate::render::{self, Paper};

/// Where no terminal tells its width.
const WIDTH: usize = 80;
/// The eye loses the beginning of longer lines.
const WIDEST: usize = 100;

pub(super) fn help(args: &cli::HelpArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let words = args.words.as_slice();
    let text = match Topic::named(&words.join("-")) {
        _ if words.is_empty() => cli::help(words)? + &topics(),
        Some(topic) if cli::is_command(words) => {
            format!("{}\n\n{}", cli::help(words)?, page(topic, ctx, console))
        }
        Some(topic) => page(topic, ctx, console),
        None => cli::help(words)?,
    };
    Ok(console.paged(&text, &ctx.environment)?)
}

fn page(topic: &Topic, ctx: &Context, console: &Console) -> String {
    let screen = Screen::of_stdout().filter(|_| console.is_terminal());
    let paper = Paper {
        width: screen.map_or(WIDTH, |screen| screen.columns.min(WIDEST)),
        is_styled: console.is_styled(&ctx.environment),
    };
    render::page(topic.text, paper)
}

fn topics() -> String {
    let widest = TOPICS.iter().map(|topic| topic.name.len()).max();
    let width = widest.unwrap_or(0);
    let lines = TOPICS
        .iter()
        .map(|topic| format!("  {:width$}  {}\n", topic.name, topic.summary));
    format!(
        "\nThe guide (`ksm help TOPIC`):\n{}",
        lines.collect::<String>()
    )
}
