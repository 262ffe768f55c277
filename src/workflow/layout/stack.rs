//! The layout of last resort: ranks by the longest way, boxes beside one another, lines in columns at the right.

use super::Layouter;
use super::sketch::{Arrangement, Pass, Sketch};

pub struct Stack;

const GAP: f64 = 36.0;
const COLUMN: f64 = 16.0;

impl Layouter for Stack {
    fn arrange(&self, sketch: &Sketch) -> Option<Arrangement> {
        let mut rank = vec![0; sketch.boxes.len()];
        // Positions follow the reading order, so one pass over the forward lines is enough.
        let mut forward: Vec<_> = sketch.lines.iter().filter(|line| line.from < line.to).collect();
        forward.sort_by_key(|line| line.from);
        for line in forward {
            rank[line.to] = rank[line.to].max(rank[line.from] + 2);
        }
        let ranks = rank.iter().max().map_or(0, |last| last + 1);
        let mut right = vec![0.0_f64; ranks.max(1)];
        let boxes: Vec<(usize, f64)> = sketch
            .boxes
            .iter()
            .zip(&rank)
            .map(|(node, rank)| {
                let x = right[*rank] + node.width / 2.0;
                right[*rank] += node.width + GAP;
                (*rank, x)
            })
            .collect();
        let mut column = right.iter().copied().fold(0.0, f64::max);
        let mut passes = Vec::with_capacity(sketch.lines.len());
        let mut labels = Vec::with_capacity(sketch.lines.len());
        for line in &sketch.lines {
            let (from, to) = (rank[line.from], rank[line.to]);
            column += COLUMN + line.label;
            let x = column - line.label / 2.0;
            let between: Vec<usize> = if from < to { (from + 1..to).collect() } else { (to + 1..from).rev().collect() };
            let line_passes: Vec<Pass> = between.into_iter().map(|rank| Pass { rank, x }).collect();
            let middle = line_passes.iter().find(|pass| pass.rank % 2 == 1).copied();
            labels.push(middle.filter(|_| line.label > 0.0));
            passes.push(line_passes);
        }
        Some(Arrangement { boxes, passes, labels, ranks })
    }
}
