//! Where everything stands: sizes from the titles, columns from a layered layout, rows and right-angled lines from here.
//!
//! Phases: [`measure`] gives each node its size, a [`Layouter`] gives ranks and the order in them, `columns` makes what
//! belongs together straight, `route` gives rows and lines.

mod columns;
mod dagre;
pub mod measure;
mod route;
mod sketch;
mod stack;

use super::models::Graph;
use sketch::{Arrangement, Sketch};

/// Chooses a rank and a column for every node, and the columns by which each line passes the ranks between its ends.
pub trait Layouter {
    /// `None` when this layouter finds no arrangement.
    fn arrange(&self, sketch: &Sketch) -> Option<Arrangement>;
}

/// Gives sizes, positions, lines and label places to a graph; the same graph always gets the same.
pub fn lay_out(graph: &mut Graph) {
    measure::size(graph);
    let sketch = Sketch::of(graph);
    let arrangement = dagre::Dagre.arrange(&sketch).or_else(|| stack::Stack.arrange(&sketch));
    if let Some(mut arrangement) = arrangement {
        let rounds = columns::align(&sketch, &mut arrangement);
        route::draw(graph, &sketch, &arrangement, &rounds);
    }
}
