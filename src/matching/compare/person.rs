//! Names of persons: short names, initials, sound-alikes, slips, and first and last name in each other's place.

use super::text::{alike, edits, same_letters, sound};
use super::{Field, Level, Outcome};
use crate::matching::normalise::{View, root_of_name};
use crate::matching::score::Commonness;

pub(super) struct Named {
    pub first: Option<Outcome>,
    pub last: Option<Outcome>,
    pub order: Option<Outcome>,
}

pub(super) fn compare(a: &View<'_>, b: &View<'_>, common: &Commonness) -> Named {
    let straight = [level(a.first, b.first), level(a.last, b.last)];
    let crossed = [level(a.first, b.last), level(a.last, b.first)];
    let swapped = worth(crossed) > worth(straight) + 1.5 && worth(crossed) >= 3.0;
    let ([first, last], against) =
        if swapped { (crossed, [b.last, b.first]) } else { (straight, [b.first, b.last]) };
    let tells = |field, value: &str, level: Option<Level>| {
        level.and_then(|l| Outcome::new(l, common.tells(field, value)))
    };
    // A name in the other's place is as rare as it is where it stands in the record.
    let (of_first, of_last) = if swapped { (Field::Last, Field::First) } else { (Field::First, Field::Last) };
    let both = first.is_some() && last.is_some();
    let order = if swapped { Level::Other } else { Level::Same };
    Named {
        first: tells(of_first, against[0], first),
        last: tells(of_last, against[1], last),
        order: if both || swapped { Outcome::new(order, 0.0) } else { None },
    }
}

/// A rough sum for choosing between straight and swapped.
fn worth(levels: [Option<Level>; 2]) -> f32 {
    let one = |level: Option<Level>| match level {
        Some(Level::Same) => 3.0,
        Some(Level::Slip) => 2.0,
        Some(Level::Variant) => 1.5,
        Some(Level::Alike) => 1.0,
        Some(Level::Initial) => 0.7,
        Some(Level::Some | Level::Other) | None => 0.0,
    };
    one(levels[0]) + one(levels[1])
}

fn level(a: &str, b: &str) -> Option<Level> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b || same_letters(a, b) {
        return Some(Level::Same);
    }
    if a.len() == 1 || b.len() == 1 {
        let fits = a.as_bytes()[0] == b.as_bytes()[0];
        return Some(if fits { Level::Initial } else { Level::Other });
    }
    let (shortest, longest) = (a.len().min(b.len()), a.len().max(b.len()));
    let n = edits(a, b);
    if (n == 1 && longest >= 3) || (n == 2 && shortest >= 6) {
        return Some(Level::Slip);
    }
    if root_of_name(a) == root_of_name(b) || shares_a_word(a, b) {
        return Some(Level::Variant);
    }
    let prefix = shortest >= 3 && (a.starts_with(b) || b.starts_with(a));
    let heard = shortest >= 3 && a.as_bytes()[0] == b.as_bytes()[0] && sound(a) == sound(b);
    if prefix || (heard && alike(a, b) >= 0.5) {
        return Some(Level::Variant);
    }
    let share = 1.0 - n as f32 / longest as f32;
    Some(if share >= 0.59 {
        Level::Alike
    } else if share >= 0.45 {
        Level::Some
    } else {
        Level::Other
    })
}

fn shares_a_word(a: &str, b: &str) -> bool {
    let several = a.contains(' ') || b.contains(' ');
    several
        && a.split(' ').filter(|w| w.len() > 2).any(|w| {
            b.split(' ')
                .any(|v| v == w || (v.len() > 3 && edits(v, w) == 1) || root_of_name(v) == root_of_name(w))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet_in_their_forms() {
        #[rustfmt::skip]
        let table = [
            ("maria", "maria", Level::Same), ("al amin", "alamin", Level::Same), ("smith", "smyth", Level::Slip), ("catherine", "katharine", Level::Slip),
            ("bill", "william", Level::Variant), ("anna maria", "maria", Level::Variant), ("e", "emma", Level::Initial), ("e", "paul", Level::Other),
            ("kontopoylos", "kontopulos", Level::Slip), ("jones", "miller", Level::Other),
        ];
        for (a, b, want) in table {
            assert_eq!(level(a, b), Some(want), "{a} {b}");
        }
        assert_eq!(level("", "x"), None);
    }
}
