//! Columns: where everything stands in its rank, given the order in the ranks.
//!
//! What should be straight (a chain of steps, a long line) becomes one block with one column; blocks keep their distance
//! and move towards what they are connected with. Lines that lead up or aside get a place beside the nodes they leave and
//! enter, so that they can go round them.

mod place;

use std::collections::BTreeMap;

use super::sketch::{Arrangement, Line, MAIN, Pass, Sketch};

const BOX_GAP: f64 = 32.0;
const LINE_GAP: f64 = 20.0;
/// Between a node and the line that goes round it.
const ROUND: f64 = 16.0;

/// What stands at a place of a rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Node(usize),
    /// A line (and the position of its pass).
    Pass(usize, usize),
    /// A line beside the node it leaves or enters.
    Round(usize),
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    what: What,
    rank: usize,
    width: f64,
    lane: Option<usize>,
    block: usize,
}

/// Two blocks that should be near each other: the second at `offset` from the first.
struct Pull {
    ends: (usize, usize),
    offset: f64,
    weight: f64,
}

/// Which ends of a line go round their node, by line: source, target.
pub type Rounds = Vec<(bool, bool)>;

/// Gives better columns to an arrangement; says which lines leave or enter at the side.
pub fn align(sketch: &Sketch, arrangement: &mut Arrangement) -> Rounds {
    // Once without going round, to see on which side of its node each line is.
    let mut columns = Columns::new(sketch, arrangement);
    columns.complete_threads(arrangement);
    columns.form_blocks();
    columns.place();
    columns.write(arrangement);
    let mut columns = Columns::new(sketch, arrangement);
    columns.add_rounds(arrangement);
    columns.complete_threads(arrangement);
    columns.form_blocks();
    columns.place();
    columns.read_left_to_right();
    columns.write(arrangement)
}

struct Columns<'a> {
    sketch: &'a Sketch,
    entries: Vec<Entry>,
    /// Entries of each rank from left to right.
    ranks: Vec<Vec<usize>>,
    /// By line: its entries from the upper to the lower end.
    threads: Vec<Vec<usize>>,
    x: Vec<f64>,
    rounds: Rounds,
    pulls: Vec<Pull>,
}

