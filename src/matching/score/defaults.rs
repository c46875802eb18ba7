//! The numbers that the programme comes with: what an office's data usually look like. The estimate starts from them and is held by them
//! where there is little data.

use super::model::{FieldModel, Model};
use crate::matching::compare::{FIELD_COUNT, Field, LEVELS, Level};

/// Rarity moves a weight by no more.
pub const MOST_RARITY: f32 = 4.0;

/// No field's weight goes below.
pub const LEAST_WEIGHT: f32 = -6.0;

/// No field's weight goes above.
pub const MOST_WEIGHT: f32 = 14.0;

/// A level that a field does not know.
const NO: f32 = 1e-4;

/// Field; same; other; what agreement usually tells; how much rarity counts at *same* and at the lesser levels; shared.
type Row = (Field, [f32; LEVELS], [f32; LEVELS], f32, [f32; 2], f32);

#[rustfmt::skip]
const ROWS: [Row; FIELD_COUNT] = [
//                   same   slip   variant init.  alike some  little other     same  slip  variant init. alike some  little other
    (Field::Company, [0.45, 0.14,  0.16,   0.03,  0.10, 0.06, 0.03,  0.03 ],  [1e-4, 5e-5, 5e-4,   1e-3, 4e-3, 0.05, 0.15,  0.80 ],  8.0, [0.6, 0.5], 0.70),
    (Field::First,   [0.72, 0.08,  0.08,   0.02,  0.03, 0.02, NO,    0.05 ],  [8e-3, 6e-3, 1e-2,   3e-2, 0.02, 0.08, NO,    0.846],  4.8, [1.0, 0.5], 0.02),
    (Field::Last,    [0.80, 0.08,  0.03,   5e-3,  0.03, 0.02, NO,    0.04 ],  [4e-3, 4e-3, 4e-3,   2e-3, 0.02, 0.06, NO,    0.906],  5.5, [1.0, 0.5], 0.50),
    (Field::Order,   [0.98, NO,    NO,     NO,    NO,   NO,   NO,    0.02 ],  [0.90, NO,   NO,     NO,   NO,   NO,   NO,    0.10 ],  0.0, [0.0, 0.0], 0.00),
    (Field::Email,   [0.60, 0.12,  0.05,   NO,    0.06, 0.07, NO,    0.10 ],  [1e-5, 1e-5, 1e-4,   NO,   1e-3, 1e-3, NO,    0.998], 11.5, [1.0, 0.3], 0.05),
    (Field::Phone,   [0.72, 0.10,  1e-3,   NO,    0.04, 0.04, NO,    0.10 ],  [1e-5, 1e-4, 1e-4,   NO,   1e-3, 5e-3, NO,    0.99 ], 11.5, [1.0, 0.3], 0.50),
    (Field::Tax,     [0.85, 0.07,  0.02,   NO,    0.01, 0.01, NO,    0.04 ],  [1e-6, 1e-4, 1e-4,   NO,   1e-3, 2e-2, NO,    0.98 ], 12.0, [1.0, 0.3], 0.30),
    (Field::Street,  [0.62, 0.12,  0.08,   NO,    0.06, 0.04, 0.02,  0.06 ],  [4e-3, 3e-3, 6e-3,   NO,   1e-2, 0.06, 0.10,  0.82 ],  6.0, [0.8, 0.5], 0.90),
    (Field::House,   [0.78, 0.06,  0.03,   NO,    NO,   NO,   NO,    0.13 ],  [2e-2, 8e-2, 1e-2,   NO,   NO,   NO,   NO,    0.89 ],  4.0, [1.0, 0.3], 0.90),
    (Field::City,    [0.75, 0.08,  0.04,   NO,    0.03, 0.02, NO,    0.08 ],  [2e-2, 5e-3, 5e-3,   NO,   0.02, 0.03, NO,    0.92 ],  4.0, [1.0, 0.5], 0.95),
    (Field::Postal,  [0.78, 0.08,  0.01,   NO,    0.03, 0.04, NO,    0.06 ],  [2e-3, 1e-2, 1e-3,   NO,   0.04, 0.08, NO,    0.867],  6.0, [1.0, 0.3], 0.93),
    (Field::Country, [0.98, NO,    NO,     NO,    NO,   NO,   NO,    0.02 ],  [0.50, NO,   NO,     NO,   NO,   NO,   NO,    0.50 ],  0.7, [1.0, 0.0], 0.99),
];

/// The model that the programme comes with.
pub fn model() -> Model {
    Model {
        version: 0,
        records: 1,
        found: 0.5,
        mates: 0.3,
        best: Vec::new(),
        fields: ROWS.each_ref().map(field),
    }
}

fn field(row: &Row) -> FieldModel {
    let (of, same, other, usual, [at_same, at_less], shared) = *row;
    let mut centre = [usual; LEVELS];
    let mut slope = [at_less; LEVELS];
    slope[Level::Same as usize] = at_same;
    slope[Level::Alike as usize] = at_less * 0.6;
    slope[Level::Some as usize] = if of == Field::Email { at_less } else { 0.0 };
    slope[Level::Little as usize] = 0.0;
    slope[Level::Other as usize] = 0.0;
    if at_same == 1.0 {
        // Then the weight is the logarithm of `same` plus what the value tells.
        centre[Level::Same as usize] = -other[0].ln();
    }
    if matches!(of, Field::Company | Field::Street) {
        // Names of several words agree in part at every level.
        let lower = [
            (Level::Alike, usual, 1.0),
            (Level::Some, 5.0, 1.0),
            (Level::Little, 3.5, 1.0),
            (Level::Other, 1.5, 0.5),
        ];
        for (level, tells, share) in lower {
            centre[level as usize] = tells;
            slope[level as usize] = at_less * share;
        }
    }
    FieldModel { same, other, centre, slope, shared }
}
