//! `[report]`: for which groups beside the usual ones results are reported.

use super::who::{self, Known};
use crate::input::{Given, Reader};
use crate::network::{Network, PharmacyGroup};
use crate::scenario::{MOST_VALUES, ReportSettings};

/// Reads the section.
pub(super) fn read(top: &mut Reader<'_>, known: Known<'_>) -> Option<ReportSettings> {
    let mut table = match top.section("report") {
        Given::Good(table) => table,
        Given::Bad => return None,
        Given::Absent => return Some(ReportSettings::default()),
    };
    let payers = who::read_payers(&mut table, known);
    if let (Some(Some(payers)), Some(network)) = (&payers, known.network) {
        check(&mut table, payers, network);
    }
    table.finish();
    Some(ReportSettings { payers: payers?.unwrap_or_default() })
}

/// Each reported payer has prescriptions, and they are few enough for a table.
fn check(table: &mut Reader<'_>, reported: &[bool], network: &Network) {
    let idle = who::payers(network).zip(reported).find(|((service, _), reported)| {
        let pays = |group: &PharmacyGroup| group.payers.iter().any(|(payer, share)| payer == service && share.value() > 0.0);
        **reported && !network.pharmacies.iter().any(pays)
    });
    if let Some(((_, payer), _)) = idle {
        let message = format!("no prescription is for the payer `{}`: there would be nothing to report", payer.id);
        table.refuse("payer", message, "without prescriptions", "leave it away, or give it a share");
    }
    let count = reported.iter().filter(|&&reported| reported).count();
    if count > MOST_VALUES {
        let message = format!("`payer` in [report] names {count} payers: results are reported for at most {MOST_VALUES}");
        table.refuse("payer", message, "too many", "name those that matter");
    }
}
