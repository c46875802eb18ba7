//! Names made of several words: companies and streets. Rare words count more; slips, abbreviations and cognates count in part.

use super::text::{edits, pairs_in_common, same_letters};
use super::{Field, Level, Outcome};
use crate::matching::normalise::is_plain_street_word;
use crate::matching::score::Commonness;

/// Words of a name that are looked at.
const MOST: usize = 12;

/// How two lists of words cover each other; weights are what the words tell.
struct Cover {
    /// Weight of what meets.
    met: f32,
    /// Weight of the first list, and of the second.
    all: [f32; 2],
}

impl Cover {
    /// Of both together, 0 to 1.
    fn both(&self) -> f32 {
        2.0 * self.met / (self.all[0] + self.all[1]).max(0.01)
    }

    /// Of the lighter one, 0 to 1.
    fn lighter(&self) -> f32 {
        self.met / self.all[0].min(self.all[1]).max(0.01)
    }
}

fn list(text: &str) -> Vec<&str> {
    text.split(' ').filter(|w| !w.is_empty()).take(MOST).collect()
}

fn cover(field: Field, [a, b]: [&[&str]; 2], common: &Commonness) -> Cover {
    let weigh = |w: &&str| common.tells(field, w).max(0.3);
    let (of_a, of_b): (Vec<f32>, Vec<f32>) = (a.iter().map(weigh).collect(), b.iter().map(weigh).collect());
    let mut taken = [false; MOST];
    let mut met = 0.0;
    let mut left = Vec::new();
    for (i, word) in a.iter().enumerate() {
        match (0..b.len()).find(|j| !taken[*j] && b[*j] == *word) {
            Some(j) => {
                taken[j] = true;
                met += of_a[i];
            }
            None => left.push(i),
        }
    }
    for i in left {
        let best = (0..b.len())
            .filter(|j| !taken[*j])
            .map(|j| (j, near(a[i], b[j])))
            .max_by(|x, y| x.1.total_cmp(&y.1))
            .filter(|(_, share)| *share > 0.0);
        if let Some((j, share)) = best {
            taken[j] = true;
            met += share * of_a[i].min(of_b[j]);
        }
    }
    Cover { met, all: [of_a.iter().sum(), of_b.iter().sum()] }
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
    let share = 1.0 - edits(short, long) as f32 / long.len() as f32;
    let begin = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
    if share >= 0.7 {
        share
    } else if begin >= 4 && share >= 0.5 {
        // Cognates and inflections: geopolymer / geopolymere, chemical / chemistry.
        share
    } else if share >= 0.6 && short.len() >= 5 {
        share - 0.1
    } else {
        0.0
    }
}

pub(super) fn company(a: &str, b: &str, common: &Commonness) -> Option<Outcome> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (x, y) = (list(a), list(b));
    let cover = cover(Field::Company, [&x, &y], common);
    if same_letters(a, b) {
        return Outcome::new(Level::Same, cover.all[0]);
    }
    let whole = cover.both().max(pairs_in_common(a, b) * 1.05 - 0.15);
    let tells = cover.met;
    let level = if whole >= 0.86 {
        Level::Slip
    } else if cover.lighter() >= 0.88 {
        Level::Variant
    } else if stands_for(&x, &y) || stands_for(&y, &x) {
        return Outcome::new(Level::Initial, 3.0);
    } else if whole >= 0.6 {
        Level::Alike
    } else if whole >= 0.33 {
        Level::Some
    } else {
        Level::Other
    };
    Outcome::new(level, tells)
}

/// Whether a word of `short` is made of the first letters of the words of `long`.
fn stands_for(short: &[&str], long: &[&str]) -> bool {
    if long.len() < 3 || short.len() > long.len() {
        return false;
    }
    let initials: String = long.iter().filter_map(|w| w.chars().next()).collect();
    short.iter().any(|w| w.len() >= 3 && (initials.contains(w) || (w.len() >= 4 && edits(w, &initials) <= 1)))
}

/// House number and street, apart: a slip in the one says nothing about the other.
pub(super) fn street(a: &str, b: &str, common: &Commonness) -> (Option<Outcome>, Option<Outcome>) {
    if a.is_empty() || b.is_empty() {
        return (None, None);
    }
    let (numbers, names) = parted(a);
    let (numbers2, names2) = parted(b);
    (house(&numbers, &numbers2, common), name(&names, &names2, common))
}

fn parted(text: &str) -> (Vec<&str>, Vec<&str>) {
    list(text).into_iter().partition(|w| w.as_bytes()[0].is_ascii_digit())
}

fn house(a: &[&str], b: &[&str], common: &Commonness) -> Option<Outcome> {
    let (first, second) = (a.first()?, b.first()?);
    let tells = common.tells(Field::House, second);
    let level = if first == second {
        Level::Same
    } else if a.contains(second) || b.contains(first) {
        Level::Variant
    } else if edits(first, second) == 1 && first.len().max(second.len()) > 1 {
        Level::Slip
    } else {
        Level::Other
    };
    Outcome::new(level, tells)
}

fn name(a: &[&str], b: &[&str], common: &Commonness) -> Option<Outcome> {
    let telling = |w: &&str| !is_plain_street_word(w);
    let (mut x, mut y): (Vec<&str>, Vec<&str>) =
        (a.iter().copied().filter(telling).collect(), b.iter().copied().filter(telling).collect());
    if x.is_empty() || y.is_empty() {
        (x, y) = (a.to_vec(), b.to_vec());
    }
    if x.is_empty() || y.is_empty() {
        return None;
    }
    let cover = cover(Field::Street, [&x, &y], common);
    let (left, right) = (x.join(""), y.join(""));
    let whole = cover.both().max(pairs_in_common(&left, &right) * 1.05 - 0.1);
    let level = if left == right {
        Level::Same
    } else if whole >= 0.82 {
        Level::Slip
    } else if cover.lighter() >= 0.8 {
        Level::Variant
    } else if whole >= 0.55 {
        Level::Alike
    } else if whole >= 0.3 {
        Level::Some
    } else {
        Level::Other
    };
    Outcome::new(level, cover.met)
}
