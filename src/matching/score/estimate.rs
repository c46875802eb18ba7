//! Estimates a model from the office's own data, without labels: what strangers share from pairs drawn at random, what the same share by
//! expectation and maximisation over the best candidates of each probe. The defaults weigh as much as some pairs, so a
//! small office is not harmed.

use super::model::Model;
use super::threshold::KEPT;
use crate::matching::compare::{FIELD_COUNT, FIELDS, Field, LEVELS, Level, Outcomes};

/// Pairs that the defaults weigh as much as: strangers, the same, mates.
const HELD_OTHER: f32 = 200.0;
const HELD_SAME: f32 = 40.0;
const HELD_MATES: f32 = 40.0;

/// However many pairs there are, the defaults keep this much weight against them: pairs that differ much are taken
/// for strangers, so what is counted is too rosy.
const HELD_SHARE: f32 = 0.6;

/// Weight of the defaults, which know that, in the logarithm.
const LIKE_STRANGERS: f32 = 0.5;

/// Rounds; later ones change nothing that shows.
const ROUNDS: usize = 12;

/// What an estimate is made from.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Pairs drawn at random.
    pub strangers: Vec<Outcomes>,
    /// For each probe, its best candidates.
    pub candidates: Vec<Vec<Outcomes>>,
}

/// What came out.
#[derive(Debug, Clone)]
pub struct Estimate {
    /// The model; its version is one more than that it started from.
    pub model: Model,
    /// Pairs taken for the same, expected number.
    pub pairs: f64,
}

/// Estimates, starting from `start` and held by it.
pub fn estimate(start: &Model, sample: &Sample) -> Estimate {
    let mut model = start.clone();
    model.version += 1;
    strangers(&mut model, start, &sample.strangers);
    let mut pairs = 0.0;
    if !sample.candidates.is_empty() {
        for _ in 0..ROUNDS {
            pairs = round(&mut model, start, &sample.candidates);
        }
    }
    model.best = best_scores(&model, &sample.candidates);
    Estimate { model, pairs }
}

/// The score of each probe's best candidate, falling, thinned out evenly.
fn best_scores(model: &Model, probes: &[Vec<Outcomes>]) -> Vec<f32> {
    let best = |candidates: &Vec<Outcomes>| {
        let totals: Vec<f64> = candidates.iter().map(|c| model.odds(c).total).collect();
        let best = totals.iter().copied().max_by(f64::total_cmp)?;
        let rivals = (totals.iter().map(|t| t.exp()).sum::<f64>() - best.exp()).max(0.0);
        Some((best - rivals.ln_1p()) as f32)
    };
    let mut scores: Vec<f32> = probes.iter().filter_map(best).collect();
    scores.sort_unstable_by(|a, b| b.total_cmp(a));
    let step = scores.len().div_ceil(KEPT).max(1);
    scores.into_iter().step_by(step).collect()
}

fn strangers(model: &mut Model, start: &Model, pairs: &[Outcomes]) {
    // Names count as swapped only where they fit so, which the names themselves tell already.
    for field in FIELDS.into_iter().filter(|f| *f != Field::Order) {
        let at = field as usize;
        let (held, of) = (&start.fields[at], &mut model.fields[at]);
        let mut count = [0.0f32; LEVELS];
        let mut told = [0.0f32; LEVELS];
        for outcome in pairs.iter().filter_map(|p| p[at]) {
            count[outcome.level as usize] += 1.0;
            told[outcome.level as usize] += outcome.tells;
        }
        let all: f32 = count.iter().sum();
        for level in 0..LEVELS {
            let counted = (count[level] + HELD_OTHER * held.other[level]) / (all + HELD_OTHER);
            // Strangers that come up for a probe are more alike than those drawn at random.
            of.other[level] =
                (counted.ln() * (1.0 - LIKE_STRANGERS) + held.other[level].ln() * LIKE_STRANGERS).exp();
            let weight = 5.0;
            of.centre[level] = (told[level] + weight * held.centre[level]) / (count[level] + weight);
        }
        if of.slope[0] == 1.0 {
            of.centre[0] = -of.other[0].ln();
        }
    }
}

