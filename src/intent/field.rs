//! The fields of an agent: their ids on the wire, their labels and kinds.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything the interview can fill, in the order in which people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldId {
    AgentType,
    Goals,
    Tone,
    UseTools,
    Tools,
    AgentName,
    Channel,
    Languages,
    TargetUsers,
    GreetingStyle,
    ConversationFlow,
    ExampleInteractions,
    KnowledgeSources,
    Constraints,
    EdgeCases,
    EscalationRules,
    SuccessCriteria,
    BrandVoice,
    VerbosityLevel,
    AdditionalNotes,
}

/// The shape of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One id of the vocabulary.
    Id,
    /// Several ids of the vocabulary.
    Ids,
    /// Yes or no.
    Flag,
    /// One text.
    Text,
    /// A list of short texts.
    Texts,
    /// Tool configurations.
    Tools,
}

impl FieldKind {
    /// Whether the field holds several values.
    pub fn is_list(self) -> bool {
        matches!(self, FieldKind::Ids | FieldKind::Texts | FieldKind::Tools)
    }
}

impl FieldId {
    pub const ALL: [FieldId; 20] = [
        FieldId::AgentType,
        FieldId::Goals,
        FieldId::Tone,
        FieldId::UseTools,
        FieldId::Tools,
        FieldId::AgentName,
        FieldId::Channel,
        FieldId::Languages,
        FieldId::TargetUsers,
        FieldId::GreetingStyle,
        FieldId::ConversationFlow,
        FieldId::ExampleInteractions,
        FieldId::KnowledgeSources,
        FieldId::Constraints,
        FieldId::EdgeCases,
        FieldId::EscalationRules,
        FieldId::SuccessCriteria,
        FieldId::BrandVoice,
        FieldId::VerbosityLevel,
        FieldId::AdditionalNotes,
    ];

    /// The id on the wire and in data files.
    pub fn as_str(self) -> &'static str {
        match self {
            FieldId::AgentType => "agent_type",
            FieldId::Goals => "goals",
            FieldId::Tone => "tone",
            FieldId::UseTools => "use_tools",
            FieldId::Tools => "tools",
            FieldId::AgentName => "agent_name",
            FieldId::Channel => "channel",
            FieldId::Languages => "languages",
            FieldId::TargetUsers => "target_users",
            FieldId::GreetingStyle => "greeting_style",
            FieldId::ConversationFlow => "conversation_flow",
            FieldId::ExampleInteractions => "example_interactions",
            FieldId::KnowledgeSources => "knowledge_sources",
            FieldId::Constraints => "constraints",
            FieldId::EdgeCases => "edge_cases",
            FieldId::EscalationRules => "escalation_rules",
            FieldId::SuccessCriteria => "success_criteria",
            FieldId::BrandVoice => "brand_voice",
            FieldId::VerbosityLevel => "verbosity_level",
            FieldId::AdditionalNotes => "additional_notes",
        }
    }

    /// The field with this id, if there is one.
    pub fn parse(id: &str) -> Option<FieldId> {
        FieldId::ALL.into_iter().find(|field| field.as_str() == id)
    }

    /// What the page and the replies call the field.
    pub fn label(self) -> &'static str {
        match self {
            FieldId::AgentType => "Agent type",
            FieldId::Goals => "Goals",
            FieldId::Tone => "Tone",
            FieldId::UseTools => "Uses tools",
            FieldId::Tools => "Tools",
            FieldId::AgentName => "Name",
            FieldId::Channel => "Channel",
            FieldId::Languages => "Languages",
            FieldId::TargetUsers => "Users",
            FieldId::GreetingStyle => "Greeting",
            FieldId::ConversationFlow => "Flow",
            FieldId::ExampleInteractions => "Examples",
            FieldId::KnowledgeSources => "Knowledge",
            FieldId::Constraints => "Limits",
            FieldId::EdgeCases => "Edge cases",
            FieldId::EscalationRules => "Hand-over",
            FieldId::SuccessCriteria => "Success",
            FieldId::BrandVoice => "Brand voice",
            FieldId::VerbosityLevel => "Verbosity",
            FieldId::AdditionalNotes => "Notes",
        }
    }

    pub fn kind(self) -> FieldKind {
        match self {
            FieldId::AgentType | FieldId::Channel | FieldId::VerbosityLevel => FieldKind::Id,
            FieldId::Tone | FieldId::Languages => FieldKind::Ids,
            FieldId::UseTools => FieldKind::Flag,
            FieldId::Tools => FieldKind::Tools,
            FieldId::AgentName | FieldId::TargetUsers | FieldId::GreetingStyle | FieldId::BrandVoice => FieldKind::Text,
            FieldId::Goals
            | FieldId::ConversationFlow
            | FieldId::ExampleInteractions
            | FieldId::KnowledgeSources
            | FieldId::Constraints
            | FieldId::EdgeCases
            | FieldId::EscalationRules
            | FieldId::SuccessCriteria
            | FieldId::AdditionalNotes => FieldKind::Texts,
        }
    }

    /// Whether an interview can end without it. `tools` is required only once `use_tools` is yes.
    pub fn is_required(self) -> bool {
        matches!(self, FieldId::AgentType | FieldId::Goals | FieldId::Tone | FieldId::UseTools | FieldId::Tools)
    }
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
