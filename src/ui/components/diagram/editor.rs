//! What a person does to the drawing: the form that is open, what is pulled with the pointer, and what came of it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::orchestrator::drawing_fns::{Drawn, draw_gesture};
use crate::orchestrator::schemas::Workspace;
use crate::session::models::Status;
use crate::ui::drawing::{edge_near, node_at, onward};
use crate::ui::light::Chosen;
use crate::ui::memo::memo;
use crate::ui::pane::Pane;
use crate::ui::state::OpenSession;
use crate::ui::texts::{t, trouble};
use crate::workflow::gesture::{Gesture, Refused};
use crate::workflow::models::{Graph, NodeType, Point};

/// The form that stands in the inspector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Form {
    #[default]
    None,
    Rename,
    /// A new step, on this edge to begin with.
    Add {
        source: String,
        target: String,
    },
    /// The edge itself.
    Way {
        source: String,
        target: String,
    },
    Connect,
    Move,
}

/// What is pulled over the canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// A new edge out of a step.
    Way { from: String },
    /// The end of an edge.
    End { source: String, target: String },
    /// A step, to be put on an edge.
    Step { node: String },
}

/// What a pull can end at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    Step(String),
    /// The steps it joins.
    Edge(String, String),
}

/// Something pulled, and where to.
#[derive(Clone, Debug, PartialEq)]
pub struct Pull {
    pub what: Pulled,
    /// Where it is, in the drawing; `None` where the arrow keys lead it.
    pub at: Option<Point>,
}

impl Pull {
    /// The step it begins at.
    pub fn from(&self) -> &str {
        match &self.what {
            Pulled::Way { from } => from,
            Pulled::End { source, .. } => source,
            Pulled::Step { node } => node,
        }
    }

    /// What it is over.
    fn aim(&self, graph: &Graph) -> Option<Aim> {
        let at = self.at?;
        if let Pulled::Step { node } = &self.what {
            let edge = edge_near(graph, at, node)?;
            return Some(Aim::Edge(edge.source.clone(), edge.target.clone()));
        }
        let step = &node_at(graph, at)?.id;
        self.reaches(step).map(|_| Aim::Step(step.clone()))
    }

    /// What letting go over this does.
    fn lands(&self, aim: Aim) -> Option<Gesture> {
        match (&self.what, aim) {
            (Pulled::Step { node }, Aim::Edge(source, target)) => {
                Some(Gesture::Move { node: node.clone(), source, target })
            }
            (_, Aim::Step(step)) => self.reaches(&step),
            (_, Aim::Edge(..)) => None,
        }
    }

    /// What leading it to this step does.
    fn reaches(&self, step: &str) -> Option<Gesture> {
        match &self.what {
            Pulled::Way { from } if from != step => {
                Some(Gesture::Connect { source: from.clone(), target: step.to_owned(), label: String::new() })
            }
            Pulled::End { source, target } if target != step => {
                Some(Gesture::Reconnect { source: source.clone(), target: target.clone(), to: step.to_owned() })
            }
            _ => None,
        }
    }
}

/// The diagram as an editor. One for the outputs pane.
#[derive(Clone, Copy)]
pub struct DiagramEditor {
    session: OpenSession,
    /// Whether the drawing can be changed where it is shown now.
    pub is_open: Memo<bool>,
    pub form: RwSignal<Form>,
    pub pull: RwSignal<Option<Pull>>,
    /// What letting go of it now would reach.
    pub aim: Memo<Option<Aim>>,
    /// The selected step while the pointer is down on it.
    pub held: StoredValue<Option<String>>,
    /// Why the last gesture was not done.
    pub refused: RwSignal<Option<Refused>>,
    /// What came of the last gesture, for those who listen.
    pub told: RwSignal<String>,
    pub busy: RwSignal<bool>,
    /// Whether changes can be asked for in words over the canvas.
    pub asking: RwSignal<bool>,
}

