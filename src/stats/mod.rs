//! Statistics: accumulators that merge, intervals, quantiles, and the special functions beneath them.
//!
//! The accumulators are small, hold no observation, and merge: pushing two parts apart and merging them says the same as
//! pushing the whole. `Default` is empty and neutral. What cannot be estimated yet is `None`, never 0 or NaN.

mod interval;
mod ks;
mod normal;
mod paired;
mod peaks;
mod quantile;
mod quantile_sketch;
mod series;
mod special;
mod student;
mod tally;
mod time_average;

pub use interval::{ConfidenceInterval, StudentIntervals, student_t_interval};
pub use ks::{ks_critical, ks_statistic, z_critical, z_score};
pub use normal::{normal_cdf, normal_quantile};
pub use paired::Paired;
pub use peaks::Peaks;
pub use quantile::{censored_median, quantile_of_sorted};
pub use quantile_sketch::QuantileSketch;
pub use series::Series;
pub use special::{incomplete_beta, incomplete_gamma};
pub use student::{student_t_cdf, student_t_quantile};
pub use tally::Tally;
pub use time_average::TimeAverage;
