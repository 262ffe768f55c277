//! Reading tools from a document, and giving an agent tools: one step that can be undone.

use crate::error::{AppError, FieldProblem};
use crate::intent::models::{FieldId, Item, Slot};
use crate::orchestrator::answers::StepAnswer;
use crate::orchestrator::models::Interview;
use crate::orchestrator::repeat::to_json;
use crate::orchestrator::service::{Proposal, Target, TurnService, internal};
use crate::orchestrator::state::Session;
use crate::orchestrator::{turn, wording};
use crate::session::models::SessionId;
use crate::session::ports::{Caller, Cause};
use crate::tools::catalogue;
use crate::tools::import;
use crate::tools::models::ToolConfig;
use crate::tools::schemas::ToolCreate;
use crate::tools::service::{ToolError, check};

use super::models::{FoundTools, MAX_TOOLS, NewTool};

/// The longest reason of a revision, in characters.
const REASON_CHARS: usize = 120;

/// Reads the tools of a text that is an OpenAPI document, an MCP server's list or plain JSON. Nothing is kept and nothing is
/// fetched.
pub async fn read(document: String) -> Result<FoundTools, AppError> {
    let read = tokio::task::spawn_blocking(move || {
        let document = import::parse(&document)?;
        import::import(import::guess(&document)?, &document)
    });
    let found = read.await.map_err(internal)?.map_err(|error| AppError::invalid(error.to_string()))?;
    Ok(FoundTools { tools: found.tools.into_iter().map(NewTool::from).collect(), skipped: found.skipped })
}

impl TurnService {
    /// Gives the agent tools of the owner's own: all of them, or none with what is wrong with each.
    pub async fn add_tools(
        &self,
        caller: &Caller,
        id: &SessionId,
        tools: Vec<NewTool>,
        key: Option<&str>,
    ) -> Result<StepAnswer, AppError> {
        let request = format!("tools {}", to_json(&tools)?);
        let configs = configured(tools)?;
        let names: Vec<&str> = configs.iter().map(|tool| tool.name.as_str()).collect();
        let reason = wording::clip(&format!("Tools added: {}", names.join(", ")), REASON_CHARS);
        let step = |session: &Session| {
            let interview = with_tools(&session.interview, &configs)?;
            let outcome = turn::settle(session.interview.clone(), interview, &reason);
            Ok(Proposal::new(outcome, Cause::Edit, reason.clone()))
        };
        let target = Target { id, expected_version: None, may_be_completed: false };
        self.once(caller, target, key, &request, |kept| StepAnswer::from(kept), step).await
    }
}

/// The tools as an agent has them. What is wrong names the tool where there are several.
fn configured(tools: Vec<NewTool>) -> Result<Vec<ToolConfig>, AppError> {
    if tools.is_empty() || tools.len() > MAX_TOOLS {
        return Err(AppError::field("tools", format!("must be from 1 to {MAX_TOOLS}")));
    }
    let several = tools.len() > 1;
    let (mut configs, mut problems) = (Vec::new(), Vec::new());
    for tool in tools {
        let name = tool.name.clone();
        match configure(tool) {
            Ok(config) => configs.push(config),
            Err(ToolError::Invalid(found)) => problems.extend(found.into_iter().map(|problem| match several {
                true => FieldProblem { field: format!("{name}, {}", problem.field), ..problem },
                false => problem,
            })),
            Err(other) => return Err(internal(other)),
        }
    }
    if problems.is_empty() { Ok(configs) } else { Err(AppError::InvalidFields { problems }) }
}

fn configure(tool: NewTool) -> Result<ToolConfig, ToolError> {
    let NewTool { id, name, description, category, risk, parameters, endpoint, asks_first } = tool;
    let parameters = Some(parameters).filter(|parameters| !parameters.is_empty());
    let tool = check::tool(ToolCreate { id, name, description, category, risk, parameters, endpoint })?;
    let config = tool.configure();
    let asks = asks_first.unwrap_or(config.needs_confirmation);
    let confirmation = if asks { format!("Shall I go ahead: {}?", tool.name) } else { String::new() };
    Ok(ToolConfig { needs_confirmation: asks, confirmation, ..config })
}

