//! The greeting of the shell (compatibility 15).

use super::{Color, Layout};

const LOGO: &str = "
██╗  ██╗███████╗███╗   ███╗     ██████╗██╗     ██╗
██║ ██╔╝██╔════╝████╗ ████║    ██╔════╝██║     ██║
█████╔╝ ███████╗██╔████╔██║    ██║     ██║     ██║
██╔═██╗ ╚════██║██║╚██╔╝██║    ██║     ██║     ██║
██║  ██╗███████║██║ ╚═╝ ██║    ╚██████╗███████╗██║
╚═╝  ╚═╝╚══════╝╚═╝     ╚═╝     ╚═════╝╚══════╝╚═╝
    ";

pub(crate) fn banner(layout: Layout) -> String {
    let paint = |text, color| layout.colors.paint(text, Some(color));
    let logo = paint(LOGO, Color::Blue);
    let label = paint("Current Version: ", Color::Cyan);
    let version = paint(env!("CARGO_PKG_VERSION"), Color::Green);
    let text =
        format!("{logo}\n{label}{version}\n\nRunning in shell mode. Type 'quit' to exit.\n\n");
    layout.colors.finish(text)
}