impl<'a> Columns<'a> {
    fn new(sketch: &'a Sketch, arrangement: &Arrangement) -> Columns<'a> {
        let mut columns = Columns {
            sketch,
            entries: Vec::new(),
            ranks: vec![Vec::new(); arrangement.ranks],
            threads: vec![Vec::new(); sketch.lines.len()],
            x: Vec::new(),
            rounds: vec![(false, false); sketch.lines.len()],
            pulls: Vec::new(),
        };
        let mut at: Vec<f64> = Vec::new();
        for (node, (rank, x)) in arrangement.boxes.iter().enumerate() {
            columns.add(What::Node(node), *rank, sketch.boxes[node].width, None);
            at.push(*x);
        }
        for (line, passes) in arrangement.passes.iter().enumerate() {
            let this = sketch.lines[line];
            for (position, pass) in passes.iter().enumerate() {
                let labelled = arrangement.labels[line].is_some_and(|label| label.rank == pass.rank);
                let width = if labelled { this.label } else { 0.0 };
                let entry = columns.add(What::Pass(line, position), pass.rank, width, this.lane);
                columns.threads[line].push(entry);
                at.push(pass.x);
            }
        }
        for rank in &mut columns.ranks {
            rank.sort_by(|a, b| at[*a].total_cmp(&at[*b]));
        }
        columns
    }

    fn add(&mut self, what: What, rank: usize, width: f64, lane: Option<usize>) -> usize {
        let block = self.entries.len();
        self.entries.push(Entry { what, rank, width, lane, block });
        self.ranks[rank].push(block);
        block
    }

    /// Places beside the nodes for lines that lead up, and for failures where they leave.
    fn add_rounds(&mut self, arrangement: &Arrangement) {
        // (node, pass x, line, at the source)
        let mut wanted: Vec<(usize, f64, usize, bool)> = Vec::new();
        for (at, line) in self.sketch.lines.iter().enumerate() {
            let (Some(first), Some(last)) = (arrangement.passes[at].first(), arrangement.passes[at].last()) else {
                continue;
            };
            if line.up || line.lane.is_some() {
                wanted.push((line.from, first.x, at, true));
            }
            if line.up {
                wanted.push((line.to, last.x, at, false));
            }
        }
        wanted.sort_by(|a, b| a.1.total_cmp(&b.1));
        for (node, x, line, leaves) in wanted {
            let (rank, centre) = arrangement.boxes[node];
            let entry = self.entries.len();
            self.entries.push(Entry {
                what: What::Round(line),
                rank,
                width: 0.0,
                lane: self.sketch.lines[line].lane,
                block: entry,
            });
            let place = self.ranks[rank].iter().position(|known| *known == node).unwrap_or(0);
            // From left to right: on the left each comes nearer to the node, on the right each goes farther out.
            let right =
                self.ranks[rank][place + 1..].iter().take_while(|known| self.is_round_of(**known, node)).count();
            let place = if x < centre { place } else { place + 1 + right };
            self.ranks[rank].insert(place, entry);
            let rounds = &mut self.rounds[line];
            if leaves {
                rounds.0 = true;
                self.threads[line].insert(0, entry);
            } else {
                rounds.1 = true;
                self.threads[line].push(entry);
            }
        }
    }

    fn is_round_of(&self, entry: usize, node: usize) -> bool {
        let What::Round(line) = self.entries[entry].what else { return false };
        let Line { from, to, .. } = self.sketch.lines[line];
        from == node || to == node
    }

    /// Adds the nodes at the ends where a line goes straight in, and turns every thread downwards.
    fn complete_threads(&mut self, arrangement: &Arrangement) {
        for (at, line) in self.sketch.lines.iter().enumerate() {
            // The entry of a node is its position.
            if !self.rounds[at].0 {
                self.threads[at].insert(0, line.from);
            }
            if !self.rounds[at].1 {
                self.threads[at].push(line.to);
            }
            if arrangement.boxes[line.from].0 > arrangement.boxes[line.to].0 {
                self.threads[at].reverse();
            }
        }
    }

    // ---- blocks

    /// For each node the line out of it and the line into it that it should be straight with: the middle one.
    fn favourites(&self) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
        let nodes = self.sketch.boxes.len();
        let mut place = vec![0; self.entries.len()];
        for rank in &self.ranks {
            rank.iter().enumerate().for_each(|(at, entry)| place[*entry] = at);
        }
        let (mut out, mut into) = (vec![Vec::new(); nodes], vec![Vec::new(); nodes]);
        for (at, line) in self.sketch.lines.iter().enumerate() {
            let thread = &self.threads[at];
            if line.up || line.lane.is_some() || thread.len() < 2 {
                continue;
            }
            out[line.from].push((place[thread[1]], at));
            into[line.to].push((place[thread[thread.len() - 2]], at));
        }
        let heavy = |lines: &[(usize, usize)]| {
            let weight = |at: usize| self.sketch.lines[at].weight;
            let most = lines.iter().map(|(_, at)| weight(*at)).max()?;
            let mut best: Vec<(usize, usize)> = lines.iter().filter(|(_, at)| weight(*at) == most).copied().collect();
            best.sort_unstable();
            (best.len() % 2 == 1).then(|| best[best.len() / 2].1)
        };
        (out.iter().map(|lines| heavy(lines)).collect(), into.iter().map(|lines| heavy(lines)).collect())
    }

