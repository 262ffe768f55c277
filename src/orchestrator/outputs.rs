//! What an interview yields at any moment: status, state document, workflow, prompts, files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::bundle::export::{self, FileFormat, Source};
use crate::bundle::models::{BundleView, ExportDocument};
use crate::error::AppError;
use crate::intent::models::{AgentSpec, FieldId};
use crate::prompt::lint::{self, LintReport};
use crate::prompt::models::{PlatformPrompt, PromptFormat};
use crate::prompt::polish;
use crate::session::models::{SessionId, Stage, Status};
use crate::session::ports::{Caller, ExportRecord, Finals};
use crate::workflow::models::Graph;
use crate::workflow::schemas::{Visualization, Workflow, WorkflowAnswer};
use crate::workflow::synthesizer::{self, Synthesis};
use crate::workflow::{raster, render, validator};

use super::models::{Interview, Progress};
use super::schemas::{CheckedPrompt, Workspace};
use super::service::TurnService;
use super::state::{Session, StateDocument};
use super::{turn, view};

/// The most messages the workspace shows: all that a session can have, its opening and one for each step included.
pub(super) const ALL_MESSAGES: u32 = 5_000;

/// A file to download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    pub file_name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// What to download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadRequest {
    pub format: FileFormat,
    /// Platforms of a zip; empty for all.
    pub targets: Vec<String>,
    pub include_workflow: bool,
}

/// Draws the workflow as the interview stands.
pub(super) fn synthesis(session: &Session) -> Synthesis {
    synthesizer::synthesize(&session.interview.spec, &session.interview.step_edits)
}

/// The workflow with the agent it belongs to.
pub fn workflow(session: &Session) -> Workflow {
    workflow_of(session, &synthesis(session))
}

pub(super) fn workflow_of(session: &Session, drawn: &Synthesis) -> Workflow {
    let spec = &session.interview.spec;
    let values = |field| spec.values(field).map(str::to_owned).collect();
    Workflow {
        session_id: session.id.clone(),
        agent_type: spec.agent_type().map(str::to_owned),
        goals: values(FieldId::Goals),
        tone: values(FieldId::Tone),
        use_tools: spec.use_tools(),
        tools: spec.tools().cloned().collect(),
        nodes: drawn.graph.nodes.clone(),
        edges: drawn.graph.edges.clone(),
        description: render::text_summary(&drawn.graph),
        version: session.version,
    }
}

pub(super) fn workflow_answer(session: &Session) -> WorkflowAnswer {
    let drawn = synthesis(session);
    WorkflowAnswer {
        session_id: session.id.clone(),
        workflow: workflow_of(session, &drawn),
        mermaid_diagram: render::mermaid(&drawn.graph),
        is_final: session.status == Status::Completed,
        problems: validator::problems(&drawn.graph, &session.interview.spec),
        unmet: drawn.unmet,
    }
}

/// Sets the status that follows from the interview; a completed one gets its results.
pub(super) fn settle(session: &mut Session, progress: &Progress) -> Result<Option<Finals>, serde_json::Error> {
    if progress.stage != Stage::Completed {
        session.status = Status::Active;
        session.completed_at = None;
        session.final_prompt = None;
        return Ok(None);
    }
    session.status = Status::Completed;
    session.completed_at = Some(session.updated_at);
    let drawn = synthesis(session);
    let spec = &session.interview.spec;
    let prompt = prompt(session, &drawn.graph, PromptFormat::Generic).system_prompt;
    let tools: Vec<_> = spec.tools().collect();
    let finals = Finals {
        prompt: prompt.clone(),
        workflow_json: serde_json::to_string(&workflow_of(session, &drawn))?,
        tools_json: serde_json::to_string(&tools)?,
    };
    session.final_prompt = Some(prompt);
    Ok(Some(finals))
}

/// A prompt as it is shown and handed over.
pub(super) fn prompt(session: &Session, graph: &Graph, format: PromptFormat) -> PlatformPrompt {
    let Interview { spec, polished, .. } = &session.interview;
    polish::shown(spec, graph, format, polished)
}

