//! How a conversation begins: the start, the hours it keeps, the greeting, leave to go on, what is remembered.

use crate::intent::models::{FieldId, Item, Provenance};
use crate::workflow::models::{Node, NodeType};
use crate::workflow::words;

use super::super::draft::At;
use super::super::p1_assign::{Mode, ToolUse};
use super::super::p2_chains::{Known, step};
use super::super::rules;
use super::Drawing;

impl Drawing<'_, '_> {
    pub(super) fn start(&mut self) -> At {
        let channel = self.facts.channel;
        let label = if self.facts.shape.outbound { &channel.goes_out } else { &channel.opens };
        let description =
            if self.facts.shape.outbound { "The agent makes contact." } else { "Somebody makes contact." };
        let provenance = self.facts.provenance(FieldId::Channel);
        let fields = vec![FieldId::Channel, FieldId::AgentType];
        self.draft.add(step(NodeType::Start, label.clone(), description.to_owned(), fields, provenance))
    }

    /// From the start over hours, greeting, consent and memory to `first`.
    pub(super) fn open(&mut self, first: At) -> At {
        let start = self.start();
        let first = self.recall(first);
        if self.facts.shape.headless {
            self.draft.link(start, first);
            return start;
        }
        let greeting = self.greeting();
        let greeting = self.draft.add(greeting);
        if self.facts.shape.outbound {
            self.ask_leave(greeting, first);
        } else {
            self.draft.link(greeting, first);
        }
        match self.hours_limit() {
            Some(limit) => {
                let check = self.draft.add(limit);
                self.draft.link(start, check);
                self.draft.branch(check, greeting, "yes", "The time is within the limits");
                self.draft.default_branch(check, self.end, "no", "It is too early or too late");
            }
            None => self.draft.link(start, greeting),
        }
        start
    }

    fn greeting(&self) -> Node {
        let facts = self.facts;
        let sources = [FieldId::GreetingStyle, FieldId::AgentName, FieldId::Tone];
        let fields: Vec<FieldId> = sources.into_iter().filter(|field| facts.spec.has(*field)).collect();
        let provenance = fields.first().map_or(Provenance::Default, |field| facts.provenance(*field));
        let name = facts.spec.text(FieldId::AgentName).map(words::clean).filter(|name| !name.is_empty());
        let who = name.as_deref().map_or_else(|| "itself".to_owned(), |name| format!("itself as {name}"));
        let description = format!("Greets the {} and introduces {who}.", facts.person());
        let label = words::title(&format!("Greet the {}", facts.person()));
        let mut node = step(NodeType::Greeting, label, description, fields, provenance);
        node.config.goals = facts.goals.iter().filter(|goal| facts.is_opening(goal)).map(|goal| goal.index).collect();
        let phrases = facts.phrases;
        let (plain, named) = match facts.shape.outbound {
            true => (&phrases.outbound, &phrases.outbound_named),
            false => (&phrases.greeting, &phrases.greeting_named),
        };
        let own = facts.spec.text(FieldId::GreetingStyle).and_then(|text| spoken_greeting(text, name.as_deref()));
        let usual = || name.as_deref().map_or_else(|| plain.clone(), |name| named.replace("{name}", name));
        node.config.say = Some(own.unwrap_or_else(usual));
        node
    }

    fn ask_leave(&mut self, greeting: At, first: At) {
        let channel = self.facts.channel;
        let ask = self.text(NodeType::Condition, &channel.may_i, "Goes on only with a yes.", "");
        let later =
            self.text(NodeType::Response, &channel.again_later, "Takes the no and closes.", &self.facts.phrases.later);
        let (ask, later) = (self.draft.add(ask), self.draft.add(later));
        self.draft.link(greeting, ask);
        self.draft.branch(ask, first, "yes", "They are willing");
        self.draft.default_branch(ask, later, "no", "They are not willing or do not answer");
        self.draft.link(later, self.end);
    }

    fn hours_limit(&self) -> Option<Node> {
        let items = self.facts.spec.items(FieldId::Constraints);
        let limits = |item: &&Item| self.facts.shape.outbound && rules::limits_hours(&item.value);
        let item = items.iter().find(limits)?;
        let label = self.facts.channel.within_hours.clone();
        let fields = vec![FieldId::Constraints];
        Some(step(NodeType::Condition, label, words::sentence(&item.value), fields, item.provenance))
    }

    /// What is known from earlier conversations, before `first`.
    fn recall(&mut self, first: At) -> At {
        let mut entry = first;
        for tool in self.assignment.memory.iter().rev() {
            let use_ = ToolUse::plain(*tool, Mode::Look);
            let chain = self.chains.for_tool(use_, &Known::new());
            entry = self.lay_or_go_on(chain, entry);
        }
        entry
    }
}

/// A greeting that can be said as it stands: quoted, or opening like one.
fn spoken_greeting(text: &str, name: Option<&str>) -> Option<String> {
    let text = words::clean(text);
    let quotes = [('"', '"'), ('“', '”'), ('«', '»'), ('„', '“')];
    let quoted = quotes.iter().find_map(|(open, close)| {
        let from = text.find(*open)? + open.len_utf8();
        let to = from + text[from..].find(*close)?;
        (to > from).then(|| text[from..to].to_owned())
    });
    let hello = ["hello", "hi", "hey", "good", "welcome", "thank", "bonjour", "hola", "hallo", "guten", "ciao", "ola"];
    let opens = words::tokens(&text).first().is_some_and(|first| hello.contains(&first.as_str()));
    let names = name.is_some_and(|name| text.contains(&format!("this is {name}")));
    quoted.or_else(|| (opens || names).then(|| words::sentence(&text)))
}
