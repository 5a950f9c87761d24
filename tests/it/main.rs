//! The tests that look at the program as a whole: one binary, so that it is linked once.
#![forbid(unsafe_code)]

mod architecture;
mod attacks;
mod command_line;
mod determinism;
mod golden;
mod independent;
mod metastable;
mod oracles;
mod outages;
mod precautions;
mod support;
mod validation;
