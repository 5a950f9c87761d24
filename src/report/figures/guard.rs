//! The guard between data and back end. plotters 0.3.7 draws NaN on the floor, infinity on the ceiling, and *clamps* points outside the
//! range, which bends lines: here series are split at what is not finite, clipped at the edges of the plot and thinned to its pixels.
//!
//! All functions work on places: (0, 0) is the lower left corner of the plot, (1, 1) the upper right one.

/// A place in the plot.
pub(crate) type Place = (f64, f64);

/// The parts of a curve between its gaps; single points are parts too.
#[must_use]
pub(crate) fn parts<T: Copy>(points: &[T], is_finite: impl Fn(&T) -> bool) -> Vec<Vec<T>> {
    points.split(|point| !is_finite(point)).filter(|part| !part.is_empty()).map(<[T]>::to_vec).collect()
}

/// Turns a curve into a staircase: each height holds until the next point.
#[must_use]
pub(crate) fn staircase(part: &[Place]) -> Vec<Place> {
    let mut steps: Vec<Place> = Vec::with_capacity(part.len() * 2);
    for &(x, y) in part {
        if let Some(&(_, before)) = steps.last() {
            steps.push((x, before));
        }
        steps.push((x, y));
    }
    steps
}

/// What of a line lies within the plot, each segment cut at the edge (Liang & Barsky 1984).
#[must_use]
pub(crate) fn clip_line(part: &[Place]) -> Vec<Vec<Place>> {
    let mut inside: Vec<Vec<Place>> = Vec::new();
    let mut joined = false;
    for pair in part.windows(2) {
        let Some((from, to)) = clip_segment(pair[0], pair[1]) else {
            joined = false;
            continue;
        };
        match inside.last_mut() {
            // An uncut segment takes over its start from the one before unchanged, so equality is exact.
            Some(run) if joined && run.last() == Some(&from) => run.push(to),
            _ => inside.push(vec![from, to]),
        }
        joined = true;
    }
    inside
}

fn clip_segment(from: Place, to: Place) -> Option<(Place, Place)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (slope, distance) in [(-dx, from.0), (dx, 1.0 - from.0), (-dy, from.1), (dy, 1.0 - from.1)] {
        if slope == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if slope < 0.0 {
            enter = enter.max(distance / slope);
        } else {
            leave = leave.min(distance / slope);
        }
    }
    if enter > leave {
        return None;
    }
    let at = |t: f64| (from.0 + t * dx, from.1 + t * dy);
    Some((if enter > 0.0 { at(enter) } else { from }, if leave < 1.0 { at(leave) } else { to }))
}

/// What of an area lies within the plot (Sutherland & Hodgman 1974); empty if nothing does.
#[must_use]
pub(crate) fn clip_area(corners: &[Place]) -> Vec<Place> {
    let mut area = corners.to_vec();
    // Each edge of the plot: how far inside a place is.
    let edges: [fn(Place) -> f64; 4] = [|p| p.0, |p| 1.0 - p.0, |p| p.1, |p| 1.0 - p.1];
    for inside in edges {
        let mut cut = Vec::with_capacity(area.len() + 4);
        for (index, &to) in area.iter().enumerate() {
            let from = area[(index + area.len() - 1) % area.len()];
            let (a, b) = (inside(from), inside(to));
            if (a < 0.0) != (b < 0.0) {
                let t = a / (a - b);
                cut.push((from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1)));
            }
            if b >= 0.0 {
                cut.push(to);
            }
        }
        area = cut;
    }
    area
}

/// Keeps of the points in each column of pixels the first, the lowest, the highest and the last: the picture stays the same.
#[must_use]
pub(crate) fn thin(points: &[Place], columns: f64) -> Vec<Place> {
    let mut kept: Vec<Place> = Vec::new();
    let mut start = 0;
    while start < points.len() {
        let column = (points[start].0 * columns) as i64;
        let length = points[start..].iter().take_while(|point| (point.0 * columns) as i64 == column).count();
        let group = &points[start..start + length];
        if length <= 4 {
            kept.extend_from_slice(group);
        } else {
            let extreme =
                |sign: f64| (0..length).fold(0, |best, i| if sign * group[i].1 > sign * group[best].1 { i } else { best });
            let mut wanted = [0, extreme(-1.0), extreme(1.0), length - 1];
            wanted.sort_unstable();
            kept.extend(wanted.iter().map(|&index| group[index]));
            kept.dedup();
        }
        start += length;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_split_a_curve() {
        let points = [(0.0, 0.1), (0.1, f64::NAN), (0.2, 0.3), (0.3, 0.4), (0.4, f64::INFINITY)];
        let split = parts(&points, |point| point.1.is_finite());
        assert_eq!(split, vec![vec![(0.0, 0.1)], vec![(0.2, 0.3), (0.3, 0.4)]]);
    }

    #[test]
    fn a_line_is_cut_at_the_edge_and_keeps_its_slope() {
        let cut = clip_line(&[(0.0, 0.5), (2.0, 1.5)]);
        assert_eq!(cut, vec![vec![(0.0, 0.5), (1.0, 1.0)]]);
        assert!(clip_line(&[(-1.0, 2.0), (2.0, 2.0)]).is_empty(), "above the plot");
        let twice = clip_line(&[(0.0, 0.5), (0.25, 1.5), (0.5, 0.5), (0.75, 0.5)]);
        assert_eq!(twice.len(), 2, "leaves and comes back: {twice:?}");
        assert_eq!(twice[1].last(), Some(&(0.75, 0.5)));
    }

    #[test]
    fn an_area_is_cut_at_the_edge() {
        let cut = clip_area(&[(-1.0, -1.0), (2.0, -1.0), (2.0, 2.0), (-1.0, 2.0)]);
        assert!(cut.iter().all(|p| (0.0..=1.0).contains(&p.0) && (0.0..=1.0).contains(&p.1)), "{cut:?}");
        assert!(cut.len() >= 4);
        assert!(clip_area(&[(2.0, 2.0), (3.0, 2.0), (3.0, 3.0)]).is_empty());
    }

    #[test]
    fn thinning_keeps_the_extremes() {
        let points: Vec<Place> = (0..1000).map(|i| (f64::from(i) / 1000.0, if i == 503 { 1.0 } else { 0.5 })).collect();
        let thinned = thin(&points, 20.0);
        assert!(thinned.len() <= 80, "{}", thinned.len());
        assert!(thinned.contains(&(0.503, 1.0)));
        assert_eq!((thinned[0], thinned[thinned.len() - 1]), (points[0], points[999]));
    }

    #[test]
    fn stairs_hold_until_the_next_point() {
        assert_eq!(staircase(&[(0.0, 1.0), (0.5, 0.2)]), vec![(0.0, 1.0), (0.5, 1.0), (0.5, 0.2)]);
    }
}
