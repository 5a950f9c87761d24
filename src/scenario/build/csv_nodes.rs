//! `nodes.csv`: nodes one by one.

use super::names::{Kind, check_node_id};
use super::services::is_own_group;
use super::{Names, Table};
use crate::files::CsvRow;
use crate::input::{
    At, Entry, Log, Map, Place, Problem, Sources, Value, check_id, name_list, nearest, parse_rate, parse_share, parse_span,
};
use crate::units::{Rate, Share, Span};

/// The columns with a meaning; every other column is an attribute.
const COLUMNS: [&str; 9] = ["id", "role", "group", "type", "prescriptions_per_day", "staff", "capacity", "latency", "share"];

/// The most rows.
pub(super) const MOST_ROWS: usize = 1_000_000;

/// One row of the table.
#[derive(Clone, Debug)]
pub(super) struct NodeRow {
    pub(super) id: At<String>,
    pub(super) kind: Kind,
    /// The template of a pharmacy.
    pub(super) group: Option<At<String>>,
    pub(super) per_day: Option<At<f64>>,
    pub(super) staff: Option<u32>,
    pub(super) capacity: Option<Rate>,
    pub(super) latency: Option<Span>,
    pub(super) share: Option<At<Share>>,
    /// `type`, where given, and the columns without a meaning of their own.
    pub(super) attributes: Vec<(String, String)>,
}

/// The rows of the table.
#[derive(Debug)]
pub(super) struct NodeRows {
    pub(super) rows: Vec<NodeRow>,
    /// Whether none was left out.
    pub(super) complete: bool,
}

/// A table with the names of its columns, for reading cells.
pub(super) struct Cells<'a> {
    pub(super) table: &'a Table,
    text: &'a str,
}

impl<'a> Cells<'a> {
    pub(super) fn new(table: &'a Table, sources: &'a Sources) -> Self {
        Self { table, text: sources.text(table.source) }
    }

    /// The index of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.table.rows.header.cells.iter().position(|column| column == name)
    }

    pub(super) fn place(&self, row: &CsvRow, column: usize) -> Place {
        let range = row.cell_range(self.text, column);
        Place::new(self.table.source, range.start, range.end)
    }

    pub(super) fn row_place(&self, row: &CsvRow) -> Place {
        let range = row.range(self.text);
        Place::new(self.table.source, range.start, range.end)
    }

    /// A cell with its place; `None` if it is empty or there is no such column.
    pub(super) fn cell(&self, row: &CsvRow, name: &str) -> Option<At<String>> {
        let column = self.column(name)?;
        let text = row.cells.get(column).filter(|text| !text.is_empty())?;
        Some(At { value: text.clone(), place: self.place(row, column) })
    }

    /// A cell that must not be empty.
    pub(super) fn needed(&self, row: &CsvRow, name: &str, log: &mut Log) -> Option<At<String>> {
        let cell = self.cell(row, name);
        if cell.is_none() {
            log.refuse_at(self.row_place(row), format!("`{name}` is empty"), "a value is needed", "fill in the cell");
        }
        cell
    }

    /// Whether the header is sound: the columns that are needed, none twice, none without a name.
    pub(super) fn check_header(&self, needed: &[&str], log: &mut Log) -> bool {
        let (header, before) = (&self.table.rows.header, log.problems.len());
        if let [only] = &header.cells[..]
            && let Some(mark) = [';', '\t'].into_iter().find(|mark| only.contains(*mark))
        {
            let name = if mark == ';' { "semicolons" } else { "tabs" };
            let help = "save the table as CSV with commas and a decimal point";
            log.refuse_at(
                self.row_place(header),
                format!("the columns are separated by {name}, not by commas"),
                "one column",
                help,
            );
            return false;
        }
        for (index, column) in header.cells.iter().enumerate() {
            let place = self.place(header, index);
            if column.is_empty() {
                let help = "give it a name, or delete the column";
                log.refuse_at(place, format!("column {} has no name", index + 1), "name missing", help);
            } else if header.cells[..index].contains(column) {
                let help = "give one another name, or delete it";
                log.refuse_at(place, format!("the column `{column}` is given twice"), "given before", help);
            }
        }
        for name in needed {
            if self.column(name).is_none() {
                let others = header.cells.iter().filter(|column| !needed.contains(&column.as_str()));
                let help = nearest(name, others).map_or_else(
                    || format!("the first line must name the columns; needed are {}", name_list(needed)),
                    |near| format!("is `{near}` meant to be `{name}`?"),
                );
                let place = if header.cells.is_empty() { Place::whole_file(self.table.source) } else { self.row_place(header) };
                log.refuse_at(place, format!("the column `{name}` is missing"), "not among the columns", help);
            }
        }
        log.problems.len() == before
    }

    /// The rows that have as many cells as the header; a problem for each of the others.
    pub(super) fn sound_rows(&self, log: &mut Log) -> Vec<&'a CsvRow> {
        let columns = self.table.rows.header.cells.len();
        let mut sound = Vec::with_capacity(self.table.rows.rows.len());
        for row in &self.table.rows.rows {
            if log.is_full() {
                break;
            }
            if row.cells.iter().all(String::is_empty) {
                log.refuse_at(self.row_place(row), "this row is empty", "nothing but commas", "delete the line");
            } else if row.cells.len() == columns {
                sound.push(row);
            } else {
                let message = format!("this row has {} cells, the header has {columns}", row.cells.len());
                let label = if row.cells.len() < columns { "cells are missing" } else { "too many cells" };
                log.refuse_at(
                    self.row_place(row),
                    message,
                    label,
                    "an empty cell still needs its comma; a comma in a cell needs quotes",
                );
            }
        }
        sound
    }
}

