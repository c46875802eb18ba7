//! Names made of several words: companies and streets.

use super::cover::{Cover, MOST, list};
use super::text::{edits, pairs_in_common, same_letters};
use super::{Field, Level, Outcome};
use crate::matching::normalise::{View, is_plain_street_word};
use crate::matching::score::Commonness;

/// Companies of a city often have its name in theirs: what the city says already counts little again.
const CITY_IN_NAME: f32 = 0.25;

/// What a share at the upper bound of a level tells more than one at the lower.
const ACROSS: f32 = 5.0;

/// Every word tells at least this.
const LEAST: f32 = 0.3;

pub(super) fn company(a: &View<'_>, b: &View<'_>, common: &Commonness) -> Option<Outcome> {
    if a.company.is_empty() || b.company.is_empty() {
        return None;
    }
    let of_city = |w: &str| a.city.split(' ').chain(b.city.split(' ')).any(|c| c == w);
    let weigh = |w: &str| {
        let tells = common.tells(Field::Company, w).max(LEAST);
        if of_city(w) { tells * CITY_IN_NAME } else { tells }
    };
    let cover = Cover::of(&list(a.company, weigh), &list(b.company, weigh));
    if same_letters(a.company, b.company) {
        return Outcome::new(Level::Same, cover.all[0]);
    }
    let whole = cover.both().max(pairs_in_common(a.company, b.company) * 1.05 - 0.15);
    let (level, from, to) = if cover.spelt_out && whole >= 0.6 {
        (Level::Initial, 0.6, 1.0)
    } else if whole >= 0.86 {
        (Level::Slip, 0.86, 1.0)
    } else if cover.lighter() >= 0.88 {
        (Level::Variant, 0.2, 1.0)
    } else {
        by_share(whole)
    };
    Outcome::new(level, cover.met + within(whole, from, to))
}

/// The lower levels, and their bounds.
fn by_share(whole: f32) -> (Level, f32, f32) {
    let table = [(0.6, Level::Alike, 0.86), (0.33, Level::Some, 0.6), (0.15, Level::Little, 0.33)];
    let found = table.into_iter().find(|(least, _, _)| whole >= *least);
    found.map_or((Level::Other, 0.0, 0.15), |(least, level, most)| (level, least, most))
}

/// What the place between two bounds tells: a level is no step, but a slope.
fn within(share: f32, from: f32, to: f32) -> f32 {
    ACROSS * ((share - from) / (to - from)).clamp(0.0, 1.0)
}

/// House number and street, apart: a slip in the one says nothing about the other.
pub(super) fn street(a: &str, b: &str, common: &Commonness) -> (Option<Outcome>, Option<Outcome>) {
    if a.is_empty() || b.is_empty() {
        return (None, None);
    }
    let parted = |text| -> (Vec<&str>, Vec<&str>) {
        str::split(text, ' ')
            .filter(|w| !w.is_empty())
            .take(MOST)
            .partition(|w| w.as_bytes()[0].is_ascii_digit())
    };
    let ((numbers, names), (numbers2, names2)) = (parted(a), parted(b));
    (house(&numbers, &numbers2, common), name(&names, &names2, common))
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
    let telling = |names: &[&str]| {
        let kept: Vec<&str> = names.iter().copied().filter(|w| !is_plain_street_word(w)).collect();
        if kept.is_empty() { names.join(" ") } else { kept.join(" ") }
    };
    let (left, right) = (telling(a), telling(b));
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let weigh = |w: &str| common.tells(Field::Street, w).max(LEAST);
    let cover = Cover::of(&list(&left, weigh), &list(&right, weigh));
    let whole = cover.both().max(pairs_in_common(&left, &right) * 1.05 - 0.1);
    let (level, from, to) = if same_letters(&left, &right) {
        return Outcome::new(Level::Same, cover.met);
    } else if whole >= 0.82 {
        (Level::Slip, 0.82, 1.0)
    } else if cover.lighter() >= 0.8 {
        (Level::Variant, 0.2, 1.0)
    } else {
        by_share(whole)
    };
    Outcome::new(level, cover.met + within(whole, from, to))
}
