//! How far a run has come, on a terminal; quiet elsewhere. And the ear for Ctrl-C.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::check::bytes;
use super::memory::Memory;
use crate::experiment::{Listener, Progress};

/// Exit code after a second Ctrl-C: that of programs which the signal ends.
const STOPPED_AT_ONCE: i32 = 130;

/// Signals that come together are one wish: programs that end others signal the process and then all of its group.
const ONE_WISH: Duration = Duration::from_millis(100);

/// From one look at the memory that is left to the next \[ms\].
const BETWEEN_LOOKS: u64 = 200;

/// What a run is about, which decides what Ctrl-C can stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Phase {
    Simulating,
    Writing,
    Written,
}

/// Shows progress and carries the wish to stop.
#[derive(Debug)]
pub(crate) struct Terminal {
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
    phase: Arc<AtomicU8>,
    began: Instant,
    /// When memory was last looked at \[ms since it began\].
    looked: AtomicU64,
    short_of_memory: AtomicBool,
    /// Replications that go on at a time, and need alike.
    at_a_time: usize,
}

impl Terminal {
    /// Listens to Ctrl-C (and a request to terminate) from now on: it asks the run to stop, which it does at the next instant of the timeline. The
    /// second time it ends the program; what that leaves unfinished the next run removes. What is simulated to the end is written all the same.
    #[expect(clippy::disallowed_methods, reason = "the clock tells one signal from the next")]
    pub(crate) fn new(planned: u32, at_a_time: usize, quiet: bool) -> Self {
        let visible = !quiet && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(u64::from(planned)), target);
        restyle(&bar, WITHOUT_END);
        let stop = Arc::new(AtomicBool::new(false));
        let phase = Arc::new(AtomicU8::new(Phase::Simulating as u8));
        let (flag, now, shown) = (Arc::clone(&stop), Arc::clone(&phase), bar.clone());
        let mut last: Option<Instant> = None;
        // Without a handler Ctrl-C simply ends the program: nothing is lost but what is not yet written.
        let _ = ctrlc::set_handler(move || {
            if last.is_some_and(|last| last.elapsed() < ONE_WISH) {
                return;
            }
            last = Some(Instant::now());
            let phase = now.load(Ordering::Relaxed);
            if phase == Phase::Written as u8 {
                // Whatever it is that still keeps it.
                std::process::exit(STOPPED_AT_ONCE);
            }
            if flag.swap(true, Ordering::Relaxed) {
                shown.finish_and_clear();
                super::complain("stopped at once: nothing was written");
                std::process::exit(STOPPED_AT_ONCE);
            }
            let words = if phase == Phase::Writing as u8 {
                "the results are being written (again: stop at once, without them)"
            } else {
                "stopping, what is finished is kept (again: at once)"
            };
            if visible && phase == Phase::Simulating as u8 {
                restyle(&shown, "{msg}");
                shown.set_message(words);
            } else if !quiet {
                super::complain(words);
            }
        });
        Self {
            bar,
            stop,
            phase,
            began: Instant::now(),
            looked: AtomicU64::new(0),
            short_of_memory: AtomicBool::new(false),
            at_a_time,
        }
    }

    /// Looks at the memory that is left, not too often unless much is taken at once, and says so when it is next to nothing: a run that the system ends would
    /// lose all that it has found.
    fn is_short_of_memory(&self, at_once: f64) -> bool {
        let (now, last) = (self.began.elapsed().as_millis() as u64, self.looked.load(Ordering::Relaxed));
        let is_my_turn = now.saturating_sub(last) >= BETWEEN_LOOKS
            && self.looked.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        let memory = (is_my_turn || at_once > 0.0).then(Memory::now).flatten();
        if let Some(memory) = memory.filter(|memory| memory.is_short_with(at_once))
            && !self.short_of_memory.swap(true, Ordering::Relaxed)
        {
            let (left, total) = (bytes(memory.left), bytes(memory.total));
            let needed =
                if at_once > 0.0 { format!(", and {} may be taken at once to go on", bytes(at_once)) } else { String::new() };
            self.bar.suspend(|| {
                super::complain(&format!(
                    "stopping, what is finished is kept: {left} of {total} of memory are left{needed}\n   = help: end other programs, lower `run.scale`, or run with fewer `--threads`, each of which holds a replication"
                ));
            });
        }
        self.short_of_memory.load(Ordering::Relaxed)
    }

    /// All is simulated that will be.
    pub(crate) fn simulated(&self) {
        self.phase.store(Phase::Writing as u8, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }

    /// The results are there: nothing is lost any more.
    pub(crate) fn written(&self) {
        self.phase.store(Phase::Written as u8, Ordering::Relaxed);
    }
}

/// Before anything is finished nobody knows how long it takes.
const WITHOUT_END: &str = "{bar:40} {pos}/{len} replications, {elapsed} gone";
const WITH_END: &str = "{bar:40} {pos}/{len} replications, {elapsed} gone, {eta} to go {msg}";

fn restyle(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}

impl Listener for Terminal {
    fn progress(&self, progress: Progress) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        self.bar.set_length(u64::from(progress.planned));
        if self.bar.position() == 0 {
            restyle(&self.bar, WITH_END);
        }
        self.bar.set_position(u64::from(progress.finished));
        if let Some(width) = progress.relative_half_width {
            self.bar.set_message(format!("(half-width {:.1} %)", width * 100.0));
        }
    }

    fn stop(&self, at_once: u64) -> bool {
        self.stop.load(Ordering::Relaxed) || self.is_short_of_memory(at_once as f64 * self.at_a_time as f64)
    }
}