/// Reads the table; services with mistakes are left out, and their ids looked at here: those of all others are by [`Names::collect`].
pub(super) fn read(table: Option<&Table>, sources: &Sources, log: &mut Log) -> NodeRows {
    let before = log.problems.len();
    let rows = read_rows(table, sources, log);
    NodeRows { rows, complete: log.problems.len() == before }
}

fn read_rows(table: Option<&Table>, sources: &Sources, log: &mut Log) -> Vec<NodeRow> {
    let Some(table) = table else { return Vec::new() };
    let cells = Cells::new(table, sources);
    if !cells.check_header(&["id", "role"], log) || !check_attribute_columns(&cells, log) {
        return Vec::new();
    }
    if table.rows.rows.is_empty() {
        let place = Place::whole_file(table.source);
        log.refuse_at(
            place,
            "the table lists no node: it has a header and nothing below",
            "",
            "add a row for each node, or leave `nodes` away",
        );
        return Vec::new();
    }
    if table.rows.rows.len() > MOST_ROWS {
        let message = format!("the table has {} rows: at most {MOST_ROWS} are read", table.rows.rows.len());
        log.refuse(Problem::at(Place::whole_file(table.source), message, ""));
        return Vec::new();
    }
    let mut read = Vec::with_capacity(table.rows.rows.len());
    for row in cells.sound_rows(log) {
        if log.is_full() {
            break;
        }
        read.extend(read_row(&cells, row, log));
    }
    read
}

fn check_attribute_columns(cells: &Cells<'_>, log: &mut Log) -> bool {
    let header = &cells.table.rows.header;
    let mut good = true;
    for (index, column) in header.cells.iter().enumerate().filter(|(_, column)| !COLUMNS.contains(&column.as_str())) {
        let place = cells.place(header, index);
        if let Some(near) = nearest(column, COLUMNS).filter(|near| near.len() > 4) {
            let help = format!("did you mean `{near}`? if not, choose a name that differs more");
            log.refuse_at(place, format!("the column `{column}` looks like `{near}`"), "misspelt?", help);
            good = false;
        } else if let Some(why) = is_own_group(column) {
            log.refuse_at(place, format!("the attribute `{column}` {why}"), "not a name", "choose another name");
            good = false;
        } else if let Err((why, better)) = check_id(column) {
            let help = better.map(|better| format!("write `{better}`")).unwrap_or_default();
            log.refuse_at(place, format!("the attribute `{column}` {why}"), "not a name", help);
            good = false;
        }
    }
    good
}

