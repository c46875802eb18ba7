//! `[calendar]`: the office's working time, as the config says it.

use chrono_tz::Tz;

use super::problem::Problem;
use crate::domain::calendar::{Calendar as Working, Holidays, Week};

/// `[calendar]`
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Working days: `mon-fri`, `sat`.
    pub days: Vec<String>,
    /// Working hours of those days; a line that begins with days is for those instead.
    pub hours: Vec<String>,
    /// Days without work: `2026-12-25`, or `12-25` for every year.
    pub holidays: Vec<String>,
    /// Name of the time zone; none: this machine's.
    pub timezone: Option<String>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            days: vec!["mon-fri".into()],
            hours: vec!["09:00-17:00".into()],
            holidays: Vec::new(),
            timezone: None,
        }
    }
}

impl Calendar {
    /// The working time.
    ///
    /// # Errors
    /// The key that is wrong, with what would do.
    pub fn working(&self) -> Result<Working, Problem> {
        let week =
            Week::of(&self.days, &self.hours).map_err(|said| Problem::stops("calendar.hours", said))?;
        let holidays =
            Holidays::parse(&self.holidays).map_err(|said| Problem::stops("calendar.holidays", said))?;
        let zone = match &self.timezone {
            Some(name) => zone(name).map_err(|said| Problem::stops("calendar.timezone", said))?,
            None => machine(),
        };
        Working::new(zone, week, holidays).map_err(|said| Problem::stops("calendar.holidays", said))
    }
}

fn zone(name: &str) -> Result<Tz, String> {
    name.parse().map_err(|_| {
        let typed = name.to_lowercase();
        let likeness = |zone: &str| strsim::jaro_winkler(&typed, &zone.to_lowercase());
        let near = chrono_tz::TZ_VARIANTS
            .iter()
            .map(|zone| zone.name())
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
            .filter(|zone| likeness(zone) > 0.85);
        let meant = near.map_or_else(
            || "write for example \"Europe/Berlin\"".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        format!("is no time zone: \"{name}\"; {meant}")
    })
}

/// This machine's time zone; UTC where it does not say.
fn machine() -> Tz {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}
