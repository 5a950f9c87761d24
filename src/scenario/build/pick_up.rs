//! `[pick_up]`: how what is ready reaches the patient.

use super::switch::{self, Switched};
use crate::input::{Given, OrNone, Reader};
use crate::random::SpanLaw;
use crate::scenario::PickUp;
use crate::units::{Share, Span};

/// Reads the section; outer `None` after a mistake.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
pub(super) fn read(top: &mut Reader<'_>) -> Option<Option<PickUp>> {
    let mut table = match top.section("pick_up") {
        Given::Good(table) => table,
        Given::Bad => return None,
        Given::Absent => return Some(None),
    };
    if switch::is_bare(&mut table) {
        return None;
    }
    let on = switch::read(&mut table);
    let lag = table.or_default::<SpanLaw>("lag", "0 s", "Time from ready to picked up.");
    let when_out = table.or_default::<OrNone<SpanLaw>>(
        "lag_when_out",
        "none",
        "Time until a patient with nothing left picks up what is ready, if that is sooner.",
    );
    let abandoned = table.or_default::<Share>("abandoned", 0, "Share that is never picked up.");
    let (lag, lag_when_out, abandoned) = (lag?.value, when_out?.value.0, abandoned?.value);
    if lag.mean() == Span::ZERO && abandoned == Share::NONE {
        let (place, title) = (table.place(), table.title().to_owned());
        let message = format!("{title} changes nothing: what is ready is picked up at once, by everybody");
        table.log().refuse_at(place, message, "changes nothing", "give it a `lag` or a share `abandoned`, or leave it away");
        return None;
    }
    table.finish();
    Some(Switched { value: PickUp { lag, lag_when_out, abandoned }, on: on? }.in_force())
}
