//! Why a law cannot be.

use core::fmt;

/// A parameter that a law cannot have.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LawError {
    /// Name of the parameter, as scenario files write it.
    pub parameter: &'static str,
    /// What it was.
    pub value: f64,
    /// What it has to be.
    pub expected: &'static str,
}

/// `sd has to be greater than 0, not -1`.
impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has to be {}, not {}", self.parameter, self.expected, self.value)
    }
}

impl core::error::Error for LawError {}

/// The value, if it is finite and `holds`.
pub(super) fn require(
    parameter: &'static str,
    value: f64,
    expected: &'static str,
    holds: impl FnOnce(f64) -> bool,
) -> Result<f64, LawError> {
    if value.is_finite() && holds(value) { Ok(value) } else { Err(LawError { parameter, value, expected }) }
}

/// A finite value greater than 0.
pub(super) fn positive(parameter: &'static str, value: f64) -> Result<f64, LawError> {
    require(parameter, value, "a number greater than 0", |value| value > 0.0)
}

/// A finite value of at least 0.
pub(super) fn not_negative(parameter: &'static str, value: f64) -> Result<f64, LawError> {
    require(parameter, value, "a number of at least 0", |value| value >= 0.0)
}
