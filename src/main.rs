//! The command line of rxoutage.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    rxoutage::cli::main()
}
