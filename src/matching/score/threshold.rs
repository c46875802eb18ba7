//! From probabilities to decisions: words for people, and a threshold for a rate of false alarms.

use super::model::Model;

/// Best scores of a sample that a model keeps, at most.
pub(super) const KEPT: usize = 256;

/// How sure, in words. Below *possible* nothing is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// At least 19 of 20 are the same.
    AlmostCertain,
    /// More are the same than not.
    Likely,
    /// At least one of ten is the same.
    Possible,
}

impl Sureness {
    /// The word for a probability; none where it is too low to be shown.
    pub fn of(probability: f64) -> Option<Self> {
        match probability {
            p if p >= 0.95 => Some(Self::AlmostCertain),
            p if p >= 0.5 => Some(Self::Likely),
            p if p >= 0.1 => Some(Self::Possible),
            _ => None,
        }
    }

    /// The words.
    pub fn words(self) -> &'static str {
        match self {
            Self::AlmostCertain => "almost certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

impl Model {
    /// The least score at which a hit is to be announced, when at most `rate` (0 to 1) of the probes without a record
    /// may get one. Expected from the probabilities of the sample that the model was estimated from; without a sample,
    /// even odds.
    pub fn threshold(&self, rate: f64) -> f64 {
        let wrong = |score: f32| 1.0 / (1.0 + f64::from(score).exp());
        let absent: f64 = self.best.iter().map(|s| wrong(*s)).sum();
        let mut alarms = 0.0;
        let mut least = if self.best.is_empty() { 0.0 } else { f64::INFINITY };
        // Best first: each score let in adds the chance that it is a false alarm.
        for score in &self.best {
            alarms += wrong(*score);
            if alarms > rate * absent {
                break;
            }
            least = f64::from(*score);
        }
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_false_alarms_need_more_evidence() {
        let best = (0..200).map(|n| 10.0 - n as f32 * 0.1).collect();
        let model = Model { best, ..Model::default() };
        let (strict, lax) = (model.threshold(0.01), model.threshold(0.2));
        assert!(strict > lax && lax > -10.0, "{strict} {lax}");
        assert_eq!(Model::default().threshold(0.05), 0.0);
    }

    #[test]
    fn words_follow_probability() {
        let words = |p| Sureness::of(p).map(Sureness::words);
        assert_eq!([0.99, 0.7, 0.2].map(words), [Some("almost certain"), Some("likely"), Some("possible")]);
        assert_eq!(words(0.05), None);
    }
}
