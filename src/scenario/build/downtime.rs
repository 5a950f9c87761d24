//! `[downtime]`: what people do when a claim cannot get through.

use super::Names;
use super::names::Kind;
use super::routes::{ADD_PAYER, NO_PAYER};
use crate::input::{At, Given, OrNone, Reader};
use crate::random::SpanLaw;
use crate::response::{Downtime, Failover, GiveUp, OnTrust, Retry, Wait};
use crate::units::{Share, Span};

/// The most further submissions.
const MOST_ATTEMPTS: u32 = 1000;

/// Reads the section; `None` after a mistake. Failing over needs no settings here and is always in force.
pub(super) fn read(top: &mut Reader<'_>, names: &Names) -> Option<Downtime> {
    let usual = Downtime { failover: Some(Failover), ..Downtime::default() };
    if !names.has(Kind::Payer) {
        top.refuse_key("downtime", NO_PAYER, ADD_PAYER);
        return Some(usual);
    }
    let mut downtime = match top.section("downtime") {
        Given::Good(downtime) => downtime,
        Given::Bad => return None,
        Given::Absent => return Some(usual),
    };
    let retry = section(&mut downtime, "retry", read_retry);
    let on_trust = section(&mut downtime, "on_trust", read_on_trust);
    let give_up = section(&mut downtime, "give_up", read_give_up);
    let wait = section(&mut downtime, "wait", read_wait);
    downtime.finish();
    Some(Downtime { retry: retry?, on_trust: on_trust?, give_up: give_up?, wait: wait?, ..usual })
}

/// Reads one response, if it is given; outer `None` after a mistake.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
fn section<T>(
    downtime: &mut Reader<'_>,
    key: &'static str,
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> Option<Option<T>> {
    match downtime.section(key) {
        Given::Absent => Some(None),
        Given::Bad => None,
        Given::Good(mut table) => {
            let response = read(&mut table);
            table.finish();
            response.map(Some)
        }
    }
}

fn read_retry(retry: &mut Reader<'_>) -> Option<Retry> {
    let attempts = retry.required_like::<u32>("attempts", "3", "Submissions after the first, before people decide what to do.");
    let backoff = retry.required_like::<Span>("backoff", "\"1 min\"", "Pause before the first further submission.");
    let factor = retry.or_default::<f64>("factor", 2, "Each pause is this many times the one before.");
    let jitter = retry.or_default::<Share>("jitter", 0, "Each pause is multiplied by a number from 1 - jitter to 1 + jitter.");
    let attempts = attempts.filter(|attempts| {
        let help = match attempts.value {
            0 => "for no retry leave `retry` away".to_owned(),
            1..=MOST_ATTEMPTS => return true,
            _ => format!("at most {MOST_ATTEMPTS}"),
        };
        retry.refuse("attempts", format!("`attempts` in {} is out of range", retry.title()), "not a number of attempts", help);
        false
    });
    let backoff = above_zero(retry, "backoff", backoff);
    let factor = factor.filter(|factor| {
        let good = factor.value >= 1.0 && factor.value <= 100.0;
        if !good {
            retry.refuse(
                "factor",
                format!("`factor` in {} must be from 1 to 100", retry.title()),
                "out of range",
                "2 doubles each pause, 1 keeps them equal",
            );
        }
        good
    });
    Some(Retry { attempts: attempts?.value, backoff: backoff?, factor: factor?.value, jitter: jitter?.value })
}

fn above_zero(table: &mut Reader<'_>, key: &str, span: Option<At<Span>>) -> Option<Span> {
    let span = span?.value;
    if span > Span::ZERO {
        return Some(span);
    }
    table.refuse(key, format!("`{key}` in {} must be greater than zero", table.title()), "no time", "for example \"1 min\"");
    None
}

fn read_on_trust(trust: &mut Reader<'_>) -> Option<OnTrust> {
    let share = trust.required::<Share>("share", "Share of blocked prescriptions that the pharmacy is willing to fill unpaid.");
    let extra = minutes(trust, "extra_minutes", "Staff minutes for the manual procedure, beside the usual work.");
    let rebill = minutes(trust, "rebill_minutes", "Staff minutes to bill the claim once the route is back.");
    let lead_time = trust.or_default::<SpanLaw>(
        "lead_time",
        "0 s",
        "Time from a site's first blocked claim until its manual procedure is organised.",
    );
    Some(OnTrust { share: share?.value, extra: extra?, rebill: rebill?, lead_time: lead_time?.value })
}

/// Minutes as a bare number: the unit is in the key.
fn minutes(table: &mut Reader<'_>, key: &'static str, about: &'static str) -> Option<Span> {
    let minutes = table.required::<f64>(key, about)?.value;
    if (0.0..=10_000.0).contains(&minutes) {
        return Some(Span::MINUTE.scaled(minutes));
    }
    table.refuse(
        key,
        format!("`{key}` in {} must be from 0 to 10000", table.title()),
        "out of range",
        "the unit is a minute of staff time",
    );
    None
}

fn read_give_up(give_up: &mut Reader<'_>) -> Option<GiveUp> {
    let share = give_up.required::<Share>(
        "share",
        "Probability, each time that a blocked patient has to decide, that he or she goes without.",
    )?;
    Some(GiveUp { share: share.value })
}

fn read_wait(wait: &mut Reader<'_>) -> Option<Wait> {
    let return_after = wait.required::<SpanLaw>("return_after", "Time until the patient asks again.");
    let patience =
        wait.or_default::<OrNone<SpanLaw>>("patience", "none", "Time since the request after which the patient gives up.");
    let return_after = return_after.filter(|law| {
        let good = law.value.mean() > Span::ZERO;
        if !good {
            wait.refuse(
                "return_after",
                format!("`return_after` in {} takes no time", wait.title()),
                "no time",
                "for example \"1 d\"",
            );
        }
        good
    });
    Some(Wait { return_after: return_after?.value, patience: patience?.value.0 })
}
