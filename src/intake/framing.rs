//! Where a JSON value ends, byte by byte: strings and brackets are followed without recursion, so depth is known before anything recursive reads.

use super::DEPTH_LIMIT;

/// Follows strings and brackets, so that depth and the end of a value are known without recursion.
#[derive(Default)]
pub(super) struct Framing {
    depth: usize,
    text: Text,
}

#[derive(Default, PartialEq, Eq)]
enum Text {
    #[default]
    Outside,
    Inside,
    Escaped,
}

impl Framing {
    /// Whether the next byte stands in no string and no bracket.
    pub(super) fn outside(&self) -> bool {
        self.depth == 0 && self.text == Text::Outside
    }

    /// Takes one byte; refuses the bracket that goes too deep.
    pub(super) fn step(&mut self, byte: u8) -> Result<(), String> {
        match (&self.text, byte) {
            (Text::Escaped, _) | (Text::Outside, b'"') => self.text = Text::Inside,
            (Text::Inside, b'\\') => self.text = Text::Escaped,
            (Text::Inside, b'"') => self.text = Text::Outside,
            (Text::Outside, b'[' | b'{') => self.depth += 1,
            (Text::Outside, b']' | b'}') => self.depth = self.depth.saturating_sub(1),
            (Text::Inside | Text::Outside, _) => {}
        }
        if self.depth > DEPTH_LIMIT {
            Err(format!("the record is nested deeper than {DEPTH_LIMIT}"))
        } else {
            Ok(())
        }
    }
}