fn read_row(cells: &Cells<'_>, row: &CsvRow, log: &mut Log) -> Option<NodeRow> {
    let id = cells.needed(row, "id", log);
    let kind = cells.needed(row, "role", log).and_then(|role| read_role(&role, log));
    let id = id?;
    let Some(kind) = kind else {
        check_node_id(&id, log);
        return None;
    };
    let before = log.problems.len();
    let is_pharmacy = kind == Kind::Pharmacy;
    let is_service = matches!(kind, Kind::Clearinghouse | Kind::Payer | Kind::PrescribingNetwork);
    for (columns, allowed, whose) in [
        (&["group", "type", "prescriptions_per_day", "staff"][..], is_pharmacy, "pharmacies"),
        (&["capacity", "latency"][..], is_service, "services"),
        (&["share"][..], kind == Kind::Payer, "payers"),
    ] {
        for column in columns.iter().filter(|_| !allowed) {
            if let Some(cell) = cells.cell(row, column) {
                let message = format!("`{column}` is for {whose}: `{}` is a {}", id.value, kind.spoken());
                log.refuse_at(cell.place, message, "never used", "leave the cell empty");
            }
        }
    }
    let group = if is_pharmacy { cells.needed(row, "group", log) } else { None };
    let per_day = cells.cell(row, "prescriptions_per_day").and_then(|cell| read_number(&cell, "prescriptions_per_day", log));
    let staff = cells.cell(row, "staff").and_then(|cell| read_staff(&cell, log));
    let capacity = cells.cell(row, "capacity").and_then(|cell| accept(parse_rate(&cell.value), &cell, "capacity", log));
    let latency = cells.cell(row, "latency").and_then(|cell| accept(parse_span(&cell.value), &cell, "latency", log));
    let share = match cells.cell(row, "share") {
        Some(cell) => read_share(&cell, log),
        None if kind == Kind::Payer => {
            let message = format!("the payer `{}` has no share", id.value);
            log.refuse_at(cells.row_place(row), message, "`share` is missing", "fill in the column `share`, for example 25 %");
            None
        }
        None => None,
    };
    let mut attributes = Vec::new();
    if let Some(value) = cells.cell(row, "type") {
        check_type(&value, log);
        attributes.push(("type".to_owned(), value.value));
    }
    for (column, text) in cells.table.rows.header.cells.iter().zip(&row.cells) {
        if COLUMNS.contains(&column.as_str()) || text.is_empty() {
            continue;
        }
        // It is printed, and stands in tables: one line, and nothing that commands a terminal or turns the writing round.
        if let Some(cell) = cells.cell(row, column).filter(|cell| cell.value.contains(is_unprintable)) {
            let message = format!("`{column}`: the text holds a control character");
            log.refuse_at(cell.place, message, "not printable", "take it out");
            continue;
        }
        attributes.push((column.clone(), text.clone()));
    }
    // A pharmacy's other mistakes (its template) are told though a cell is wrong; what is missing of a service would seem to be mistakes.
    if !is_pharmacy && log.problems.len() > before {
        check_node_id(&id, log);
        return None;
    }
    Some(NodeRow { id, kind, group, per_day, staff, capacity, latency, share, attributes })
}

/// Control characters, a line end among them, and those that change the direction of writing.
fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn read_role(role: &At<String>, log: &mut Log) -> Option<Kind> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == role.value);
    if kind.is_none() {
        let words = Kind::ALL.map(Kind::word);
        let help = nearest(&role.value, words)
            .map_or_else(|| format!("the roles are {}", name_list(&words)), |near| format!("did you mean `{near}`?"));
        log.refuse_at(role.place, format!("unknown role `{}`", role.value), "not a role", help);
    }
    kind
}

fn check_type(value: &At<String>, log: &mut Log) {
    if let Err((why, better)) = check_id(&value.value) {
        let help = better.map(|better| format!("write `{better}`")).unwrap_or_default();
        log.refuse_at(value.place, format!("the type `{}` {why}", value.value), "not a type", help);
    }
}

fn read_number(cell: &At<String>, column: &str, log: &mut Log) -> Option<At<f64>> {
    let number = cell.value.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    if number.is_none() {
        let message = format!("`{column}`: `{}` is not a number greater than zero", cell.value);
        let (label, help) = match cell.value.parse::<f64>() {
            Ok(number) if number <= 0.0 => ("not more than zero", "drop the row of a pharmacy that fills nothing"),
            Ok(_) => ("not a finite number", "write the number of prescriptions on a day"),
            Err(_) => ("not a number", "decimals stand behind a point; no spaces, no signs between digits"),
        };
        log.refuse_at(cell.place, message, label, help);
    }
    number.map(|value| At { value, place: cell.place })
}

