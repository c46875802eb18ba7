//! A refusal names the rule and what would satisfy it (mission.md, Principles 2).

/// Why something may not be done. Data: the two faces print it, they never guess it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Refusal {
    /// Stable name of the rule, snake_case; scripts may rely on it.
    pub rule: &'static str,
    /// One sentence: what was refused, on what.
    pub message: String,
    /// One sentence: what would satisfy the rule, or whom to ask.
    pub remedy: String,
}

impl Refusal {
    /// A refusal by `rule`; both texts are full sentences without line breaks.
    pub fn new(rule: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { rule, message: message.into(), remedy: remedy.into() }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.message, self.remedy)
    }
}