/// One round; gives back the expected number of pairs that are the same.
fn round(model: &mut Model, start: &Model, probes: &[Vec<Outcomes>]) -> f64 {
    let mut same = [[0.0f64; LEVELS]; FIELD_COUNT];
    let mut shared = [[0.0f64; 2]; FIELD_COUNT];
    let (mut found, mut mates) = (0.0, 0.0);
    for candidates in probes {
        let odds: Vec<_> = candidates.iter().map(|c| model.odds(c)).collect();
        let all: f64 = 1.0 + odds.iter().map(|o| o.total.exp()).sum::<f64>();
        for (outcomes, odds) in candidates.iter().zip(&odds) {
            let is_same = odds.total.exp() / all;
            let is_mate = (1.0 - is_same) * odds.mate.exp() / (1.0 + odds.mate.exp());
            found += is_same;
            mates += is_mate;
            for field in FIELDS {
                let at = field as usize;
                let Some(outcome) = outcomes[at] else { continue };
                same[at][outcome.level as usize] += is_same;
                let share = f64::from(model.fields[at].shared);
                let agreed = share * odds.weights[at].exp();
                shared[at][0] += is_mate * agreed / (agreed + 1.0 - share);
                shared[at][1] += is_mate;
            }
        }
    }
    for field in FIELDS {
        let at = field as usize;
        let (held, of) = (&start.fields[at], &mut model.fields[at]);
        let all: f64 = same[at].iter().sum();
        let hold = HELD_SAME + HELD_SHARE * all as f32;
        for ((of, counted), held) in of.same.iter_mut().zip(same[at]).zip(held.same) {
            *of = (counted as f32 + hold * held) / (all as f32 + hold);
        }
        let [agreed, of_all] = shared[at];
        of.shared = (agreed as f32 + HELD_MATES * held.shared) / (of_all as f32 + HELD_MATES);
    }
    let probes = probes.len() as f32;
    model.found = (found as f32 + HELD_SAME * start.found) / (probes + HELD_SAME);
    model.mates = (mates as f32 + HELD_MATES * start.mates) / (probes + HELD_MATES);
    debug_assert!(Level::Other as usize == LEVELS - 1);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::compare::Outcome;

    fn pair(first: Level, postal: Level) -> Outcomes {
        let mut outcomes: Outcomes = [None; FIELD_COUNT];
        outcomes[Field::First as usize] = Some(Outcome { level: first, tells: 5.0 });
        outcomes[Field::Last as usize] = Some(Outcome { level: first, tells: 6.0 });
        outcomes[Field::Postal as usize] = Some(Outcome { level: postal, tells: 7.0 });
        outcomes
    }

    fn sample(probes: usize) -> Sample {
        // Of the pairs that are the same, every other one has moved.
        let postal = |n: usize| if n.is_multiple_of(2) { Level::Same } else { Level::Other };
        Sample {
            strangers: (0..probes * 10).map(|_| pair(Level::Other, Level::Other)).collect(),
            candidates: (0..probes)
                .map(|n| vec![pair(Level::Same, postal(n)), pair(Level::Other, Level::Other)])
                .collect(),
        }
    }

    #[test]
    fn a_field_that_changes_often_loses_weight() {
        let start = Model { records: 1000, ..Model::default() };
        let made = estimate(&start, &sample(1000));
        let other = |m: &Model| m.weight(Field::Postal, Outcome { level: Level::Other, tells: 0.0 });
        assert!(other(&made.model) > other(&start) + 0.5, "{} {}", other(&made.model), other(&start));
        assert!(made.pairs > 900.0, "{}", made.pairs);
        assert_eq!(made.model.version, 1);
    }

    #[test]
    fn a_small_office_keeps_near_the_defaults() {
        let start = Model { records: 20, ..Model::default() };
        let made = estimate(&start, &sample(3)).model;
        for (now, before) in made.fields.iter().zip(&start.fields) {
            for (x, y) in now.same.iter().zip(before.same) {
                assert!((x - y).abs() < 0.06, "{x} {y}");
            }
        }
        let untaught = estimate(&start, &Sample::default()).model;
        for (now, before) in untaught.fields.iter().zip(&start.fields) {
            assert_eq!(now.same, before.same);
            assert!(now.other.iter().zip(before.other).all(|(x, y)| (x - y).abs() < 1e-6));
        }
    }

    #[test]
    fn a_model_is_kept_as_text_without_loss() {
        let made = estimate(&Model { records: 20, ..Model::default() }, &sample(9)).model;
        let text = serde_json::to_string(&made).unwrap();
        assert_eq!(serde_json::from_str::<Model>(&text).unwrap(), made);
    }
}