impl DiagramEditor {
    /// For the outputs pane around, which shows `shown`.
    pub fn provide(shown: Memo<Pane>) -> DiagramEditor {
        let session = OpenSession::here();
        let pull = RwSignal::new(None::<Pull>);
        let editor = DiagramEditor {
            session,
            is_open: memo(move || {
                shown.get() == Pane::Diagram && session.workspace.with(|it| it.status == Status::Active)
            }),
            form: RwSignal::new(Form::None),
            pull,
            aim: memo(move || {
                let pull = pull.get()?;
                session.workspace.with_untracked(|it| pull.aim(&it.graph))
            }),
            held: StoredValue::new(None),
            refused: RwSignal::new(None),
            told: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            asking: RwSignal::new(false),
        };
        // Another step, another matter.
        Effect::new(move |before: Option<Option<Chosen>>| {
            let chosen = session.light.chosen.get();
            if before.is_some_and(|before| before != chosen) {
                editor.leave();
            }
            chosen
        });
        provide_context(editor);
        editor
    }

    /// That of the surroundings.
    pub fn here() -> DiagramEditor {
        // Every component that asks stands inside the outputs pane, which provides it.
        expect_context::<DiagramEditor>()
    }

    /// Puts everything down that was begun.
    pub fn leave(self) {
        self.form.set(Form::None);
        self.pull.set(None);
        self.refused.set(None);
    }

    /// Chooses a step and opens a form about it.
    pub fn open(self, node: &str, form: Form) {
        if !self.is_open.get_untracked() {
            return;
        }
        let chosen = Chosen::Node(node.to_owned());
        if self.session.light.chosen.with_untracked(|it| it.as_ref() != Some(&chosen)) {
            self.session.light.choose(chosen);
        }
        // After the change of step, which closes what was open.
        request_animation_frame(move || {
            self.refused.try_set(None);
            self.form.try_set(form);
        });
    }

    /// Opens the form for a step behind this one.
    pub fn add_after(self, node: &str) {
        let edge = self
            .session
            .workspace
            .with_untracked(|it| onward(&it.graph, node).map(|edge| (edge.source.clone(), edge.target.clone())));
        if let Some((source, target)) = edge {
            self.open(node, Form::Add { source, target });
        }
    }

    /// Moves a step by one place, along the flow or against it.
    pub fn step(self, node: &str, along: bool) {
        let gesture = self.session.workspace.with_untracked(|it| one_place(&it.graph, node, along));
        match gesture {
            Some(gesture) => self.run(gesture),
            None => self.told.set(t!(diagram_editor.it_cannot_go_further).to_owned()),
        }
    }

    /// What letting go of this does.
    pub fn lands(self, pull: &Pull) -> Option<Gesture> {
        let aim = self.session.workspace.with_untracked(|it| pull.aim(&it.graph))?;
        pull.lands(aim)
    }

    pub fn aims_at(self, aim: &Aim) -> bool {
        self.aim.with(|it| it.as_ref() == Some(aim))
    }

    /// Begins a new way out of a step, to be led by the arrow keys.
    pub fn lead_from(self, node: &str) {
        self.pull.set(Some(Pull { what: Pulled::Way { from: node.to_owned() }, at: None }));
        self.told.set(t!(diagram_editor.walk_to_the_step).to_owned());
    }

    /// Ends a way that is led by the keys at this step. False when none is.
    pub fn reach(self, step: &str) -> bool {
        let Some(pull) = self.pull.get_untracked().filter(|pull| pull.at.is_none()) else { return false };
        self.pull.set(None);
        self.told.set(String::new());
        if let Some(gesture) = pull.reaches(step) {
            self.run(gesture);
        }
        true
    }

    /// Lets go of what is pulled. False when nothing is.
    pub fn let_go(self) -> bool {
        let is_pulled = self.pull.with_untracked(Option::is_some);
        if is_pulled {
            self.pull.set(None);
            self.told.set(String::new());
        }
        is_pulled
    }

