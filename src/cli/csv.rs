//! Lists as CSV: the names of the JSON as header, a row a record, written as they come; what a spreadsheet would run is quoted unless a machine reads.

use std::io::{self, Write};

use serde_json::Value;

use super::output::Formulas;
use crate::domain::text::{csv_guard, display_block};

/// The columns, once the first row has told them.
#[derive(Debug, Default)]
pub struct Csv {
    columns: Vec<String>,
}

impl Csv {
    /// Writes rows, and the header before the first of them.
    pub fn rows(&mut self, to: &mut dyn Write, formulas: Formulas, rows: &[Value]) -> io::Result<()> {
        let mut csv = ::csv::Writer::from_writer(to);
        if let Some(Value::Object(first)) = rows.first().filter(|_| self.columns.is_empty()) {
            self.columns = first.keys().cloned().collect();
            csv.write_record(&self.columns)?;
        }
        for row in rows {
            csv.write_record(self.columns.iter().map(|name| cell(&row[name.as_str()], formulas)))?;
        }
        csv.flush()
    }
}

/// Unknown is empty, a list of words is one text, what is nested further is its JSON. Numbers need no guard: a
/// spreadsheet reads `-3` as what it is.
fn cell(value: &Value, formulas: Formulas) -> String {
    let text = match value {
        Value::Null => return String::new(),
        Value::Bool(_) | Value::Number(_) => return value.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; ")
        }
        Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    match formulas {
        Formulas::Raw => text,
        Formulas::Guarded => csv_guard(&display_block(&text)).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::intake::csv::CsvRows;

    fn written(formulas: Formulas, pages: &[&[Value]]) -> String {
        let (mut bytes, mut csv) = (Vec::new(), Csv::default());
        for page in pages {
            csv.rows(&mut bytes, formulas, page).unwrap();
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn pages_share_one_header_and_formulas_are_quoted_for_people_alone() {
        let rows = [json!({"number": "REG-1", "company": "=1+1", "left": -3, "who": null, "of": ["a", "b"]})];
        let more =
            [json!({"number": "REG-2", "company": "A, \"B\"", "left": 4, "who": {"a": true}, "of": []})];
        assert_eq!(
            written(Formulas::Guarded, &[&rows, &more]),
            "number,company,left,who,of\nREG-1,'=1+1,-3,,a; b\nREG-2,\"A, \"\"B\"\"\",4,\"{\"\"a\"\":true}\",\n"
        );
        assert_eq!(written(Formulas::Raw, &[&rows]).lines().nth(1), Some("REG-1,=1+1,-3,,a; b"));
    }

    #[test]
    fn our_import_takes_exactly_the_guard_away() {
        for company in
            ["=1+1", "'=1+1", "''", "'quoted'", " @sum", "+351 21", "-", "plain, \"x\"\nline", "＝1"]
        {
            let rows = [json!({"company": company, "email": "a@b.example"})];
            let text = written(Formulas::Guarded, &[&rows]);
            let read: Vec<_> = CsvRows::new(text.as_bytes()).map(|row| row.input.unwrap().company).collect();
            assert_eq!(read, [Some(company.to_owned())], "{text}");
        }
    }
}
