//! Names of persons: short names, initials, sound-alikes, slips, and first and last name in each other's place.

use super::text::{alike, edits, same_letters, slips, sound};
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
    let swapped = is_whole(crossed) && worth(crossed) > worth(straight) + 1.5;
    if swapped {
        // A name in the other's place is as common as it is in either.
        let least = |value: &str| common.tells(Field::First, value).min(common.tells(Field::Last, value));
        return Named {
            first: crossed[0].and_then(|l| Outcome::new(l, least(b.last) + nearer(a.first, b.last, l))),
            last: crossed[1].and_then(|l| Outcome::new(l, least(b.first) + nearer(a.last, b.first, l))),
            order: Outcome::new(Level::Other, 0.0),
        };
    }
    let tells = |field, [x, y]: [&str; 2], level: Option<Level>| {
        level.and_then(|l| Outcome::new(l, common.tells(field, y) + nearer(x, y, l)))
    };
    let [first, last] = straight;
    let both = first.is_some() && last.is_some();
    let mails = [a.email, b.email];
    Named {
        first: tells(Field::First, [a.first, b.first], first.or_else(|| in_mail([a.first, b.first], mails))),
        last: tells(Field::Last, [a.last, b.last], last.or_else(|| in_mail([a.last, b.last], mails))),
        order: if both { Outcome::new(Level::Same, 0.0) } else { None },
    }
}

/// What the share of equal letters tells beyond the level: one slip in a long name is less of a chance than in a short one.
fn nearer(a: &str, b: &str, level: Level) -> f32 {
    match level {
        Level::Slip | Level::Variant | Level::Alike if !a.is_empty() && !b.is_empty() => {
            NEARER * (alike(a, b) - USUAL)
        }
        Level::Slip | Level::Variant | Level::Alike => 0.0,
        Level::Same | Level::Initial | Level::Some | Level::Little | Level::Other => 0.0,
    }
}

/// What all letters tell more than none.
const NEARER: f32 = 8.0;

/// Share of equal letters where names are alike.
const USUAL: f32 = 0.75;

/// Where a name is missing on one side, its e-mail address may hold it.
fn in_mail([a, b]: [&str; 2], [mail_a, mail_b]: [&str; 2]) -> Option<Level> {
    let (name, mail) = if a.is_empty() { (b, mail_a) } else { (a, mail_b) };
    let (local, _) = mail.split_once('@')?;
    let holds = name.len() >= 4
        && local.split(|c: char| !c.is_ascii_alphabetic()).any(|w| w.len() >= 3 && edits(w, name) <= 1);
    (holds || (name.len() >= 5 && local.contains(name))).then_some(Level::Variant)
}

/// Names are taken for swapped only when one fits well in the other's place, and the other is alike there or missing.
fn is_whole(crossed: [Option<Level>; 2]) -> bool {
    let fits = |l: Option<Level>| matches!(l, Some(Level::Same | Level::Slip | Level::Variant));
    let may_be = |l: Option<Level>| match l {
        Some(Level::Same | Level::Slip | Level::Variant | Level::Initial | Level::Alike) | None => true,
        Some(Level::Some | Level::Little | Level::Other) => false,
    };
    let [first, last] = crossed;
    (fits(first) && may_be(last)) || (fits(last) && may_be(first))
}

/// A rough sum for choosing between straight and swapped.
fn worth(levels: [Option<Level>; 2]) -> f32 {
    let one = |level: Option<Level>| match level {
        Some(Level::Same) => 3.0,
        Some(Level::Slip) => 2.0,
        Some(Level::Variant) => 1.5,
        Some(Level::Alike) => 1.0,
        Some(Level::Initial) => 0.7,
        Some(Level::Some | Level::Little | Level::Other) | None => 0.0,
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
    let initials = |name: &str| name.len() <= 5 && name.split(' ').all(|w| w.len() == 1);
    if initials(a) || initials(b) {
        let fits = a.as_bytes()[0] == b.as_bytes()[0];
        return Some(if fits { Level::Initial } else { Level::Other });
    }
    let (shortest, longest) = (a.len().min(b.len()), a.len().max(b.len()));
    let n = slips(a, b);
    if (n < 1.5 && longest >= 3) || (n < 2.5 && shortest >= 6) {
        return Some(Level::Slip);
    }
    if root_of_name(a) == root_of_name(b) || shares_a_word(a, b) {
        return Some(Level::Variant);
    }
    let prefix = shortest >= 3 && (a.starts_with(b) || b.starts_with(a));
    let heard = shortest >= 3 && a.as_bytes()[0] == b.as_bytes()[0] && sound(a) == sound(b);
    if prefix || (heard && alike(a, b) >= 0.6) {
        return Some(Level::Variant);
    }
    let share = 1.0 - n / longest as f32;
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
    let meet =
        |v: &str, w: &str| v == w || (v.len() > 3 && edits(v, w) == 1) || root_of_name(v) == root_of_name(w);
    several
        && a.split(' ')
            .filter(|w| w.len() > 2)
            .take(WORDS)
            .any(|w| b.split(' ').take(WORDS).any(|v| meet(v, w)))
}

/// Words of a name that are looked at.
const WORDS: usize = 6;

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
