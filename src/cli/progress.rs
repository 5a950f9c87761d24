//! How far a run has come, on a terminal; quiet elsewhere. And the ear for Ctrl-C.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::experiment::{Listener, Progress};

/// Exit code after a second Ctrl-C: that of programs which the signal ends.
const STOPPED_AT_ONCE: i32 = 130;

/// Shows progress and carries the wish to stop.
#[derive(Debug)]
pub(crate) struct Terminal {
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
}

impl Terminal {
    /// Listens to Ctrl-C (and a request to terminate) from now on: it asks the run to stop, which it does at the next instant of the timeline. The
    /// second time it ends the program; what that leaves unfinished the next run removes.
    pub(crate) fn new(planned: u32, quiet: bool) -> Self {
        let visible = !quiet && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(u64::from(planned)), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} replications, {elapsed} gone, {eta} to go {msg}") {
            bar.set_style(style);
        }
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let words = bar.clone();
        // Without a handler Ctrl-C simply ends the program: nothing is lost but what is not yet written.
        let _ = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::Relaxed) {
                words.finish_and_clear();
                super::complain("stopped at once: nothing was written");
                std::process::exit(STOPPED_AT_ONCE);
            }
            words.set_message("stopping, what is finished is kept (again: at once)");
        });
        Self { bar, stop }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Listener for Terminal {
    fn progress(&self, progress: Progress) {
        self.bar.set_length(u64::from(progress.planned));
        self.bar.set_position(u64::from(progress.finished));
        if let Some(width) = progress.relative_half_width {
            self.bar.set_message(format!("(half-width {:.1} %)", width * 100.0));
        }
    }

    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