/// All prompts, as they are shown and handed over.
pub(super) fn prompts(session: &Session, graph: &Graph) -> [PlatformPrompt; PromptFormat::ALL.len()] {
    PromptFormat::ALL.map(|format| prompt(session, graph, format))
}

fn source<'a>(session: &'a Session, drawn: &'a Synthesis) -> Source<'a> {
    Source {
        session_id: session.id.as_str(),
        spec: &session.interview.spec,
        graph: &drawn.graph,
        unmet: &drawn.unmet,
        polished: &session.interview.polished,
        tests: &session.interview.own_tests,
        // Of the state, not of the download: the same version gives the same bytes.
        created_at: session.updated_at,
        transcript: &[],
        picture: None,
    }
}

impl TurnService {
    /// The session at its present version, with how far it is.
    pub async fn status(&self, caller: &Caller, id: &SessionId) -> Result<(Arc<Session>, Progress), AppError> {
        let session = self.load(caller, id).await?;
        let progress = turn::progress(&session.interview);
        Ok((session, progress))
    }

    /// The whole state document, with the workflow as it stands.
    pub async fn document(&self, caller: &Caller, id: &SessionId) -> Result<StateDocument, AppError> {
        let (session, progress) = self.status(caller, id).await?;
        let drawn = workflow(&session);
        let workflow = serde_json::to_value(drawn).map_err(super::service::internal)?;
        Ok(StateDocument { workflow: Some(workflow), ..StateDocument::of(&session, progress.stage).public() })
    }

    pub async fn spec(&self, caller: &Caller, id: &SessionId) -> Result<AgentSpec, AppError> {
        Ok(self.load(caller, id).await?.interview.spec.clone())
    }

    /// All that the page's workspace shows.
    pub async fn workspace(&self, caller: &Caller, id: &SessionId) -> Result<Workspace, AppError> {
        let session = self.load(caller, id).await?;
        let head = self.store.head(id).await?.ok_or(AppError::NotFound)?;
        let mut messages = self.store.messages(id, None, ALL_MESSAGES).await?;
        let mut revisions = self.store.revisions(id).await?;
        // What was committed since belongs to a later version.
        messages.retain(|message| message.seq < session.message_count);
        session.interview.overlay(&mut messages);
        revisions.retain(|revision| revision.version <= session.version);
        let drawn = synthesis(&session);
        let workspace = view::workspace(&session, head.summary.title, messages, &revisions, drawn);
        let workspace = Workspace { uses_model: self.uses_model(), ..workspace };
        Ok(view::in_language(workspace, self.language))
    }

    pub async fn workflow(&self, caller: &Caller, id: &SessionId) -> Result<WorkflowAnswer, AppError> {
        Ok(workflow_answer(&*self.load(caller, id).await?))
    }

    pub async fn visualize(&self, caller: &Caller, id: &SessionId) -> Result<Visualization, AppError> {
        let session = self.load(caller, id).await?;
        let graph = synthesis(&session).graph;
        let summary = render::text_summary(&graph);
        Ok(Visualization {
            session_id: session.id.clone(),
            mermaid_diagram: render::mermaid(&graph),
            text_summary: summary.clone(),
            summary,
            json_structure: graph,
        })
    }

    /// The graph alone, to be drawn as a file.
    pub async fn graph(&self, caller: &Caller, id: &SessionId) -> Result<Graph, AppError> {
        Ok(synthesis(&*self.load(caller, id).await?).graph)
    }

    /// The prompts of these platforms.
    pub async fn prompts(
        &self,
        caller: &Caller,
        id: &SessionId,
        formats: BTreeSet<PromptFormat>,
    ) -> Result<BTreeMap<PromptFormat, PlatformPrompt>, AppError> {
        let session = self.load(caller, id).await?;
        let graph = synthesis(&session).graph;
        let prompt = |format| (format, prompt(&session, &graph, format));
        Ok(formats.into_iter().map(prompt).collect())
    }

    /// The neutral document about the agent.
    pub async fn export(
        &self,
        caller: &Caller,
        id: &SessionId,
        include_workflow: bool,
    ) -> Result<ExportDocument, AppError> {
        let session = self.load(caller, id).await?;
        let drawn = synthesis(&session);
        Ok(export::document(&source(&session, &drawn), include_workflow))
    }

