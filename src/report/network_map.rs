//! The network as a picture: columns from prescriber to payer, platforms beneath, everybody's dependence as a line.

use maud::{Markup, html};

use crate::network::{EdgeKind, Picture};

/// Columns from left to right, by role.
const COLUMNS: [(&str, &str); 4] = [
    ("prescribing_network", "Prescribing networks"),
    ("pharmacy", "Pharmacies"),
    ("clearinghouse", "Clearinghouses"),
    ("payer", "Payers"),
];

const WIDTH: f64 = 1180.0;
const MARGIN: f64 = 30.0;
const TOP: f64 = 120.0;
const BOX_WIDTH: f64 = 190.0;
const BOX_HEIGHT: f64 = 44.0;
const ROW: f64 = 66.0;

/// More boxes than this in a column would not be read: the rest is summed up in one.
const MAX_BOXES: usize = 14;

/// One box.
struct Placed {
    vertex: Option<usize>,
    x: f64,
    y: f64,
    lines: [String; 2],
    role: &'static str,
}

/// The picture as an SVG document.
#[must_use]
pub fn network_map(picture: &Picture, title: &str) -> String {
    let mut placed = Vec::new();
    let mut rows = 1usize;
    for (column, (role, _)) in COLUMNS.iter().enumerate() {
        let members: Vec<usize> = (0..picture.vertices.len()).filter(|&v| picture.vertices[v].role == *role).collect();
        rows = rows.max(members.len().min(MAX_BOXES + 1));
        let x = MARGIN + column as f64 * (WIDTH - 2.0 * MARGIN - BOX_WIDTH) / (COLUMNS.len() - 1) as f64;
        for (row, &vertex) in members.iter().take(MAX_BOXES).enumerate() {
            placed.push(place(picture, vertex, x, TOP + row as f64 * ROW, role));
        }
        if members.len() > MAX_BOXES {
            let more = format!("and {} more", members.len() - MAX_BOXES);
            placed.push(Placed { vertex: None, x, y: TOP + MAX_BOXES as f64 * ROW, lines: [more, String::new()], role });
        }
    }
    let platforms: Vec<usize> = (0..picture.vertices.len()).filter(|&v| picture.vertices[v].role == "platform").collect();
    let floor = TOP + rows as f64 * ROW + 50.0;
    let per_row = 4;
    for (index, &vertex) in platforms.iter().enumerate() {
        let gap = (WIDTH - 2.0 * MARGIN - BOX_WIDTH) / (per_row - 1) as f64;
        let (x, y) = (MARGIN + (index % per_row) as f64 * gap, floor + (index / per_row) as f64 * (ROW + 10.0));
        placed.push(place(picture, vertex, x, y, "platform"));
    }
    let platform_rows = platforms.len().div_ceil(per_row) as f64;
    let height = if platforms.is_empty() { floor } else { floor + platform_rows * (ROW + 10.0) + 10.0 } + 50.0;
    let legend_y = height - 30.0;

    let markup = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(WIDTH) height=(height) viewBox=(format!("0 0 {WIDTH} {height}")) role="img"
            aria-labelledby="title desc" font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="13" {
            title id="title" { "Network: " (title) }
            desc id="desc" { (describe(picture)) }
            rect width="100%" height="100%" fill="#ffffff" {}
            text x=(MARGIN) y="42" font-size="20" font-weight="bold" fill="#1a1a1a" { (title) }
            text x=(MARGIN) y="66" fill="#555555" { "Who depends on whom. Lines from pharmacies are as thick as the share of sites that use them." }
            @for (column, (role, heading)) in COLUMNS.iter().enumerate() {
                @if placed.iter().any(|b| b.role == *role) {
                    text x=(MARGIN + column as f64 * (WIDTH - 2.0 * MARGIN - BOX_WIDTH) / 3.0) y=(TOP - 16.0) font-weight="bold" fill="#333333" { (heading) }
                }
            }
            @if !platforms.is_empty() {
                text x=(MARGIN) y=(floor - 16.0) font-weight="bold" fill="#333333" { "Platforms beneath" }
            }
            @for (from, to, edge) in &picture.edges { (line(&placed, *from, *to, edge.kind, edge.share)) }
            @for item in &placed { (draw(item)) }
            (legend(legend_y, picture))
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", markup.into_string())
}

fn place(picture: &Picture, vertex: usize, x: f64, y: f64, role: &'static str) -> Placed {
    let seen = &picture.vertices[vertex];
    let second = match (seen.sites, role) {
        (Some(sites), _) => format!("{} {}", thousands(sites), if sites == 1 { "site" } else { "sites" }),
        (None, "platform") => "platform".to_owned(),
        (None, _) => String::new(),
    };
    let mut id: String = seen.id.chars().take(24).collect();
    if id.len() < seen.id.len() {
        id.push('…');
    }
    Placed { vertex: Some(vertex), x, y, lines: [id, second], role }
}

fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Fill and outline by role; the heading says the same, so that colour is never the only cue.
fn colours(role: &str) -> (&'static str, &'static str) {
    match role {
        "pharmacy" => ("#e6f2fa", "#0072b2"),
        "clearinghouse" => ("#fdf1dc", "#b36b00"),
        "payer" => ("#e3f4ee", "#00785a"),
        "prescribing_network" => ("#f7e8f1", "#a3477c"),
        _ => ("#eeeeee", "#555555"),
    }
}

fn draw(item: &Placed) -> Markup {
    let (fill, stroke) = colours(item.role);
    let single = item.lines[1].is_empty();
    html! {
        rect x=(item.x) y=(item.y) width=(BOX_WIDTH) height=(BOX_HEIGHT) rx="5" fill=(fill) stroke=(stroke) stroke-width="1.4" {}
        text x=(item.x + BOX_WIDTH / 2.0) y=(item.y + if single { 27.0 } else { 19.0 }) text-anchor="middle" fill="#1a1a1a" { (item.lines[0]) }
        @if !single {
            text x=(item.x + BOX_WIDTH / 2.0) y=(item.y + 36.0) text-anchor="middle" font-size="11" fill="#555555" { (item.lines[1]) }
        }
    }
}

fn line(placed: &[Placed], from: usize, to: usize, kind: EdgeKind, share: Option<f64>) -> Markup {
    let find = |vertex: usize| placed.iter().find(|item| item.vertex == Some(vertex));
    let (Some(from), Some(to)) = (find(from), find(to)) else { return html! {} };
    let (middle_from, middle_to) = (from.y + BOX_HEIGHT / 2.0, to.y + BOX_HEIGHT / 2.0);
    let path = if kind == EdgeKind::DependsOn && from.role != "platform" {
        let x = from.x + BOX_WIDTH / 2.0;
        let target = to.x + BOX_WIDTH / 2.0;
        format!(
            "M{x:.1} {:.1} C{x:.1} {:.1} {target:.1} {:.1} {target:.1} {:.1}",
            from.y + BOX_HEIGHT,
            to.y - 60.0,
            to.y - 40.0,
            to.y
        )
    } else if from.x == to.x {
        let x = from.x + BOX_WIDTH;
        format!("M{x:.1} {middle_from:.1} C{:.1} {middle_from:.1} {:.1} {middle_to:.1} {x:.1} {middle_to:.1}", x + 40.0, x + 40.0)
    } else {
        let (start, end) = if from.x < to.x { (from.x + BOX_WIDTH, to.x) } else { (from.x, to.x + BOX_WIDTH) };
        let bend = f64::midpoint(start, end);
        format!("M{start:.1} {middle_from:.1} C{bend:.1} {middle_from:.1} {bend:.1} {middle_to:.1} {end:.1} {middle_to:.1}")
    };
    let (stroke, dashes) = stroke(kind);
    let width = share.map_or(1.0, |share| 0.8 + 4.0 * share);
    html! {
        path d=(path) fill="none" stroke=(stroke) stroke-width=(format!("{width:.2}")) stroke-dasharray=[dashes] stroke-opacity="0.75" {}
    }
}

fn stroke(kind: EdgeKind) -> (&'static str, Option<&'static str>) {
    match kind {
        EdgeKind::Prescribing => ("#a3477c", None),
        EdgeKind::Primary | EdgeKind::Direct => ("#0072b2", None),
        EdgeKind::Standby => ("#0072b2", Some("7 4")),
        EdgeKind::Reroute => ("#0072b2", Some("2 5")),
        EdgeKind::Reaches | EdgeKind::Forwards => ("#b36b00", None),
        EdgeKind::DependsOn => ("#555555", Some("2 4")),
    }
}

fn legend(y: f64, picture: &Picture) -> Markup {
    let mut kinds: Vec<EdgeKind> = picture.edges.iter().map(|(_, _, edge)| edge.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    html! {
        @for (index, kind) in kinds.iter().enumerate() {
            @let x = MARGIN + index as f64 * 160.0;
            @let (stroke, dashes) = stroke(*kind);
            path d=(format!("M{x} {y} H{}", x + 34.0)) stroke=(stroke) stroke-width="2.2" stroke-dasharray=[dashes] {}
            text x=(x + 42.0) y=(y + 4.5) fill="#333333" { (kind.name()) }
        }
    }
}

fn describe(picture: &Picture) -> String {
    let count = |role: &str| picture.vertices.iter().filter(|vertex| vertex.role == role).count();
    format!(
        "{} pharmacy groups, {} prescribing networks, {} clearinghouses, {} payers and {} platforms, joined by {} lines.",
        count("pharmacy"),
        count("prescribing_network"),
        count("clearinghouse"),
        count("payer"),
        count("platform"),
        picture.edges.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(19_432), "19,432");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
