//! Opening hours as a table of changes.

use crate::network::Hours;
use crate::units::{CivilTime, SimTime, Span};

/// When the staff of a group of pharmacies come and go.
#[derive(Clone, Debug)]
pub(crate) struct Shifts {
    /// Opening and closing times in the week from Monday midnight, ascending, without gaps of no length; empty: always on duty.
    open: Vec<(Span, Span)>,
    offset: Span,
}

const WEEK: u64 = 7 * Span::DAY.micros();

impl Shifts {
    pub(crate) fn new(hours: &Hours, start: CivilTime) -> Self {
        let mut open: Vec<(Span, Span)> = Vec::new();
        if let Hours::Week(days) = hours {
            for (day, hours) in days.iter().enumerate() {
                let Some((from, to)) = hours else { continue };
                let midnight = Span::from_micros(day as u64 * Span::DAY.micros());
                match open.last_mut() {
                    // Open through midnight.
                    Some(last) if last.1 == midnight + *from => last.1 = midnight + *to,
                    _ => open.push((midnight + *from, midnight + *to)),
                }
            }
            if open == [(Span::ZERO, Span::from_micros(WEEK))] {
                open.clear();
            }
        }
        Self { open, offset: start.into_week() }
    }

    fn place(&self, now: SimTime) -> u64 {
        (self.offset.micros() + now.micros()) % WEEK
    }

    /// Whether the staff are on duty at `now`.
    pub(crate) fn on_duty(&self, now: SimTime) -> bool {
        let place = self.place(now);
        self.open.is_empty() || self.open.iter().any(|(from, to)| (from.micros()..to.micros()).contains(&place))
    }

    /// The next instant after `now` at which the staff come or go; `None` if they are always on duty.
    pub(crate) fn next_change(&self, now: SimTime) -> Option<SimTime> {
        let place = self.place(now);
        let boundaries = self.open.iter().flat_map(|(from, to)| [from.micros(), to.micros() % WEEK]);
        let wait = boundaries.map(|boundary| if boundary > place { boundary - place } else { boundary + WEEK - place }).min()?;
        Some(now + Span::from_micros(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_come_in_the_morning_and_go_in_the_evening() {
        let day = Some((Span::HOUR.scaled(9.0), Span::HOUR.scaled(19.0)));
        let start = CivilTime::new(2024, 2, 16, 0, 0, 0).expect("a Friday");
        let shifts = Shifts::new(&Hours::Week([day, day, day, day, day, None, None]), start);
        assert!(!shifts.on_duty(SimTime::ZERO));
        let mut changes = Vec::new();
        let mut now = SimTime::ZERO;
        for _ in 0..4 {
            now = shifts.next_change(now).expect("hours change");
            changes.push((now.hours(), shifts.on_duty(now)));
        }
        assert_eq!(changes, [(9.0, true), (19.0, false), (81.0, true), (91.0, false)]);
    }

    #[test]
    fn always_open_never_changes() {
        let start = CivilTime::new(2024, 2, 16, 0, 0, 0).expect("a date");
        assert_eq!(Shifts::new(&Hours::Always, start).next_change(SimTime::ZERO), None);
        let all_day = Some((Span::ZERO, Span::DAY));
        let shifts = Shifts::new(&Hours::Week([all_day; 7]), start);
        assert_eq!(shifts.next_change(SimTime::ZERO), None);
        assert!(shifts.on_duty(SimTime::ZERO));
    }
}