    /// Joins what should be straight, the most important first, unless it would cross what is straight already.
    fn form_blocks(&mut self) {
        let (out, into) = self.favourites();
        let mut place = vec![0; self.entries.len()];
        for rank in &self.ranks {
            rank.iter().enumerate().for_each(|(at, entry)| place[*entry] = at);
        }
        // (priority, line, upper entry, lower entry)
        let mut wishes: Vec<(u8, usize, usize, usize)> = Vec::new();
        for (at, line) in self.sketch.lines.iter().enumerate() {
            let favourite = (out[line.from] == Some(at), into[line.to] == Some(at));
            for pair in self.threads[at].windows(2) {
                let (upper, lower) = (pair[0], pair[1]);
                let node = |entry: usize| matches!(self.entries[entry].what, What::Node(_));
                let allowed = (!node(upper) || favourite.0) && (!node(lower) || favourite.1);
                let priority = match favourite {
                    (true, true) if line.weight == MAIN => 0,
                    _ if !node(upper) && !node(lower) => 1,
                    _ => 2,
                };
                let adjacent = self.entries[upper].rank + 1 == self.entries[lower].rank;
                if allowed && adjacent {
                    wishes.push((priority, at, upper, lower));
                } else {
                    self.pulls.push(Pull { ends: (upper, lower), offset: 0.0, weight: f64::from(line.weight) });
                }
            }
        }
        wishes.sort_by_key(|(priority, line, ..)| (*priority, *line));
        let mut straight: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); self.ranks.len()];
        let mut above: Vec<Option<usize>> = vec![None; self.entries.len()];
        for (_, line, upper, lower) in wishes {
            let taken = &mut straight[self.entries[upper].rank];
            let (a, b) = (place[upper], place[lower]);
            let left = taken.range(..=a).next_back().is_none_or(|(other, below)| *other < a && *below < b);
            let right = taken.range(a..).next().is_none_or(|(other, below)| *other > a && *below > b);
            if left && right {
                taken.insert(a, b);
                above[lower] = Some(upper);
            } else {
                let weight = f64::from(self.sketch.lines[line].weight);
                self.pulls.push(Pull { ends: (upper, lower), offset: 0.0, weight });
            }
        }
        for entry in self.ranks.iter().flatten() {
            self.entries[*entry].block = above[*entry].map_or(*entry, |upper| self.entries[upper].block);
        }
    }

    // ---- places

    fn gap(&self, left: usize, right: usize) -> f64 {
        let (a, b) = (&self.entries[left], &self.entries[right]);
        if a.lane.is_some() && a.lane == b.lane && a.what != b.what {
            return 0.0;
        }
        let beside = match (a.what, b.what) {
            (What::Node(node), What::Round(_)) => self.is_round_of(right, node),
            (What::Round(_), What::Node(node)) => self.is_round_of(left, node),
            _ => false,
        };
        let gap = match (a.what, b.what) {
            (What::Node(_), What::Node(_)) => BOX_GAP,
            _ if beside => ROUND,
            _ => LINE_GAP,
        };
        (a.width + b.width) / 2.0 + gap
    }

    /// Branches read from left to right as they are listed: otherwise everything is mirrored.
    fn read_left_to_right(&mut self) {
        let mut balance = 0.0;
        let lines = &self.sketch.lines;
        let x = |node: usize| self.x[self.entries[node].block];
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.up) {
            let later = lines[at + 1..].iter().filter(|other| other.from == line.from && !other.up);
            balance += later.map(|other| (x(other.to) - x(line.to)).signum()).sum::<f64>();
        }
        if balance < 0.0 {
            self.x.iter_mut().for_each(|x| *x = -*x);
        }
    }

    fn write(self, arrangement: &mut Arrangement) -> Rounds {
        for entry in &self.entries {
            let x = self.x[entry.block].round();
            match entry.what {
                What::Node(node) => arrangement.boxes[node].1 = x,
                What::Pass(line, position) => arrangement.passes[line][position].x = x,
                What::Round(_) => {}
            }
        }
        // A line goes round a node at the node's own rank: one more column at that end.
        for (line, rounds) in self.rounds.iter().enumerate() {
            let thread = &self.threads[line];
            let ends = [(rounds.0, true), (rounds.1, false)];
            let falls =
                arrangement.boxes[self.sketch.lines[line].from].0 <= arrangement.boxes[self.sketch.lines[line].to].0;
            for (_, source) in ends.into_iter().filter(|(there, _)| *there) {
                let entry = if source == falls { thread[0] } else { thread[thread.len() - 1] };
                let pass = Pass { rank: self.entries[entry].rank, x: self.x[self.entries[entry].block].round() };
                let passes = &mut arrangement.passes[line];
                if source { passes.insert(0, pass) } else { passes.push(pass) }
            }
        }
        self.rounds
    }
}