fn read_staff(cell: &At<String>, log: &mut Log) -> Option<u32> {
    let staff = cell.value.parse::<u32>().ok().filter(|staff| *staff > 0);
    if staff.is_none() {
        let message = format!("`staff`: `{}` is not a whole number from 1", cell.value);
        log.refuse_at(cell.place, message, "not a number of people", "leave the cell empty for that of the template");
    }
    staff
}

fn read_share(cell: &At<String>, log: &mut Log) -> Option<At<Share>> {
    let parsed = match cell.value.parse::<f64>() {
        Ok(number) => {
            Share::new(number).ok_or_else(|| ("is not between 0 and 1".to_owned(), "for example 0.05 or 5 %".to_owned()))
        }
        Err(_) => parse_share(&cell.value),
    };
    accept(parsed, cell, "share", log).map(|value| At { value, place: cell.place })
}

/// The value, or its refusal at the cell.
pub(super) fn accept<T>(parsed: Result<T, (String, String)>, cell: &At<String>, column: &str, log: &mut Log) -> Option<T> {
    match parsed {
        Ok(value) => Some(value),
        Err((why, help)) => {
            log.refuse_at(cell.place, format!("`{column}`: \"{}\" {why}", cell.value), "bad value", help);
            None
        }
    }
}

/// Takes nodes out of the tree that `--set` or a precaution has made because it names rows of the table, which it cannot change: a problem for each.
/// `from_outside` says of a key's place whether it stands there.
pub(in crate::scenario) fn rows_set(
    tree: &mut Map,
    table: &Table,
    from_outside: &impl Fn(Place) -> bool,
    sources: &Sources,
) -> Vec<Problem> {
    let cells = Cells::new(table, sources);
    let column = cells.column("id");
    let mut problems = Vec::new();
    for kind in Kind::ALL {
        let Some(Value::Table(section)) = tree.entry_mut(kind.section()).map(|entry| &mut entry.node.value) else { continue };
        section.entries.retain(|entry| {
            // Of the file's own nodes there may be many, and of rows a million.
            if !from_outside(entry.key_place) {
                return true;
            }
            let has_id = |row: &&CsvRow| column.and_then(|column| row.cells.get(column)) == Some(&entry.key);
            let Some(row) = table.rows.rows.iter().find(has_id) else { return true };
            let line = sources.position(cells.row_place(row)).map_or(0, |(line, _)| line);
            let message =
                format!("`{}` is a row of a table, {}:{line}: nothing can be set in it", entry.key, sources.name(table.source));
            let help = "change the cell there, or in a copy of the table: --set network.nodes=copy.csv";
            problems.push(Problem::at(entry.key_place, message, "a row of a table").help(help));
            false
        });
        let is_left = |entry: &Entry| entry.key != kind.section() || !from_outside(entry.key_place);
        if section.entries.is_empty() {
            tree.entries.retain(is_left);
        }
    }
    problems
}

/// Problems of the rows against the rest: called once names are known.
pub(super) fn check_groups(rows: &[NodeRow], names: &Names, log: &mut Log) {
    // A pharmacy that is taken for a template is one mistake, however many rows name it.
    let mut told: Vec<&str> = Vec::new();
    for group in rows.iter().filter_map(|row| row.group.as_ref()) {
        if log.is_full() {
            return;
        }
        if told.contains(&group.value.as_str()) || names.templates.iter().any(|template| template.value == group.value) {
            continue;
        }
        let ids: Vec<&str> = names.templates.iter().map(|template| template.value.as_str()).collect();
        let help = match nearest(&group.value, ids.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if ids.is_empty() => format!("declare it: [pharmacies.{}] with sites = 0", group.value),
            None => format!("the templates are {}", name_list(&ids)),
        };
        let message = match names.any(&group.value) {
            Some(name) if name.kind == Kind::Pharmacy => {
                told.push(&group.value);
                format!("`{}` is no template: a template has sites = 0", group.value)
            }
            _ => format!("unknown template `{}`", group.value),
        };
        log.refuse_at(group.place, message, "not a template", help);
    }
}
