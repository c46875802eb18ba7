//! Tables as text: fitted to the terminal where there is one, tab-separated without a header where there is none, so that `cut` and `while read` work.

use crate::domain::text::{display_line, fit, width};

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table; every row has as many cells as there are columns.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

/// The columns between two columns.
const GAP: usize = 2;
/// No column is made narrower than this.
const NARROWEST: usize = 6;

impl Table {
    /// A table with these columns.
    pub fn new(columns: &[(&'static str, Align)]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; text from outside is made safe here.
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) {
        assert_eq!(N, self.columns.len(), "a row has a cell for every column");
        self.rows.push(cells.iter().map(|cell| display_line(cell).into_owned()).collect());
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Cells separated by tabs, one row a line.
    pub fn plain(&self) -> String {
        self.rows.iter().map(|row| row.join("\t") + "\n").collect()
    }

    /// The header line and the rows, at most `columns` wide; what is cut ends in `…`.
    pub fn fitted(&self, columns: usize) -> (String, String) {
        let widths = self.widths(columns);
        let header: Vec<String> = self.columns.iter().map(|(title, _)| (*title).to_owned()).collect();
        let body = self.rows.iter().map(|row| self.line(row, &widths) + "\n").collect();
        (self.line(&header, &widths), body)
    }

    /// The widths wanted, taken from the widest column until the table fits.
    fn widths(&self, columns: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|(title, _)| width(title)).collect();
        for row in &self.rows {
            for (wanted, cell) in widths.iter_mut().zip(row) {
                *wanted = (*wanted).max(width(cell));
            }
        }
        let room = columns.saturating_sub(GAP * widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            match widths.iter_mut().max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                Some(_) | None => break,
            }
        }
        widths
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, room), (_, align)) in cells.iter().zip(widths).zip(&self.columns) {
            let text = fit(cell, *room);
            let blanks = " ".repeat(room.saturating_sub(width(&text)));
            let (before, after) = match align {
                Align::Left => ("", blanks.as_str()),
                Align::Right => (blanks.as_str(), ""),
            };
            line.push_str(before);
            line.push_str(&text);
            line.push_str(after);
            line.push_str("  ");
        }
        line.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table =
            Table::new(&[("Number", Align::Left), ("Company", Align::Left), ("Checks", Align::Right)]);
        table.row(["REG-000001", "Łódź Textiles sp. z o.o. and a long name", "8"]);
        table.row(["REG-000002", "株式会社\u{1b}[31m", "12"]);
        table
    }

    #[test]
    fn it_fits_and_lines_up() {
        let (header, body) = sample().fitted(40);
        assert_eq!(header, "Number      Company               Checks");
        assert_eq!(
            body,
            "REG-000001  Łódź Textiles sp. z…       8\nREG-000002  株式会社␛[31m             12\n"
        );
    }

    #[test]
    fn without_a_terminal_nothing_is_cut_and_nothing_is_raw() {
        assert_eq!(
            sample().plain(),
            "REG-000001\tŁódź Textiles sp. z o.o. and a long name\t8\nREG-000002\t株式会社␛[31m\t12\n"
        );
    }
}
