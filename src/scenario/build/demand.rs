//! How prescriptions arrive at a pharmacy, and who is there to fill them.

use super::shares::tidy;
use crate::input::{FromNode, Given, Log, Node, Reader, Scope, Value, refuse_value, value_text};
use crate::network::{Demand, Staffing};
use crate::random::{CountLaw, SpanLaw};
use crate::units::Span;

/// How far the mean of a profile may be from 1.
const TOLERANCE: f64 = 0.01;

/// Reads `prescriptions_per_day` with its profiles, or `interarrival`.
pub(super) fn read(table: &mut Reader<'_>) -> Option<Demand> {
    let interarrival = table.optional::<SpanLaw>("interarrival", "Law of the time between two requests, the same at all hours.");
    if interarrival.is_given() {
        for key in ["prescriptions_per_day", "weekday", "hour_profile"] {
            table.refuse_key(
                key,
                "`interarrival` says how prescriptions arrive",
                "give either `interarrival` or `prescriptions_per_day`",
            );
        }
        let law = interarrival.good()?.value;
        if law.mean() > Span::ZERO {
            return Some(Demand::Renewal(law));
        }
        table.refuse(
            "interarrival",
            format!("`interarrival` in {} takes no time", table.title()),
            "no time",
            "a mean greater than zero is needed",
        );
        return None;
    }
    let per_day = table.required::<CountLaw>(
        "prescriptions_per_day",
        "Mean prescriptions per calendar day of a site: a number, or a law that is drawn once for each site.",
    );
    let per_day = per_day.filter(|law| {
        let good = law.value.mean() > 0.0;
        if !good {
            table.refuse(
                "prescriptions_per_day",
                format!("`prescriptions_per_day` in {} is zero", table.title()),
                "no demand",
                "leave the pharmacy away",
            );
        }
        good
    });
    let weekday = read_profile::<7>(table, "weekday", "Relative demand by weekday, Monday first.");
    let hour = read_profile::<24>(table, "hour_profile", "Relative demand by hour of the day, midnight first.");
    Some(Demand::Profile { per_day: per_day?.value, weekday: weekday?.0, hour: hour?.0 })
}

/// Relative demand, scaled to a mean of exactly 1.
struct Profile<const N: usize>([f64; N]);

fn read_profile<const N: usize>(table: &mut Reader<'_>, key: &'static str, about: &'static str) -> Option<Profile<N>> {
    let place = table.place();
    let even = Value::Array((0..N).map(|_| Node { value: Value::from(1), place }).collect());
    table.or_default::<Profile<N>>(key, even, about).map(|profile| profile.value)
}

impl<const N: usize> FromNode for Profile<N> {
    const UNIT: &'static str = "relative to the mean";
    const EXAMPLE: &'static str = "[1.2, 1.2, 1.2, 1.2, 1.2, 0.6, 0.4]";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        let Value::Array(items) = &mut node.value else {
            return refuse_value(node, scope, log, &format!("is not a list of {N} numbers"), "a list is needed", "");
        };
        let count = items.len();
        let numbers: Vec<Option<f64>> = items.iter_mut().map(|item| read_factor(item, scope, log)).collect();
        if count != N {
            let whole = if N == 7 { "one for each weekday, Monday first" } else { "one for each hour, midnight first" };
            return refuse_value(node, scope, log, &format!("has {count} numbers, not {N}"), "wrong length", whole);
        }
        let mut factors = [0.0; N];
        for (factor, number) in factors.iter_mut().zip(numbers) {
            *factor = number?;
        }
        let mean = factors.iter().sum::<f64>() / N as f64;
        if mean <= 0.0 {
            return refuse_value(
                node,
                scope,
                log,
                "is nothing but zeros",
                "no demand at all",
                "1 everywhere means the same demand at all times",
            );
        }
        if (mean - 1.0).abs() > TOLERANCE {
            let better = factors.map(|factor| value_text(&Value::Float((factor / mean * 1000.0).round() / 1000.0))).join(", ");
            let why = format!("has the mean {}, not 1", tidy(mean));
            return refuse_value(node, scope, log, &why, "must average 1", &format!("write {} = [{better}]", scope.key));
        }
        Some(Self(factors.map(|factor| factor / mean)))
    }
}

fn read_factor(item: &mut Node, scope: &Scope, log: &mut Log) -> Option<f64> {
    let number = f64::from_node(item, scope, log)?;
    if number < 0.0 {
        return refuse_value(item, scope, log, "is negative", "zero or more", "0 means no demand at that time");
    }
    Some(number)
}

/// Reads `staff`: a number, or in proportion to the prescriptions.
pub(super) fn read_staff(table: &mut Reader<'_>) -> Option<Staffing> {
    const ABOUT: &str = "People on duty at each site: a number, or { per_100_prescriptions = 1.8, minimum = 2 }.";
    let is_table = matches!(table.node("staff"), Some((Node { value: Value::Table(_), .. }, ..)));
    if !is_table {
        let staff = table.required::<u32>("staff", ABOUT)?.value;
        if staff > 0 {
            return Some(Staffing::Fixed(staff));
        }
        table.refuse("staff", format!("`staff` in {} is zero", table.title()), "nobody fills anything", "at least 1");
        return None;
    }
    let Given::Good(mut staff) = table.section("staff") else { return None };
    let ratio = staff.required::<f64>("per_100_prescriptions", "Staff for each 100 prescriptions per calendar day.");
    let minimum = staff.or_default::<u32>("minimum", 1, "The least number of people.");
    let ratio = ratio.filter(|ratio| {
        let good = ratio.value > 0.0;
        if !good {
            staff.refuse(
                "per_100_prescriptions",
                "`per_100_prescriptions` must be greater than zero",
                "no staff",
                "or write staff = 2",
            );
        }
        good
    });
    let minimum = minimum.filter(|minimum| {
        let good = minimum.value > 0;
        if !good {
            staff.refuse("minimum", format!("`minimum` in {} is zero", staff.title()), "nobody fills anything", "at least 1");
        }
        good
    });
    staff.finish();
    Some(Staffing::Proportional { per_100_prescriptions: ratio?.value, minimum: minimum?.value })
}
