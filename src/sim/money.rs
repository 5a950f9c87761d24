//! The books of the stores of a group: what came in, against what would have come in.

use crate::units::Money;

/// What the books of a group say; `None` where money is not followed, or there is no twin.
#[derive(Clone, Debug, Default)]
pub(crate) struct CashBooks {
    /// Stores in the group.
    stores: u64,
    pub(crate) peak_usd: Option<f64>,
    pub(crate) peak_days: Option<f64>,
    pub(crate) days_below_zero: Option<f64>,
    pub(crate) share_below_zero: Option<f64>,
    /// Mean cash gap of a store at the end of each day \[USD\].
    pub(crate) gap: Vec<f64>,
}

/// One store: what it was paid on each day in the run and in the twin \[cents\].
pub(crate) type Receipts<'a> = (&'a [i64], &'a [i64]);

impl CashBooks {
    /// Books without money: only how many stores there are.
    pub(crate) fn closed(stores: u64) -> Self {
        Self { stores, ..Self::default() }
    }

    /// The books of those of a group's stores whose money is followed, each with the same reserve.
    pub(crate) fn of<'a>(all: u64, stores: impl Iterator<Item = Receipts<'a>>, reserve: Money, days: usize) -> Self {
        let mut books = Self { stores: all, gap: vec![0.0; days], ..Self::default() };
        let mut followed = 0u64;
        let (mut peaks, mut normal, mut days_below, mut stores_below) = (0.0, 0.0, 0u64, 0u64);
        for (run, twin) in stores {
            followed += 1;
            let (mut gap, mut peak, mut below) = (0i64, 0i64, 0u64);
            for (day, (paid, usual)) in run.iter().zip(twin).enumerate() {
                gap += usual - paid;
                peak = peak.max(gap);
                below += u64::from(gap > reserve.cents());
                books.gap[day] += gap as f64 / 100.0;
                normal += *usual as f64 / 100.0;
            }
            peaks += peak as f64 / 100.0;
            days_below += below;
            stores_below += u64::from(below > 0);
        }
        if followed == 0 {
            books.gap.clear();
        } else {
            let count = followed as f64;
            books.gap.iter_mut().for_each(|gap| *gap /= count);
            books.peak_usd = Some(peaks / count);
            books.peak_days = (normal > 0.0).then(|| peaks / (normal / days as f64));
            books.days_below_zero = Some(days_below as f64 / count);
            books.share_below_zero = Some(stores_below as f64 / count);
        }
        books
    }

    /// An amount of the whole group for each of its stores.
    pub(crate) fn per_store(&self, usd: f64) -> Option<f64> {
        (self.stores > 0).then(|| usd / self.stores as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_stores_by_hand() {
        // The first is paid two days late; the second is not hit.
        let late = (&[0, 0, 300, 100][..], &[100, 100, 100, 100][..]);
        let even = (&[50, 50, 50, 50][..], &[50, 50, 50, 50][..]);
        let books = CashBooks::of(2, [late, even].into_iter(), Money::from_cents(150), 4);
        assert_eq!(books.gap, [0.5, 1.0, 0.0, 0.0]);
        assert_eq!(books.peak_usd, Some(1.0), "2.00 of the first, nothing of the second");
        assert_eq!(books.peak_days, Some(2.0 / 1.5), "over normal receipts of 1.50 a day");
        assert_eq!((books.days_below_zero, books.share_below_zero), (Some(0.5), Some(0.5)), "the second day, of one of two");
        assert_eq!(books.per_store(3.0), Some(1.5));
    }
}
