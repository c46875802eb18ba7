//! How alike two folded words are. Bytes are letters here, for folding leaves ASCII.

/// Longest word whose edits are counted; longer ones are compared by their beginnings.
const LONGEST: usize = 48;

/// Edits that turn one word into the other: letters put in, left out, replaced, or two neighbours swapped.
pub fn edits(a: &str, b: &str) -> usize {
    let (a, b) = (clip(a), clip(b));
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    if a.is_empty() || b.is_empty() {
        return a.len() + b.len();
    }
    let mut rows = [[0u8; LONGEST + 1]; 3];
    for (at, cell) in rows[0].iter_mut().enumerate() {
        *cell = at as u8;
    }
    for i in 1..=a.len() {
        let [above2, above, row] = split(&mut rows, i);
        row[0] = i as u8;
        for j in 1..=b.len() {
            let replaced = above[j - 1] + u8::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(above2[j - 2] + 1);
            }
            row[j] = least;
        }
    }
    usize::from(rows[a.len() % 3][b.len()])
}

type Row = [u8; LONGEST + 1];

/// The rows two above, one above, and the one to be filled.
fn split(rows: &mut [Row; 3], i: usize) -> [&mut Row; 3] {
    let [x, y, z] = rows;
    match i % 3 {
        0 => [y, z, x],
        1 => [z, x, y],
        _ => [x, y, z],
    }
}

fn clip(text: &str) -> &[u8] {
    &text.as_bytes()[..text.len().min(LONGEST)]
}

/// Edits, where one confusion that happens again and again, as scanners make it, is hardly more than one edit.
pub fn slips(a: &str, b: &str) -> f32 {
    let plain = edits(a, b) as f32;
    if plain < 2.0 || a.len() != b.len() || a.len() > LONGEST {
        return plain;
    }
    let mut kinds: Vec<(u8, u8)> = a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).collect();
    let all = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    plain.min(kinds.len() as f32 + AGAIN * (all - kinds.len()) as f32)
}

/// What the same confusion costs when it happens again.
const AGAIN: f32 = 0.2;

/// Likeness from 0 to 1: the share of letters that need no edit.
pub fn alike(a: &str, b: &str) -> f32 {
    let longest = a.len().max(b.len()).min(LONGEST);
    if longest == 0 {
        return 0.0;
    }
    1.0 - slips(a, b) / longest as f32
}

/// A sound-alike code: letters that are confused when heard or scribbled share a class, vowels count only in front.
pub fn sound(word: &str) -> String {
    let bytes = word.as_bytes();
    let mut code = String::new();
    let mut last = 0;
    for (at, &c) in bytes.iter().enumerate() {
        let class = match c {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j' if at == 0 => b'a',
            b'p' if bytes.get(at + 1) == Some(&b'h') => b'f',
            // thompson, hampton: nobody hears it.
            b'p' if at > 0 && bytes[at - 1] == b'm' && matches!(bytes.get(at + 1), Some(b's' | b't')) => 0,
            b'b' | b'p' => b'p',
            b'f' | b'v' => b'f',
            b'c' | b'k' | b'q' | b'g' => b'k',
            b's' | b'z' | b'x' => b's',
            b'd' | b't' => b't',
            b'm' | b'n' => b'n',
            b'l' => b'l',
            b'r' => b'r',
            b'0'..=b'9' => c,
            b'j' => b'k',
            b'w' | b'h' if at == 0 => c,
            _ => 0,
        };
        if class != 0 && class != last {
            code.push(class as char);
        }
        last = class;
        if code.len() == 6 {
            break;
        }
    }
    code
}

/// Share of pairs of neighbouring letters that two texts have in common, 0 to 1; spaces do not count.
pub fn pairs_in_common(a: &str, b: &str) -> f32 {
    let (mut a, mut b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    a.sort_unstable();
    b.sort_unstable();
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    2.0 * common as f32 / all as f32
}

fn pairs(text: &str) -> Vec<[u8; 2]> {
    let letters: Vec<u8> = text.bytes().filter(|c| *c != b' ').collect();
    letters.windows(2).map(|w| [w[0], w[1]]).collect()
}

/// Whether two texts are the same but for spaces.
pub fn same_letters(a: &str, b: &str) -> bool {
    a.bytes().filter(|c| *c != b' ').eq(b.bytes().filter(|c| *c != b' '))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn edits_are_counted() {
        #[rustfmt::skip]
        let table = [("", "", 0), ("a", "", 1), ("smith", "smith", 0), ("smith", "smyth", 1), ("smith", "simth", 1), ("smith", "smit", 1), ("kitten", "sitting", 3), ("ab", "ba", 1)];
        for (a, b, n) in table {
            assert_eq!(edits(a, b), n, "{a} {b}");
        }
    }

    #[test]
    fn words_that_sound_alike_meet() {
        for (a, b) in [("philip", "filip"), ("nicholson", "nicolson"), ("meier", "maier"), ("smith", "smyth")]
        {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
        assert_ne!(sound("miller"), sound("marlow"));
    }

    #[test]
    fn one_confusion_again_and_again_is_hardly_more_than_one() {
        assert!(slips("allen", "aiien") < 1.5);
        assert!(slips("adams", "rdrms") < 1.5);
        assert_eq!(slips("adams", "rdxms"), 2.0);
    }

    proptest! {
        #[test]
        fn edits_are_those_of_the_plain_algorithm(a in "[a-c]{0,9}", b in "[a-c]{0,9}") {
            prop_assert_eq!(edits(&a, &b), strsim::osa_distance(&a, &b));
        }
    }
}
