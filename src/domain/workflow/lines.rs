//! Two texts compared line by line, by their longest common run of lines.

/// A line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same(String),
    /// Only in the old one.
    Gone(String),
    /// Only in the new one.
    Come(String),
}

/// Texts with more lines than this are compared as a whole between their common beginning and end.
const LONGEST: usize = 4_000;

/// The lines of both texts in order; what is the same stands once.
pub fn compare(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let same = |lines: &[&str]| lines.iter().map(|l| Line::Same((*l).to_owned())).collect::<Vec<_>>();
    let mut all = same(&old[..start]);
    all.extend(middle(a, b));
    all.extend(same(&old[old.len() - end..]));
    all
}

fn middle(a: &[&str], b: &[&str]) -> Vec<Line> {
    let gone = |line: &&str| Line::Gone((*line).to_owned());
    let come = |line: &&str| Line::Come((*line).to_owned());
    if a.len() > LONGEST || b.len() > LONGEST {
        return a.iter().map(gone).chain(b.iter().map(come)).collect();
    }
    // length[i][j]: the longest common run of a[i..] and b[j..].
    let width = b.len() + 1;
    let mut length = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            length[i * width + j] = if a[i] == b[j] {
                length[(i + 1) * width + j + 1] + 1
            } else {
                length[(i + 1) * width + j].max(length[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut all) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            all.push(Line::Same(a[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if length[(i + 1) * width + j] >= length[i * width + j + 1] {
            all.push(gone(&a[i]));
            i += 1;
        } else {
            all.push(come(&b[j]));
            j += 1;
        }
    }
    all.extend(a[i..].iter().map(gone));
    all.extend(b[j..].iter().map(come));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn both_texts_can_be_read_off(old in "([abc]?\n){0,12}", new in "([abc]?\n){0,12}") {
            let lines = compare(&old, &new);
            let read = |skip: fn(&Line) -> bool| -> String {
                lines.iter().filter(|l| !skip(l)).map(|l| match l {
                    Line::Same(t) | Line::Gone(t) | Line::Come(t) => format!("{t}\n"),
                }).collect()
            };
            proptest::prop_assert_eq!(read(|l| matches!(l, Line::Come(_))), old);
            proptest::prop_assert_eq!(read(|l| matches!(l, Line::Gone(_))), new);
        }
    }

    #[test]
    fn a_changed_line_is_gone_and_come() {
        let lines = compare("a\nb\nc\n", "a\nB\nc\n");
        let (same, gone, come) =
            (|t: &str| Line::Same(t.into()), Line::Gone("b".into()), Line::Come("B".into()));
        assert_eq!(lines, [same("a"), gone, come, same("c")]);
    }
}
