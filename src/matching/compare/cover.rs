//! How two lists of words cover each other: equal words, kinds of organisation in any language, initials and
//! beginnings that stand for words, slips, abbreviations, cognates. Rare words weigh more.

use super::text::slips;
use crate::matching::normalise::kind_of_organisation;

/// Words of a name that are looked at.
pub const MOST: usize = 12;

/// Share of a word's weight that its initial is worth.
const SPELT_OUT: f32 = 0.85;

/// Steps spent on one word that may be made of the beginnings of others; hostile names could ask for thousands.
const TRIES: u32 = 60;

/// A word and what it tells.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// As it stands.
    text: &'a str,
    /// The same for all languages, where it is a kind of organisation.
    kind: &'a str,
    /// What it tells.
    weight: f32,
}

/// The words of a text with their weights; `weigh` is asked with the kind.
pub fn list<'a>(text: &'a str, weigh: impl Fn(&str) -> f32) -> Vec<Word<'a>> {
    let words = text.split(' ').filter(|w| !w.is_empty()).take(MOST);
    words
        .map(|text| {
            let kind = kind_of_organisation(text);
            Word { text, kind, weight: weigh(kind) }
        })
        .collect()
}

/// How two lists cover each other.
#[derive(Debug, Clone, Copy)]
pub struct Cover {
    /// Weight of what meets.
    pub met: f32,
    /// Weight of the first list, and of the second.
    pub all: [f32; 2],
    /// Initials or beginnings on one side stand for words on the other.
    pub spelt_out: bool,
}

impl Cover {
    /// Compares two lists.
    pub fn of(a: &[Word<'_>], b: &[Word<'_>]) -> Self {
        let sum = |list: &[Word<'_>]| list.iter().map(|w| w.weight).sum();
        let mut cover = Self { met: 0.0, all: [sum(a), sum(b)], spelt_out: false };
        let mut taken = [[false; MOST]; 2];
        for (i, word) in a.iter().enumerate() {
            if let Some(j) = (0..b.len()).find(|j| !taken[1][*j] && b[*j].kind == word.kind) {
                (taken[0][i], taken[1][j]) = (true, true);
                cover.met += word.weight;
            }
        }
        cover.spell_out([a, b], &mut taken);
        let left: Vec<usize> = (0..a.len()).filter(|i| !taken[0][*i]).collect();
        for i in left {
            let word = &a[i];
            let best = (0..b.len())
                .filter(|j| !taken[1][*j])
                .map(|j| (j, near(word.kind, b[j].kind)))
                .max_by(|x, y| x.1.total_cmp(&y.1))
                .filter(|(_, share)| *share > 0.0);
            if let Some((j, share)) = best {
                taken[1][j] = true;
                cover.met += share * word.weight.min(b[j].weight);
            }
        }
        cover
    }

    fn spell_out(&mut self, lists: [&[Word<'_>]; 2], taken: &mut [[bool; MOST]; 2]) {
        for side in [0, 1] {
            let (short, long) = (lists[side], lists[1 - side]);
            for (i, word) in short.iter().enumerate() {
                if taken[side][i] {
                    continue;
                }
                let least = if self.met > 0.0 { 2 } else { 3 };
                let Some(run) = spelt_out(word.text, long, (&taken[1 - side], least)) else { continue };
                let weight: f32 = long[run.clone()].iter().map(|w| w.weight).sum();
                taken[side][i] = true;
                run.for_each(|j| taken[1 - side][j] = true);
                // The initials count as if they were written out.
                self.all[side] += weight - word.weight;
                self.met += SPELT_OUT * weight;
                self.spelt_out = true;
            }
        }
    }

    /// Of both together, 0 to 1.
    pub fn both(&self) -> f32 {
        2.0 * self.met / (self.all[0] + self.all[1]).max(0.01)
    }

    /// Of the lighter one, 0 to 1.
    pub fn lighter(&self) -> f32 {
        self.met / self.all[0].min(self.all[1]).max(0.01)
    }
}

/// The neighbouring words whose beginnings make up `word`: at least `least`, or two where it is long.
fn spelt_out(
    word: &str,
    long: &[Word<'_>],
    (taken, least): (&[bool; MOST], usize),
) -> Option<std::ops::Range<usize>> {
    if !(least..=10).contains(&word.len()) || long.len() < 2 {
        return None;
    }
    let mut tries = TRIES;
    (0..long.len() - 1).find_map(|from| {
        let used = beginnings(word.as_bytes(), (&long[from..], &taken[from..]), &mut tries)?;
        (used >= least || (used == 2 && word.len() >= 5)).then_some(from..from + used)
    })
}

/// How many of the words, one after the other, make up `letters` by their beginnings; gives up after some tries.
fn beginnings(letters: &[u8], (words, taken): (&[Word<'_>], &[bool]), tries: &mut u32) -> Option<usize> {
    if letters.is_empty() {
        return Some(0);
    }
    *tries = tries.checked_sub(1)?;
    let (word, rest) = words.split_first()?;
    if taken[0] {
        return None;
    }
    let common = letters.iter().zip(word.text.bytes()).take_while(|(x, y)| **x == *y).count();
    (1..=common)
        .rev()
        .find_map(|n| beginnings(&letters[n..], (rest, &taken[1..]), tries).map(|used| used + 1))
}

/// How far one word stands for another, 0 to 1.
fn near(a: &str, b: &str) -> f32 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 3 || short.bytes().all(|c| c.is_ascii_digit()) {
        return 0.0;
    }
    if long.starts_with(short) {
        return if short.len() >= 4 { 0.85 } else { 0.6 };
    }
    let share = 1.0 - slips(short, long) / long.len() as f32;
    let begin = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
    // Cognates and inflections share their beginning: chemical / chemistry.
    if share >= 0.7 || (begin >= 4 && share >= 0.5) {
        share
    } else if share >= 0.6 && short.len() >= 5 {
        share - 0.1
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(a: &str, b: &str) -> Cover {
        let even = |_: &str| 1.0;
        Cover::of(&list(a, even), &list(b, even))
    }

    #[test]
    fn initials_and_beginnings_stand_for_words() {
        for (short, long) in [
            ("iim", "indian institute management"),
            ("polyu", "polytechnic university"),
            ("quapa", "qualite produits animaux"),
            ("cnrs lyon", "centre national recherche scientifique lyon"),
        ] {
            let cover = cover(short, long);
            assert!(cover.spelt_out && cover.both() > 0.8, "{short} {cover:?}");
        }
        assert!(!cover("ibm", "indian institute management").spelt_out);
    }

    #[test]
    fn kinds_of_organisation_meet_across_languages() {
        assert!(cover("universitat wien", "university wien").both() > 0.99);
    }
}
