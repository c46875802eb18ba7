//! Recognises that a part of the screen has moved by whole lines and lets the terminal move it.
//! Both ways are encoded in full and counted, so a scroll is used only where it is shorter.

use std::hash::{Hash, Hasher};

use super::Scrolling;
use super::encode::Pen;
use super::grid::{Grid, Scrolled};

/// Looks at shifts of up to this many lines.
const FARTHEST: i32 = 40;
/// Tries regions that are larger by up to so many rows.
const WIDER: u16 = 12;
/// And gives up after so many that were no better.
const PATIENCE: u16 = 2;
/// Fewer cells than these are written faster than a shift is looked for.
const FEW: i64 = 200;

struct Shift {
    top: u16,
    bottom: u16,
    by: i32,
    gain: i64,
}

/// The repaint that begins with the most promising scroll, if any shift promises something. Counting
/// cells finds the distance; where the region had best begin and end is found by counting bytes, since
/// a pane beside the list makes its rows look worse than they are.
pub(super) fn shorter(shown: &Grid, next: &Grid, start: &Pen, how: Scrolling) -> Option<Pen> {
    let Shift { top, bottom, by, .. } = most_promising(shown, next)?;
    let last = next.height - 1;
    let try_region = |region: (u16, u16)| {
        let mut pen = start.clone();
        pen.scroll(region.0, region.1, by, how);
        let moved = Scrolled::of(shown, region, by);
        pen.repaint(|y| moved.row(y), next);
        pen
    };
    let mut best = try_region((top, bottom));
    let mut best_top = top;
    let higher = (1..=WIDER).map_while(|more| top.checked_sub(more));
    widen(higher, &mut best, &mut best_top, |top| try_region((top, bottom)));
    let lower = (1..=WIDER).map(|more| bottom + more).filter(|bottom| *bottom <= last);
    widen(lower, &mut best, &mut { bottom }, |bottom| try_region((best_top, bottom)));
    Some(best)
}

/// Takes wider and wider edges for as long as that helps; one that does not help may hide one that does, no more.
fn widen(edges: impl Iterator<Item = u16>, best: &mut Pen, edge: &mut u16, attempt: impl Fn(u16) -> Pen) {
    let mut misses = 0;
    for wider in edges {
        let pen = attempt(wider);
        if pen.out.len() < best.out.len() {
            (*best, *edge, misses) = (pen, wider, 0);
            continue;
        }
        misses += 1;
        if misses > PATIENCE {
            return;
        }
    }
}

/// For each distance: how many cells fewer would differ, per row, and the run of rows where that
/// sums up best.
fn most_promising(shown: &Grid, next: &Grid) -> Option<Shift> {
    let height = i32::from(next.height);
    let (was, is) = (fingerprints(shown), fingerprints(next));
    let differing = |a: &[u64], b: &[u64]| a.iter().zip(b).filter(|(a, b)| a != b).count() as i64;
    let plain: Vec<i64> = was.iter().zip(&is).map(|(a, b)| differing(a, b)).collect();
    if plain.iter().sum::<i64>() < FEW {
        return None;
    }
    let mut best: Option<Shift> = None;
    let farthest = FARTHEST.min(height - 1);
    for by in (-farthest..=farthest).filter(|by| *by != 0) {
        let mut run: Option<(i32, i64)> = None;
        for y in 0..height {
            let from = y + by;
            if from < 0 || from >= height {
                run = None;
                continue;
            }
            let (y_index, from_index) = (y as usize, from as usize);
            let gain = plain[y_index] - differing(&was[from_index], &is[y_index]);
            let (start, sum) = match run {
                Some((start, sum)) if sum > 0 => (start, sum + gain),
                Some(_) | None => (y, gain),
            };
            run = Some((start, sum));
            if sum > best.as_ref().map_or(0, |best| best.gain) {
                best = Some(region(start, y, by, sum));
            }
        }
    }
    best
}

fn region(first: i32, last: i32, by: i32, gain: i64) -> Shift {
    let (top, bottom) = (first.min(first + by), last.max(last + by));
    let row = |y: i32| u16::try_from(y).expect("both ends were checked to be on the screen");
    Shift { top: row(top), bottom: row(bottom), by, gain }
}

fn fingerprints(grid: &Grid) -> Vec<Vec<u64>> {
    (0..grid.height)
        .map(|y| {
            grid.row(y)
                .iter()
                .map(|cell| {
                    let mut hasher = Quick(0);
                    cell.hash(&mut hasher);
                    hasher.finish()
                })
                .collect()
        })
        .collect()
}

/// Good enough to guess by, and far quicker than a hash that must withstand an enemy: what it proposes is encoded from
/// the cells themselves.
struct Quick(u64);

impl Quick {
    fn mix(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.mix(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.mix(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.mix(value.unsigned_abs() as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