    /// Does it, or says why not.
    pub fn run(self, gesture: Gesture) {
        if !self.is_open.get_untracked() || self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let version = self.session.workspace.with_untracked(|it| it.version);
        // A gesture is plain data: writing it down cannot fail.
        let written = serde_json::to_string(&gesture).unwrap_or_default();
        spawn_local(async move {
            let answer = draw_gesture(self.session.id(), version, written).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(Drawn::Done(workspace)) => {
                    self.leave();
                    self.settle(&gesture, *workspace);
                }
                Ok(Drawn::Refused(refused)) => self.refuse(&gesture, refused),
                Err(error) => self.refuse(&gesture, failed(&error)),
            }
        });
    }

    /// Takes the new drawing; what was added is chosen, and what was chosen and is gone lets go.
    fn settle(self, gesture: &Gesture, workspace: Workspace) {
        let (session, light) = (self.session, self.session.light);
        let new = session.workspace.with_untracked(|it| {
            let is_new = |id: &&String| it.graph.node(id).is_none();
            workspace.graph.nodes.iter().map(|node| &node.id).find(is_new).cloned()
        });
        self.told.set(told(gesture).to_owned());
        session.take(workspace);
        match (gesture, new) {
            (Gesture::Insert { .. }, Some(id)) => {
                session.see(&id);
                light.choose(Chosen::Node(id));
            }
            (Gesture::Remove { .. }, _) => light.clear(),
            _ => {}
        }
    }

    /// Shows the reasons at the step it is about.
    fn refuse(self, gesture: &Gesture, refused: Refused) {
        self.told.set(String::new());
        self.pull.set(None);
        let node = about(gesture).to_owned();
        let chosen = Chosen::Node(node);
        if self.session.light.chosen.with_untracked(|it| it.as_ref() != Some(&chosen)) {
            self.session.light.choose(chosen);
        }
        request_animation_frame(move || {
            self.refused.try_set(Some(refused));
        });
    }
}

fn failed(error: &AppError) -> Refused {
    Refused { reasons: vec![trouble(error)], offers: Vec::new() }
}

/// The step a gesture is about.
fn about(gesture: &Gesture) -> &str {
    match gesture {
        Gesture::Rename { node, .. } | Gesture::Remove { node } | Gesture::Move { node, .. } => node,
        Gesture::Insert { source, .. }
        | Gesture::Reconnect { source, .. }
        | Gesture::Connect { source, .. }
        | Gesture::Disconnect { source, .. }
        | Gesture::Label { source, .. } => source,
    }
}

fn told(gesture: &Gesture) -> &'static str {
    match gesture {
        Gesture::Rename { .. } => t!(diagram_editor.renamed),
        Gesture::Remove { .. } => t!(diagram_editor.removed),
        Gesture::Insert { .. } => t!(diagram_editor.added),
        Gesture::Move { .. } => t!(diagram_editor.moved),
        Gesture::Reconnect { .. } | Gesture::Connect { .. } => t!(diagram_editor.connected),
        Gesture::Disconnect { .. } => t!(diagram_editor.disconnected),
        Gesture::Label { .. } => t!(diagram_editor.changed),
    }
}

/// Putting a step on the edge that follows its next one, or that leads to the one before it.
fn one_place(graph: &Graph, node: &str, along: bool) -> Option<Gesture> {
    let fixed = |id: &str| graph.node(id).is_none_or(|it| matches!(it.kind, NodeType::Start | NodeType::End));
    if fixed(node) {
        return None;
    }
    let edge = if along {
        let next = &onward(graph, node)?.target;
        onward(graph, next)?
    } else {
        let before = &graph.edges.iter().find(|edge| edge.target == node)?.source;
        graph.edges.iter().find(|edge| edge.target == *before)?
    };
    let (source, target) = (edge.source.clone(), edge.target.clone());
    Some(Gesture::Move { node: node.to_owned(), source, target })
}
