//! `[money]`: when payers pay, and what stores have put by.

use super::switch::{self, Switched};
use super::who::{self, Known};
use crate::input::{Given, Reader};
use crate::random::SpanLaw;
use crate::scenario::Finance;
use crate::units::Money;

/// Reads the section; outer `None` after a mistake.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
pub(super) fn read(top: &mut Reader<'_>, known: Known<'_>) -> Option<Option<Finance>> {
    let mut table = match top.section("money") {
        Given::Good(table) => table,
        Given::Bad => return None,
        Given::Absent => return Some(None),
    };
    if switch::is_bare(&mut table) {
        return None;
    }
    let on = switch::read(&mut table);
    let payment_lag = table.required_like::<SpanLaw>("payment_lag", "\"14 d\"", "Time from adjudication to payment.");
    let reserve = table.required_like::<Money>(
        "reserve",
        "\"50000 usd\"",
        "What a store has put by for days when less comes in than usual.",
    );
    let groups = who::read_groups(&mut table, "pharmacy", known);
    let place = table.place();
    table.finish();
    if !known.has_prices() {
        let help = "give every drug class a `price`, for example price = \"60 usd\"";
        top.log().refuse_at(place, "[money] has nothing to count: prescriptions have no prices", "no prices", help);
        return None;
    }
    let mut marked = vec![false; known.network.map_or(0, |network| network.pharmacies.len())];
    for group in groups? {
        if let Some(mark) = marked.get_mut(group.0 as usize) {
            *mark = true;
        }
    }
    let finance = Finance { groups: marked, payment_lag: payment_lag?.value, reserve: reserve?.value };
    Some(Switched { value: finance, on: on? }.in_force())
}
