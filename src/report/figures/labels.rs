//! Where labels go so that none lies on another.

/// Moves labels apart along one axis: each wants its centre somewhere, has an extent, and must stay between `low` and `high`. Returns
/// the centres in the order given. If there is no room for all, they are spread evenly.
#[must_use]
pub(crate) fn spread(wanted: &[(f64, f64)], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].0.total_cmp(&wanted[b].0));
    let mut centres = vec![0.0; wanted.len()];
    let mut end = low;
    for &index in &order {
        let (centre, extent) = wanted[index];
        centres[index] = centre.max(end + extent / 2.0);
        end = centres[index] + extent / 2.0;
    }
    let mut start = high;
    for &index in order.iter().rev() {
        let extent = wanted[index].1;
        centres[index] = centres[index].min(start - extent / 2.0);
        start = centres[index] - extent / 2.0;
    }
    if start < low - 0.5 {
        let room = (high - low) / wanted.len().max(1) as f64;
        for (rank, &index) in order.iter().enumerate() {
            centres[index] = low + room * (rank as f64 + 0.5);
        }
    }
    centres
}

/// A label that hangs from a vertical line, to be put on a shelf above the plot.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Hanging {
    /// Place of the line.
    pub(crate) at: f64,
    /// Left end of the text.
    pub(crate) left: f64,
    /// Right end of the text.
    pub(crate) right: f64,
}

/// Shelves for labels, 0 the lowest, so that no text lies on another text, nor a line on a text: from right to left, each goes above all
/// to its right that it reaches into.
#[must_use]
pub(crate) fn shelves(labels: &[Hanging]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let flips = |index: usize| labels[index].left < labels[index].at;
    // Labels to the left of their line come last and so highest: other lines may stand where they reach.
    order.sort_by(|&a, &b| flips(a).cmp(&flips(b)).then(labels[b].at.total_cmp(&labels[a].at)).then(b.cmp(&a)));
    let mut shelf = vec![0; labels.len()];
    for (rank, &index) in order.iter().enumerate() {
        let label = labels[index];
        let below = order[..rank].iter().filter(|&&other| {
            let other = labels[other];
            other.left.min(other.at) < label.right && label.left < other.right.max(other.at)
        });
        shelf[index] = below.map(|&other| shelf[other] + 1).max().unwrap_or(0);
    }
    shelf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_move_apart_and_stay_in_the_plot() {
        let centres = spread(&[(10.0, 20.0), (12.0, 20.0), (95.0, 20.0)], 0.0, 100.0);
        assert_eq!(centres, vec![10.0, 30.0, 90.0]);
        let crowded = spread(&[(5.0, 60.0), (5.0, 60.0)], 0.0, 100.0);
        assert_eq!(crowded, vec![25.0, 75.0]);
    }

    #[test]
    fn a_label_that_reaches_into_the_next_goes_above_it() {
        let hanging = |at: f64, width: f64| Hanging { at, left: at, right: at + width };
        assert_eq!(shelves(&[hanging(0.0, 50.0), hanging(30.0, 50.0), hanging(200.0, 10.0)]), vec![1, 0, 0]);
        assert_eq!(shelves(&[hanging(0.0, 20.0), hanging(30.0, 20.0)]), vec![0, 0]);
        let flipped = Hanging { at: 100.0, left: 40.0, right: 106.0 };
        assert_eq!(shelves(&[hanging(60.0, 30.0), flipped]), vec![0, 1]);
    }
}
