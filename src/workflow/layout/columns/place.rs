//! Places the blocks: apart from their neighbours, near what they are connected with.

use super::{Columns, Pull, What};

const SWEEPS: usize = 16;

impl Columns<'_> {
    pub(super) fn place(&mut self) {
        let limits: Vec<(usize, usize, f64)> = self.limits();
        for (left, right, gap) in &limits {
            let (a, b) = (&self.entries[*left], &self.entries[*right]);
            // Neighbours of one lane run together; a line that goes round a node stays near it.
            let beside = matches!((a.what, b.what), (What::Node(node), What::Round(_)) if self.is_round_of(*right, node))
                || matches!((a.what, b.what), (What::Round(_), What::Node(node)) if self.is_round_of(*left, node));
            if beside || *gap == 0.0 {
                self.pulls.push(Pull { ends: (*left, *right), offset: *gap, weight: 1.0 });
            }
        }
        let blocks = self.entries.len();
        let mut before: Vec<Vec<(usize, f64)>> = vec![Vec::new(); blocks];
        let mut behind: Vec<Vec<(usize, f64)>> = vec![Vec::new(); blocks];
        for (left, right, gap) in &limits {
            let (left, right) = (self.entries[*left].block, self.entries[*right].block);
            before[right].push((left, *gap));
            behind[left].push((right, *gap));
        }
        let order = self.order(&before, &behind);
        self.x = vec![0.0; blocks];
        for block in &order {
            let low = before[*block].iter().map(|(left, gap)| self.x[*left] + gap).fold(0.0, f64::max);
            self.x[*block] = low;
        }
        let mut drawn: Vec<Vec<(usize, f64, f64)>> = vec![Vec::new(); blocks];
        for pull in &self.pulls {
            let (a, b) = (self.entries[pull.ends.0].block, self.entries[pull.ends.1].block);
            if a != b {
                drawn[b].push((a, pull.offset, pull.weight));
                drawn[a].push((b, -pull.offset, pull.weight));
            }
        }
        for sweep in 0..SWEEPS {
            let blocks: Vec<usize> = if sweep % 2 == 0 { order.iter().rev().copied().collect() } else { order.clone() };
            for block in blocks {
                let Some(wish) = self.wish(&drawn[block]) else { continue };
                let low = before[block].iter().map(|(left, gap)| self.x[*left] + gap).fold(f64::NEG_INFINITY, f64::max);
                let high = behind[block].iter().map(|(right, gap)| self.x[*right] - gap).fold(f64::INFINITY, f64::min);
                self.x[block] = wish.min(high).max(low);
            }
        }
    }

    /// Distances between neighbours of a rank, as entries.
    fn limits(&self) -> Vec<(usize, usize, f64)> {
        let pairs = self.ranks.iter().flat_map(|rank| rank.windows(2));
        pairs.map(|pair| (pair[0], pair[1], self.gap(pair[0], pair[1]))).collect()
    }

    /// Blocks from left to right.
    fn order(&self, before: &[Vec<(usize, f64)>], behind: &[Vec<(usize, f64)>]) -> Vec<usize> {
        let heads: Vec<usize> = (0..self.entries.len()).filter(|at| self.entries[*at].block == *at).collect();
        let mut waiting: Vec<usize> = before.iter().map(Vec::len).collect();
        let mut ready: Vec<usize> = heads.iter().rev().copied().filter(|block| waiting[*block] == 0).collect();
        let mut order = Vec::with_capacity(heads.len());
        while let Some(block) = ready.pop() {
            order.push(block);
            for (right, _) in &behind[block] {
                waiting[*right] -= 1;
                if waiting[*right] == 0 {
                    ready.push(*right);
                }
            }
        }
        order
    }

    /// Where a block would like to be: the weighted median of what draws it, the middle where two places are as good.
    fn wish(&self, drawn: &[(usize, f64, f64)]) -> Option<f64> {
        // What pulls weakly counts only where nothing pulls strongly.
        let strongest = drawn.iter().map(|(_, _, weight)| *weight).fold(0.0, f64::max);
        let strong = drawn.iter().filter(|(_, _, weight)| *weight * 2.0 >= strongest);
        let mut places: Vec<(f64, f64)> =
            strong.map(|(other, offset, weight)| (self.x[*other] + offset, *weight)).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = places.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
        let mut passed = 0.0;
        for (at, (place, weight)) in places.iter().enumerate() {
            passed += weight;
            if passed > half {
                return Some(*place);
            }
            if passed == half {
                return Some((place + places.get(at + 1).map_or(*place, |next| next.0)) / 2.0);
            }
        }
        None
    }
}
