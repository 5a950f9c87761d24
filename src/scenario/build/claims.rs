//! `[claims]` and `[rejects]`.

use super::Names;
use super::names::Kind;
use super::routes::{ADD_PAYER, NO_PAYER};
use super::shares::tidy;
use crate::input::{At, Given, OrNone, Reader, check_id};
use crate::random::SpanLaw;
use crate::scenario::{Claims, Reject};
use crate::units::{Share, Span};

/// Reads `[claims]`; outer `None` after a mistake, inner `None` where no payer is declared.
#[expect(clippy::option_option, reason = "a mistake and no claims at all are two things")]
pub(super) fn read(top: &mut Reader<'_>, names: &Names) -> Option<Option<Claims>> {
    if !names.has(Kind::Payer) {
        top.refuse_key("claims", NO_PAYER, ADD_PAYER);
        return Some(None);
    }
    let mut claims = top.section_or_empty("claims")?;
    let timeout = claims.or_default::<OrNone<Span>>("timeout", "30 s", "How long the pharmacy waits for an answer.");
    let resubmit = claims.or_default::<Span>(
        "resubmit_after",
        "15 min",
        "How long a claim that nobody decides about rests before it is submitted again, if its route is open.",
    );
    let timeout = timeout.filter(|timeout| {
        let good = timeout.value.0 != Some(Span::ZERO);
        if !good {
            claims.refuse(
                "timeout",
                "`timeout` in [claims] must be greater than zero",
                "no time",
                "for no time-out write \"none\"",
            );
        }
        good
    });
    let resubmit = resubmit.filter(|resubmit| {
        let good = resubmit.value >= SHORTEST_REST;
        if !good {
            claims.refuse(
                "resubmit_after",
                format!("`resubmit_after` in [claims] must be at least {SHORTEST_REST}"),
                "too short",
                "for example \"15 min\"",
            );
        }
        good
    });
    let lingers_about =
        "What becomes of a claim whose sender no longer waits: withdrawn, or lingers in the lines of the services.";
    let on_timeout =
        claims.or_default::<String>("on_timeout", "withdrawn", lingers_about).and_then(|rule| match rule.value.as_str() {
            "withdrawn" => Some(false),
            "lingers" => Some(true),
            other => {
                let message = format!("`on_timeout` in [claims] is \"{other}\"");
                claims.refuse("on_timeout", message, "not a rule", "write \"withdrawn\" or \"lingers\"");
                None
            }
        });
    if let (Some(At { value: OrNone(None), .. }), Some(true)) = (&timeout, on_timeout) {
        let help = "set a `timeout`, or leave `on_timeout` away";
        claims.refuse("on_timeout", "`on_timeout` in [claims] is never used: there is no time-out", "never used", help);
    }
    claims.finish();
    Some(Some(Claims { timeout: timeout?.value.0, resubmit_after: resubmit?.value, lingers: on_timeout? }))
}

/// A claim that is refused again and again at shorter intervals would be all that the simulation does.
pub(super) const SHORTEST_REST: Span = Span::from_micros(1_000_000);

/// The most kinds of rejection.
const MOST_REJECTS: usize = 200;

/// Reads `[rejects]`; `None` after a mistake.
pub(super) fn read_rejects(top: &mut Reader<'_>, names: &Names) -> Option<Vec<Reject>> {
    if !names.has(Kind::Payer) {
        top.refuse_key("rejects", NO_PAYER, ADD_PAYER);
        return Some(Vec::new());
    }
    let mut section = match top.section("rejects") {
        Given::Good(section) => section,
        Given::Bad => return None,
        Given::Absent => return Some(Vec::new()),
    };
    let mut rejects: Vec<Option<(Reject, At<Share>)>> = Vec::new();
    for key in section.keys() {
        if let Err((why, better)) = check_id(&key.value) {
            let help = better.map(|better| format!("write `{better}`")).unwrap_or_default();
            section.log().refuse_at(key.place, format!("the id `{}` {why}", key.value), "not an id", help);
        }
        let Some(mut table) = section.chosen_section(&key.value) else {
            rejects.push(None);
            continue;
        };
        rejects.push(read_reject(&mut table, key.value));
        table.finish();
    }
    let rejects = rejects.into_iter().collect::<Option<Vec<_>>>()?;
    if let Some((_, share)) = rejects.get(MOST_REJECTS) {
        let message = format!("[rejects] has {} kinds: at most {MOST_REJECTS}", rejects.len());
        section.log().refuse_at(share.place, message, "too many", "put rare ones together");
        return None;
    }
    let sum: f64 = rejects.iter().map(|(_, share)| share.value.value()).sum();
    if let Some((_, last)) = rejects.last().filter(|_| sum > 1.0 + 1e-9) {
        let message = format!("the shares in [rejects] sum to {}, more than 1", tidy(sum));
        section.log().refuse_at(last.place, message, "too much", "each is a share of all adjudicated submissions");
        return None;
    }
    Some(rejects.into_iter().map(|(reject, _)| reject).collect())
}

fn read_reject(table: &mut Reader<'_>, id: String) -> Option<(Reject, At<Share>)> {
    let share =
        table.required::<Share>("share", "Share of adjudicated submissions that are refused for this reason.").filter(|share| {
            let good = share.value.value() > 0.0;
            if !good {
                table.refuse("share", format!("the share of {} is zero", table.title()), "never happens", "leave it away");
            }
            good
        });
    let staff = table.or_default::<OrNone<SpanLaw>>("staff", "none", "Staff time to work it.");
    let response = table.or_default::<OrNone<SpanLaw>>("response", "none", "Time until an outside party has answered.");
    let resolved = table.or_default::<Share>("resolved", 1, "Share that is resolved and submitted again; the rest gives up.");
    let share = share?;
    let (staff, response, resolved) = (staff?.value.0, response?.value.0, resolved?.value);
    let takes_time = |law: &Option<SpanLaw>| law.is_some_and(|law| law.mean() > Span::ZERO);
    if !takes_time(&staff) && !takes_time(&response) && resolved.value() >= 1.0 {
        let message = format!("{} takes no time and loses nobody: it changes nothing", table.title());
        table.refuse("share", message, "changes nothing", "give it staff, response or resolved below 1");
        return None;
    }
    Some((Reject { id, share: share.value, staff, response, resolved }, share))
}