fn with_tools(before: &Interview, configs: &[ToolConfig]) -> Result<Interview, AppError> {
    let mut interview = before.clone();
    let spec = &mut interview.spec;
    let mut items = spec.items(FieldId::Tools).to_vec();
    for config in configs {
        if items.iter().any(|item| item.value == config.id) || catalogue::get(&config.id).is_some() {
            let taken = format!("“{}” is a tool already (`{}`); give this one another name", config.name, config.id);
            return Err(AppError::field("name", taken));
        }
        items.push(Item::edited(&config.id).with_label(&config.name));
        spec.tool_configs.insert(config.id.clone(), config.clone());
    }
    if items.len() > MAX_TOOLS {
        let most = format!("would be {}, and an agent has at most {MAX_TOOLS}; take out some first", items.len());
        return Err(AppError::field("tools", most));
    }
    spec.set(FieldId::Tools, Slot { items });
    if spec.use_tools() != Some(true) {
        spec.set(FieldId::UseTools, Slot::one(Item::edited("true")));
    }
    interview.settled.remove(&FieldId::Tools);
    Ok(interview)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tool(name: &str) -> NewTool {
        serde_json::from_value(json!({"name": name, "description": "Does it."})).unwrap()
    }

    #[test]
    fn tools_join_those_that_are_there() {
        let interview = turn::apply(turn::open().0, "A receptionist that books into Google Calendar.").interview;
        let configs = configured(vec![tool("Loyalty points"), tool("Parking")]).unwrap();
        let after = with_tools(&interview, &configs).unwrap();
        let ids: Vec<&str> = after.spec.values(FieldId::Tools).collect();
        assert_eq!(ids, ["calendar", "loyalty_points", "parking"]);
        let before = interview.spec.items(FieldId::Tools);
        assert_eq!(&after.spec.items(FieldId::Tools)[..1], before, "what was said is still said");
        assert_eq!(after.spec.tools().count(), 3);
        assert!(with_tools(&after, &configs[..1]).is_err(), "the same tool twice");
        let calendar = configured(vec![tool("Calendar")]).unwrap();
        assert!(with_tools(&Interview::default(), &calendar).is_err(), "a name of the catalogue");
    }

    #[test]
    fn an_agent_without_tools_uses_them_from_then_on() {
        let after = with_tools(&Interview::default(), &configured(vec![tool("Parking")]).unwrap()).unwrap();
        assert_eq!(after.spec.use_tools(), Some(true));
    }

    #[test]
    fn asking_first_follows_the_risk_unless_it_is_said() {
        let asks = |method: &str, said: Option<bool>| {
            let endpoint = json!({"method": method, "url": "https://points.example"});
            let tool =
                NewTool { endpoint: serde_json::from_value(endpoint).unwrap(), asks_first: said, ..tool("Points") };
            let config = &configured(vec![tool]).unwrap()[0];
            assert_eq!(config.needs_confirmation, !config.confirmation.is_empty());
            config.needs_confirmation
        };
        assert!(!asks("GET", None) && asks("POST", None) && asks("GET", Some(true)) && !asks("POST", Some(false)));
    }

    #[test]
    fn what_is_wrong_names_its_field_and_among_several_its_tool() {
        let fields = |tools: Vec<NewTool>| match configured(tools) {
            Err(AppError::InvalidFields { problems }) => problems.into_iter().map(|it| it.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let silent = NewTool { description: " ".to_owned(), ..tool("Parking") };
        assert_eq!(fields(vec![silent.clone()]), ["description"]);
        assert_eq!(fields(vec![tool("Points"), silent]), ["Parking, description"]);
        assert_eq!(fields(Vec::new()), ["tools"]);
    }

    #[tokio::test]
    async fn documents_are_read_whatever_they_are() {
        let list = json!([{"name": "find_table", "description": "Finds a table"}, {"description": "nameless"}]);
        let found = read(list.to_string()).await.unwrap();
        assert_eq!((found.tools.len(), found.skipped.len()), (1, 1));
        let error = read("{\"hello\": 1}".to_owned()).await.unwrap_err().to_string();
        assert!(error.contains("neither"), "{error}");
    }
}
