//! Tracks in the space between two rows: every run gets a height at which it meets no other run it is not part of.

/// What may share a track: all lines out of a node, all into one, all of a lane; otherwise a line's own hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    OutOf(usize),
    Into(usize),
    Lane(usize),
    Line(usize, usize),
}

/// A change of column: from a column above the track to one below it.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub key: Key,
    pub above: f64,
    pub below: f64,
}

#[derive(Clone, Debug)]
struct Group {
    key: Key,
    low: f64,
    high: f64,
    above: Vec<f64>,
    below: Vec<f64>,
    level: usize,
    y: f64,
}

/// All runs between two rows.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    groups: Vec<Group>,
}

/// Runs on one level keep this distance; columns nearer than this would touch.
const APART: f64 = 10.0;

impl Channel {
    /// Adds a run; returns the position of its group.
    pub fn add(&mut self, run: Run) -> usize {
        let at = self.groups.iter().position(|group| group.key == run.key).unwrap_or_else(|| {
            let (low, high) = (f64::INFINITY, f64::NEG_INFINITY);
            self.groups.push(Group { key: run.key, low, high, above: vec![], below: vec![], level: 0, y: 0.0 });
            self.groups.len() - 1
        });
        let group = &mut self.groups[at];
        group.low = group.low.min(run.above).min(run.below);
        group.high = group.high.max(run.above).max(run.below);
        group.above.push(run.above);
        group.below.push(run.below);
        at
    }

    pub fn height_of(&self, group: usize) -> f64 {
        self.groups[group].y
    }

    /// Gives each group a level; returns how many levels there are.
    pub fn settle(&mut self, first: f64, step: f64) -> usize {
        let mut left: Vec<usize> = (0..self.groups.len()).collect();
        let mut placed: Vec<usize> = Vec::new();
        while !left.is_empty() {
            // Next comes a group that need not be below another one that is still to come; in a ring, the first.
            let free = |at: &usize| left.iter().all(|other| other == at || !self.must_be_above(*other, *at));
            let chosen = left.iter().copied().find(free).unwrap_or(left[0]);
            left.retain(|at| *at != chosen);
            let lowest = placed.iter().filter(|other| self.must_be_above(**other, chosen));
            let mut level = lowest.map(|other| self.groups[*other].level + 1).max().unwrap_or(0);
            while placed.iter().any(|other| self.groups[*other].level == level && self.overlap(*other, chosen)) {
                level += 1;
            }
            self.groups[chosen].level = level;
            self.groups[chosen].y = first + step * level as f64;
            placed.push(chosen);
        }
        self.groups.iter().map(|group| group.level + 1).max().unwrap_or(0)
    }

    fn overlap(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.groups[a], &self.groups[b]);
        a.low - APART < b.high && b.low - APART < a.high
    }

    /// A column of `a` comes from above where a column of `b` goes on below: were `a` lower, they would lie on each other.
    fn must_be_above(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.groups[a], &self.groups[b]);
        a.above.iter().any(|x| b.below.iter().any(|other| (x - other).abs() < APART / 2.0))
    }
}
