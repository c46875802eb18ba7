//! Recognises that a part of the screen has moved by whole lines and lets the terminal move it.
//! Both ways are encoded in full and counted, so a scroll is used only where it is shorter.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Scrolling;
use super::encode::Pen;
use super::grid::Grid;

/// Looks at shifts of up to this many lines.
const FARTHEST: i32 = 40;
/// Tries regions that are larger by up to so many rows.
const WIDER: u16 = 12;

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
    let tops = (0..=WIDER).filter_map(|more| Some((top.checked_sub(more)?, bottom)));
    let bottoms = (1..=WIDER).map(|more| (top, bottom + more)).filter(|(_, bottom)| *bottom <= last);
    let ways = tops.chain(bottoms).map(|(top, bottom)| {
        let mut moved = shown.clone();
        moved.shift(top, bottom, by);
        let mut pen = start.clone();
        pen.scroll(top, bottom, by, how);
        pen.repaint(&moved, next);
        pen
    });
    ways.min_by_key(|pen| pen.out.len())
}

/// For each distance: how many cells fewer would differ, per row, and the run of rows where that
/// sums up best.
fn most_promising(shown: &Grid, next: &Grid) -> Option<Shift> {
    let height = i32::from(next.height);
    let (was, is) = (fingerprints(shown), fingerprints(next));
    let differing = |a: &[u64], b: &[u64]| a.iter().zip(b).filter(|(a, b)| a != b).count() as i64;
    let plain: Vec<i64> = was.iter().zip(&is).map(|(a, b)| differing(a, b)).collect();
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
                    let mut hasher = DefaultHasher::new();
                    cell.hash(&mut hasher);
                    hasher.finish()
                })
                .collect()
        })
        .collect()
}
