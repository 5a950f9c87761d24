//! The tests that look at the program as a whole: one binary, so that it is linked once.
#![forbid(unsafe_code)]

mod architecture;
mod attacks;
mod by_site;
mod catalogue;
mod choices;
mod command_line;
mod criticality;
mod determinism;
mod every_response;
mod golden;
mod harm;
mod independent;
mod investments;
mod measures;
mod metastable;
mod money;
mod moves;
mod off;
mod one_mistake;
mod oracles;
mod orders;
mod outages;
mod paths;
mod precautions;
mod recovery;
mod responses;
mod steady;
mod story;
mod support;
mod validation;
