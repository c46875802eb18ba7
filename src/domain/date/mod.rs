//! Dates as people type and read them; nothing here knows what time it is, the caller always says.

mod shown;
mod typed;

pub use shown::{age, echo, from_rfc3339, local_day, local_second, local_sentence, local_short, to_rfc3339};
pub use typed::{DateProblem, DayOrder, parse_date, parse_date_as};
