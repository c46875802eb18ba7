//! Recognises that a part of the screen has moved by whole lines and lets the terminal move it.
//! Both ways are encoded in full and counted, so a scroll is used only where it is shorter.

use super::Scrolling;
use super::encode::Pen;
use super::glyph::Id;
use super::grid::{Grid, Scrolled};

/// Looks at shifts of up to this many lines.
const FARTHEST: i32 = 40;
/// Tries regions that are larger by up to so many rows.
const WIDER: u16 = 12;
/// And gives up after so many that were no better.
const PATIENCE: u16 = 2;
/// Fewer cells than these are written faster than a shift is looked for.
const FEW: i32 = 200;

struct Shift {
    top: u16,
    bottom: u16,
    by: i32,
    gain: i32,
}

/// The repaint that begins with the most promising scroll, if any shift promises something. Counting
/// cells finds the distance; where the region had best begin and end is found by counting bytes, since
/// a pane beside the list makes its rows look worse than they are.
pub(super) fn shorter<'g>(shown: &Grid, next: &Grid, start: &Pen<'g>, how: Scrolling) -> Option<Pen<'g>> {
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
fn widen<'g>(
    edges: impl Iterator<Item = u16>,
    best: &mut Pen<'g>,
    edge: &mut u16,
    attempt: impl Fn(u16) -> Pen<'g>,
) {
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

/// For each distance: how many glyphs fewer would differ, per row, and the run of rows where that
/// sums up best.
fn most_promising(shown: &Grid, next: &Grid) -> Option<Shift> {
    let plain: Vec<i32> = (0..next.height).map(|y| differing(shown.row(y), next.row(y))).collect();
    if plain.iter().sum::<i32>() < FEW {
        return None;
    }
    let mut best: Option<Shift> = None;
    let height = i32::from(next.height);
    let farthest = FARTHEST.min(height - 1);
    for by in (-farthest..=farthest).filter(|by| *by != 0) {
        let mut run: Option<(i32, i32)> = None;
        for (y, without) in (0..).zip(&plain) {
            let from = y + by;
            if !(0..height).contains(&from) {
                run = None;
                continue;
            }
            run = run.filter(|(_, sum)| *sum > 0);
            // A run begins where something differs.
            if run.is_none() && *without == 0 {
                continue;
            }
            let gain = without - differing(row(shown, from), row(next, y));
            let (start, sum) = run.map_or((y, gain), |(start, sum)| (start, sum + gain));
            run = Some((start, sum));
            if sum > best.as_ref().map_or(0, |best| best.gain) {
                best = Some(region(start, y, by, sum));
            }
        }
    }
    best
}

fn row(grid: &Grid, y: i32) -> &[Id] {
    grid.row(u16::try_from(y).expect("only rows of the screen are asked for"))
}

fn differing(a: &[Id], b: &[Id]) -> i32 {
    a.iter().zip(b).map(|(a, b)| i32::from(a != b)).sum()
}

fn region(first: i32, last: i32, by: i32, gain: i32) -> Shift {
    let (top, bottom) = (first.min(first + by), last.max(last + by));
    let row = |y: i32| u16::try_from(y).expect("both ends were checked to be on the screen");
    Shift { top: row(top), bottom: row(bottom), by, gain }
}
