//! The command line: the only place that prints, reads the clock, or listens to signals.

mod args;
mod check;
mod examples;
mod explain;
mod graph;
mod load;
mod memory;
mod new;
mod progress;
mod run;
mod targets;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;

use args::{Arguments, Command};

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// All is well.
    Success,
    /// Something failed while running.
    RunError,
    /// The input is wrong; nothing was written.
    BadInput,
    /// The run was stopped; what was finished is kept.
    Incomplete,
    /// A `[[check]]` of the scenario failed.
    CheckFailed,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        Self::from(match verdict {
            Verdict::Success => 0,
            Verdict::RunError => 1,
            Verdict::BadInput => 2,
            Verdict::Incomplete => 3,
            Verdict::CheckFailed => 99,
        })
    }
}

/// What a command has to say when it cannot go on: words for people, and how it ended.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) verdict: Verdict,
    pub(crate) words: String,
}

impl Failure {
    pub(crate) fn bad_input(words: impl Into<String>) -> Self {
        Self { verdict: Verdict::BadInput, words: words.into() }
    }

    pub(crate) fn run_error(words: impl Into<String>) -> Self {
        Self { verdict: Verdict::RunError, words: words.into() }
    }
}

/// Reads the arguments, does what they ask, and says how it ended.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Targets(arguments) => targets::targets(&arguments),
        Command::Graph(arguments) => graph::graph(&arguments),
        Command::New(arguments) => new::new(&arguments),
        Command::Examples(arguments) => examples::examples(&arguments),
    };
    match done {
        Ok(Verdict::Success) if UNSAID.load(Ordering::Relaxed) => Verdict::RunError.into(),
        Ok(verdict) => verdict.into(),
        Err(failure) => {
            complain(&failure.words);
            failure.verdict.into()
        }
    }
}

/// Something could not be printed.
static UNSAID: AtomicBool = AtomicBool::new(false);

/// Prints to standard output. A reader that has gone away (`| head`) is no error; a full disk is.
pub(crate) fn say(text: &str) {
    let mut out = io::stdout().lock();
    if let Err(why) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && why.kind() != io::ErrorKind::BrokenPipe
        && !UNSAID.swap(true, Ordering::Relaxed)
    {
        complain(&format!("error: cannot print: {why}"));
    }
}

/// Prints to standard error.
pub(crate) fn complain(text: &str) {
    let mut out = io::stderr().lock();
    let line_end = if text.ends_with('\n') { "" } else { "\n" };
    let _ = write!(out, "{text}{line_end}").and_then(|()| out.flush());
}
