//! `links.csv`: connections one by one.

use std::collections::BTreeSet;

use super::csv_nodes::{Cells, accept};
use super::names::Kind;
use super::{Names, Table};
use crate::files::CsvRow;
use crate::input::{At, Log, Place, Sources, name_list, nearest, parse_span};
use crate::units::Span;

/// The columns.
const COLUMNS: [&str; 5] = ["from", "to", "kind", "latency", "failover"];

/// What a connection is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum LinkKind {
    Primary,
    Standby,
    Direct,
    Reaches,
    Forwards,
    DependsOn,
    Prescribing,
}

impl LinkKind {
    const ALL: [Self; 7] =
        [Self::Primary, Self::Standby, Self::Direct, Self::Reaches, Self::Forwards, Self::DependsOn, Self::Prescribing];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Standby => "standby",
            Self::Direct => "direct",
            Self::Reaches => "reaches",
            Self::Forwards => "forwards",
            Self::DependsOn => "depends_on",
            Self::Prescribing => "prescribing",
        }
    }

    /// What it goes from; `None`: from anything.
    const fn from(self) -> Option<Kind> {
        match self {
            Self::Primary | Self::Standby | Self::Direct | Self::Prescribing => Some(Kind::Pharmacy),
            Self::Reaches | Self::Forwards => Some(Kind::Clearinghouse),
            Self::DependsOn => None,
        }
    }

    /// What it leads to.
    const fn to(self) -> Kind {
        match self {
            Self::Primary | Self::Standby | Self::Forwards => Kind::Clearinghouse,
            Self::Direct | Self::Reaches => Kind::Payer,
            Self::DependsOn => Kind::Platform,
            Self::Prescribing => Kind::PrescribingNetwork,
        }
    }
}

/// One row, its ends found.
#[derive(Clone, Debug)]
pub(super) struct LinkRow {
    pub(super) kind: LinkKind,
    /// Kind and index of where it begins.
    pub(super) from: (Kind, u32),
    /// Index of where it ends; `None` for a direct connection to `all` payers.
    pub(super) to: Option<u32>,
    pub(super) latency: Option<Span>,
    pub(super) failover: Option<Span>,
    pub(super) place: Place,
}

/// The rows of the table.
#[derive(Debug, Default)]
pub(super) struct LinkRows {
    pub(super) rows: Vec<LinkRow>,
    /// Whether there is such a table.
    pub(super) given: bool,
    /// Whether no row was left out, here or among the nodes: what is missing is then missing in truth.
    pub(super) complete: bool,
}

/// Reads the table; rows with mistakes are left out.
pub(super) fn read(table: Option<&Table>, names: &Names, sources: &Sources, log: &mut Log) -> LinkRows {
    let before = log.problems.len();
    let rows = table.map_or_else(Vec::new, |table| read_rows(table, names, sources, log));
    let complete = log.problems.len() == before && !names.is_incomplete(Kind::Pharmacy);
    LinkRows { rows, given: table.is_some(), complete }
}

fn read_rows(table: &Table, names: &Names, sources: &Sources, log: &mut Log) -> Vec<LinkRow> {
    let cells = Cells::new(table, sources);
    if !cells.check_header(&["from", "to", "kind"], log) {
        return Vec::new();
    }
    for (index, column) in table.rows.header.cells.iter().enumerate() {
        if !COLUMNS.contains(&column.as_str()) {
            let help = nearest(column, COLUMNS)
                .map_or_else(|| format!("the columns are {}", name_list(&COLUMNS)), |near| format!("did you mean `{near}`?"));
            log.refuse_at(cells.place(&table.rows.header, index), format!("unknown column `{column}`"), "never used", help);
        }
    }
    let mut read = Vec::with_capacity(table.rows.rows.len());
    for row in cells.sound_rows(log) {
        if log.is_full() {
            break;
        }
        read.extend(read_row(&cells, row, names, log));
    }
    without_repeats(read, log)
}

/// The links without those that are given twice, or besides one that leads everywhere: each is told once.
fn without_repeats(links: Vec<LinkRow>, log: &mut Log) -> Vec<LinkRow> {
    let is_everywhere = |link: &&LinkRow| link.kind == LinkKind::Direct && link.to.is_none();
    let everywhere: BTreeSet<_> = links.iter().filter(is_everywhere).map(|link| link.from).collect();
    let mut seen = BTreeSet::new();
    let mut is_new = |link: &LinkRow| {
        if link.kind == LinkKind::Direct && link.to.is_some() && everywhere.contains(&link.from) {
            let help = "drop this row, or the one to `all`";
            log.refuse_at(link.place, "this direct link is given beside one to all payers", "given twice", help);
            return false;
        }
        let is_new = seen.insert((link.kind, link.from, link.to));
        if !is_new {
            let message = format!("this {} link is given before", link.kind.word());
            log.refuse_at(link.place, message, "given twice", "drop one of the rows");
        }
        is_new
    };
    links.into_iter().filter(|link| is_new(link)).collect()
}

fn read_row(cells: &Cells<'_>, row: &CsvRow, names: &Names, log: &mut Log) -> Option<LinkRow> {
    let before = log.problems.len();
    let from = cells.needed(row, "from", log);
    let to = cells.needed(row, "to", log);
    let kind = cells.needed(row, "kind", log).and_then(|kind| read_kind(&kind, log));
    let (from, to, kind) = (from?, to?, kind?);
    let start = match kind.from() {
        Some(wanted) => names.find(wanted, &from, log),
        None => names.any(&from.value).or_else(|| names.find(Kind::Pharmacy, &from, log)),
    };
    let to_all = kind == LinkKind::Direct && to.value == "all";
    let end = if to_all { None } else { names.find(kind.to(), &to, log) };
    let latency = timed(cells, row, "latency", matches!(kind, LinkKind::Reaches | LinkKind::Forwards), kind, log);
    let failover = timed(cells, row, "failover", kind == LinkKind::Standby, kind, log);
    if start.is_some() && from.value == to.value {
        log.refuse_at(
            to.place,
            format!("`{}` is linked to itself", to.value),
            "the same node",
            "name another, or delete the row",
        );
    }
    let start = start?;
    if !to_all && end.is_none() || log.problems.len() != before {
        return None;
    }
    let to = end.map(|end| end.index);
    Some(LinkRow { kind, from: (start.kind, start.index), to, latency, failover, place: cells.row_place(row) })
}

fn read_kind(kind: &At<String>, log: &mut Log) -> Option<LinkKind> {
    let known = LinkKind::ALL.into_iter().find(|known| known.word() == kind.value);
    if known.is_none() {
        let words = LinkKind::ALL.map(LinkKind::word);
        let help = nearest(&kind.value, words)
            .map_or_else(|| format!("the kinds are {}", name_list(&words)), |near| format!("did you mean `{near}`?"));
        log.refuse_at(kind.place, format!("unknown kind of link `{}`", kind.value), "not a kind", help);
    }
    known
}

fn timed(cells: &Cells<'_>, row: &CsvRow, column: &str, allowed: bool, kind: LinkKind, log: &mut Log) -> Option<Span> {
    let cell = cells.cell(row, column)?;
    if !allowed {
        let message = format!("`{column}` is not for {} links", kind.word());
        log.refuse_at(cell.place, message, "never used", "leave the cell empty");
        return None;
    }
    accept(parse_span(&cell.value), &cell, column, log)
}
