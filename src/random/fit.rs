//! Every law against its own cdf, mean and variance, and against the wrong law.

use rand::TryRng;
use rand_distr::Distribution;

use super::{Chance, Law, LawError, Purpose, StreamPurpose};
use crate::stats::{Tally, ks_critical, ks_statistic, z_critical, z_score};

/// Numbers drawn from each law.
const N: u32 = 100_000;
/// Error level of each test. The seed of a test is its index, so that a result is a fact and not a matter of luck.
const ALPHA: f64 = 1e-3;

fn continuous_laws() -> Result<Vec<Law>, LawError> {
    Ok(vec![
        Law::uniform(1.0, 4.0)?,
        Law::triangular(1.0, 2.0, 5.0)?,
        Law::triangular(0.0, 0.0, 3.0)?,
        Law::triangular(0.0, 3.0, 3.0)?,
        Law::exponential(5.0)?,
        Law::erlang(1, 2.0)?,
        Law::erlang(3, 2.0)?,
        Law::erlang(40, 2.0)?,
        Law::gamma(3.0, 0.5)?,
        Law::gamma(3.0, 3.0)?,
        Law::gamma(3.0, 3.6)?,
        Law::weibull(0.7, 4.0)?,
        Law::weibull(2.5, 4.0)?,
        Law::lognormal_mean_cv(200.0, 0.6)?,
        Law::lognormal_median_sigma(6.0, 1.0)?,
        Law::lognormal_median_p99(0.3, 2.0)?,
        Law::hyperexponential(2.0, 1.5)?,
        Law::hyperexponential(2.0, 3.0)?,
    ])
}

/// Numbers of a law, ascending, from addressed draws.
fn sample(law: &Law, seed: usize) -> Vec<f64> {
    let chance = Chance::new(seed as u64, 0);
    let mut numbers: Vec<f64> = (0..N).map(|ordinal| law.sample(&mut chance.draw(0, ordinal, Purpose::Fill, 0))).collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
}

#[test]
fn samples_follow_the_cdf_and_a_mean_3_percent_off_is_refused() -> Result<(), LawError> {
    for (index, law) in continuous_laws()?.iter().enumerate() {
        let numbers = sample(law, index);
        let critical = ks_critical(numbers.len(), ALPHA);
        let distance = ks_statistic(&numbers, |x| law.cdf(x));
        assert!(distance < critical, "law {index}, {law:?}: {distance} is not below {critical}");
        let wrong = ks_statistic(&numbers, |x| law.cdf(x * 1.03));
        assert!(wrong > critical, "law {index}, {law:?}: the wrong law passes, {wrong} is not above {critical}");
    }
    Ok(())
}

#[test]
fn samples_have_the_mean_and_the_variance() -> Result<(), LawError> {
    let critical = z_critical(ALPHA);
    for (index, law) in continuous_laws()?.iter().enumerate() {
        let numbers = sample(law, index);
        let (mean, variance) = (law.mean(), law.variance());
        let values: Tally = numbers.iter().copied().collect();
        let squares: Tally = numbers.iter().map(|x| (x - mean) * (x - mean)).collect();
        let z = z_score(&values, mean).expect("spread");
        assert!(z.abs() < critical, "law {index}, {law:?}: mean, z = {z}");
        let z = z_score(&squares, variance).expect("spread");
        assert!(z.abs() < critical, "law {index}, {law:?}: variance, z = {z}");
        let z = z_score(&values, 1.03 * mean).expect("spread");
        assert!(z.abs() > critical || law.variance().sqrt() > 2.0 * mean, "law {index}, {law:?}: the wrong mean passes, z = {z}");
    }
    Ok(())
}

#[test]
fn streams_serve_as_well_as_draws() -> Result<(), LawError> {
    let law = Law::gamma(3.0, 2.0)?;
    let mut stream = Chance::new(0, 0).stream(StreamPurpose::Repair, 0);
    let mut numbers: Vec<f64> = (0..N).map(|_| law.sample(&mut stream)).collect();
    numbers.sort_unstable_by(f64::total_cmp);
    assert!(ks_statistic(&numbers, |x| law.cdf(x)) < ks_critical(numbers.len(), ALPHA));
    Ok(())
}

/// The cdfs themselves against samplers that others have written.
#[test]
fn laws_agree_with_those_of_rand_distr() -> Result<(), LawError> {
    fn check(index: u32, law: Law, other: &impl Distribution<f64>) {
        let mut stream = Chance::new(1, index).stream(StreamPurpose::Repair, 0);
        let mut numbers: Vec<f64> = (0..N).map(|_| other.sample(&mut stream)).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        let distance = ks_statistic(&numbers, |x| law.cdf(x));
        assert!(distance < ks_critical(numbers.len(), ALPHA), "{law:?}: {distance}");
    }
    check(0, Law::exponential(4.0)?, &rand_distr::Exp::new(0.25).expect("valid"));
    check(1, Law::gamma(6.0, 3.0)?, &rand_distr::Gamma::new(4.0, 1.5).expect("valid"));
    check(2, Law::weibull(2.0, 5.0 * crate::math::gamma(1.5))?, &rand_distr::Weibull::new(5.0, 2.0).expect("valid"));
    check(3, Law::lognormal_median_sigma(crate::math::exp(1.5), 0.7)?, &rand_distr::LogNormal::new(1.5, 0.7).expect("valid"));
    Ok(())
}

/// A generator that always says the same.
struct Fixed(u64);

impl TryRng for Fixed {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok((self.0 >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(self.0 as u8);
        Ok(())
    }
}

#[test]
fn inverse_cdf_laws_grow_with_the_uniform_number() -> Result<(), LawError> {
    let laws = [
        Law::uniform(1.0, 4.0)?,
        Law::triangular(1.0, 2.0, 5.0)?,
        Law::exponential(5.0)?,
        Law::weibull(0.7, 4.0)?,
        Law::lognormal_median_sigma(6.0, 1.0)?,
    ];
    for law in laws {
        let numbers: Vec<f64> =
            (0..=256_u64).map(|step| law.sample(&mut Fixed((step << 56).wrapping_sub(u64::from(step == 256))))).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] <= pair[1]), "{law:?}");
        assert!(numbers.iter().all(|number| number.is_finite() && *number >= 0.0), "{law:?}");
        // One uniform number, and the inverse of the cdf.
        assert!((law.cdf(numbers[64]) - 0.25).abs() < 1e-9, "{law:?}");
    }
    Ok(())
}

/// The first number of each law: a change of one is a value-breaking release.
#[test]
fn values_are_pinned() -> Result<(), LawError> {
    let chance = Chance::new(42, 1);
    let numbers: Vec<f64> = continuous_laws()?.iter().map(|law| law.sample(&mut chance.draw(3, 5, Purpose::Entry, 0))).collect();
    let pinned = [
        3.675_232_468_855_838,
        3.860_232_425_195_097,
        2.012_932_325_809_173_6,
        2.832_966_185_214_273_6,
        11.116_289_650_243_905,
        4.446_515_860_097_562,
        2.176_956_007_753_341,
        2.398_524_589_722_655_3,
        3.630_685_027_275_382_6,
        6.811_428_787_647_11,
        2.394_634_585_323_756,
        9.894_335_237_993_275,
        6.205_876_946_985_552,
        340.315_755_289_410_96,
        20.647_960_820_086_16,
        0.821_896_981_872_094_3,
        1.334_831_393_238_380_6,
        0.267_629_237_871_340_2,
    ];
    assert_eq!(numbers, pinned);
    Ok(())
}