    /// What the bundle tab shows.
    pub async fn bundle(&self, caller: &Caller, id: &SessionId) -> Result<BundleView, AppError> {
        let session = self.load(caller, id).await?;
        let drawn = synthesis(&session);
        Ok(export::view(&source(&session, &drawn)))
    }

    /// A file with everything; the history of exports remembers it.
    pub async fn download(
        &self,
        caller: &Caller,
        id: &SessionId,
        request: DownloadRequest,
    ) -> Result<Download, AppError> {
        if let Some(unknown) = export::unknown_target(&request.targets) {
            let message = format!("“{unknown}” is none of {}", export::target_ids().join(", "));
            return Err(AppError::field("targets", message));
        }
        let session = self.load(caller, id).await?;
        let drawn = synthesis(&session);
        let DownloadRequest { format, targets, include_workflow } = request;
        let mut source = source(&session, &drawn);
        let (mut transcript, mut picture) = (Vec::new(), None);
        if format == FileFormat::Zip {
            // Drawn while the store is asked, on a thread of its own: pixels take a while.
            let graph = include_workflow.then(|| drawn.graph.clone());
            let drawing = tokio::task::spawn_blocking(|| graph.map(|graph| raster::png(&render::svg(&graph))));
            transcript = self.store.messages(id, None, ALL_MESSAGES).await?;
            // What was committed since belongs to a later version.
            transcript.retain(|message| message.seq < session.message_count);
            session.interview.overlay(&mut transcript);
            // A bundle without its picture is still a bundle.
            let drawn = drawing.await.ok().flatten();
            picture = drawn.and_then(|drawn| drawn.inspect_err(|error| tracing::warn!(%error, "no picture")).ok());
        }
        (source.transcript, source.picture) = (&transcript, picture.as_deref());
        let bytes = export::file(&source, format, &targets, include_workflow);
        let file_name = export::file_name(&session.interview.spec, format);
        let file = Download { file_name, media_type: format.media_type(), bytes };
        self.remember_export(&session, format, targets, &file).await;
        Ok(file)
    }

    /// One platform's files as a zip, `loss.md` with them; `None` when there is no such platform.
    pub async fn target(&self, caller: &Caller, id: &SessionId, target: &str) -> Result<Option<Download>, AppError> {
        let session = self.load(caller, id).await?;
        let drawn = synthesis(&session);
        let Some((file_name, bytes)) = export::target(&source(&session, &drawn), target) else { return Ok(None) };
        let format = FileFormat::Zip;
        let file = Download { file_name, media_type: format.media_type(), bytes };
        self.remember_export(&session, format, vec![target.to_owned()], &file).await;
        Ok(Some(file))
    }

    /// What could be wrong with the agent's prompts.
    pub async fn lint(&self, caller: &Caller, id: &SessionId) -> Result<LintReport, AppError> {
        let session = self.load(caller, id).await?;
        let graph = synthesis(&session).graph;
        Ok(lint::check(&session.interview.spec, &graph, &prompts(&session, &graph)))
    }

    /// A platform's prompt with what could be wrong with it alone.
    pub async fn checked_prompt(
        &self,
        caller: &Caller,
        id: &SessionId,
        format: PromptFormat,
    ) -> Result<CheckedPrompt, AppError> {
        let session = self.load(caller, id).await?;
        let graph = synthesis(&session).graph;
        let prompt = prompt(&session, &graph, format);
        let lint = lint::check(&session.interview.spec, &graph, std::slice::from_ref(&prompt));
        Ok(CheckedPrompt { prompt, lint })
    }

    async fn remember_export(&self, session: &Session, format: FileFormat, targets: Vec<String>, file: &Download) {
        let record = ExportRecord {
            format: format.name().to_owned(),
            targets,
            file_name: file.file_name.clone(),
            bytes: file.bytes.len() as u64,
            version: session.version,
            created_at: self.clock.now(),
        };
        // The file is worth more than its line in the history.
        if let Err(error) = self.store.record_export(&session.id, &record).await {
            tracing::warn!(%error, "a download is not recorded");
        }
    }
}
