//! What a finished experiment has to say: tables, figures, the report and the summary on the terminal.
//!
//! Everything here is a function of the [`Outcome`](crate::experiment::Outcome) and gives bytes or text; [`write()`] puts them into a folder.

mod against_the_record;
mod criticality;
#[cfg(test)]
mod example;
mod figures;
mod findings;
mod fonts;
mod hit;
mod html;
mod network_map;
mod precautions;
mod results;
mod side_by_side;
mod tables;
mod targets;
mod terminal;
mod validation_table;
mod words;

pub use figures::{
    Axis, Band, Bars, ChartSpec, Colour, Dash, FIGURES, Figure, Interval, Label, Layer, Line, Marker, PictureError, Point,
    Points, Reference, Scale, Symbol, Tick, figures, png, svg,
};
pub use fonts::font_warning;
pub use html::{Provenance, html};
pub use network_map::network_map;
pub use precautions::{PrecautionRecord, total_cost};
pub use results::{FileRecord, InputRecord, RunRecord, TargetRecord, WriteError, write};
pub use tables::{Cell, Column, ColumnKind, Rows, TABLES, Table, tables};
pub use terminal::summary;
pub use validation_table::{TableError, validation_table};
