//! Widths of texts and lines broken to fit, without a font at hand.

/// Advance widths of `DejaVu` Sans for the characters from space to tilde, in thousandths of the size. It is the widest of the fonts
/// asked for, so what fits in it fits in the others.
#[rustfmt::skip]
const WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635,
    634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// How much wider bold letters are, at most for running text.
const BOLD: f64 = 1.12;

/// Width of a text \[px\] at a size \[px\].
#[must_use]
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
    f64::from(thousandths) / 1000.0 * size * if bold { BOLD } else { 1.0 }
}

fn advance(character: char) -> u16 {
    match character {
        ' '..='~' => WIDTHS[character as usize - ' ' as usize],
        '\u{A0}' | '·' | '’' => 318,
        '–' => 500,
        '“' | '”' => 518,
        '\u{300}'..='\u{36F}' => 0,
        '\u{A1}'..='\u{24F}' => 660,
        // Wide scripts and signs.
        _ => 1000,
    }
}

/// A text in at most `lines` lines of a width \[px\]; what does not fit ends in an ellipsis.
#[must_use]
pub(crate) fn wrap(text: &str, size: f64, bold: bool, available: f64, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    // A number stays with its per cent sign.
    let text = text.replace(" %", "\u{A0}%");
    let mut words = text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()).peekable();
    while words.peek().is_some() && wrapped.len() < lines {
        let mut line = String::new();
        while let Some(word) = words.peek() {
            let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
            if !line.is_empty() && width(&longer, size, bold) > available {
                break;
            }
            line = longer;
            words.next();
        }
        wrapped.push(line);
    }
    if let Some(last) = wrapped.last_mut() {
        let cut = words.peek().is_some();
        if cut {
            last.push('…');
        }
        // A single word, or the ellipsis, may still reach too far.
        while width(last, size, bold) > available && last.chars().count() > 2 {
            last.pop();
            last.pop();
            last.push('…');
        }
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_add_up() {
        assert!((width("AB", 10.0, false) - 13.7).abs() < 1e-9);
        assert!(width("", 10.0, true) < width(" ", 10.0, true));
    }

    #[test]
    fn long_texts_are_broken_and_then_cut() {
        let text = "the quick brown fox jumps over the lazy dog";
        let two = wrap(text, 10.0, false, 150.0, 2);
        assert_eq!(two.join(" "), text);
        assert!(two.iter().all(|line| width(line, 10.0, false) <= 150.0));
        let cut = wrap(text, 10.0, false, 80.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…') && width(&cut[1], 10.0, false) <= 80.0, "{cut:?}");
        assert!(wrap("", 10.0, false, 80.0, 2).is_empty());
    }
}
