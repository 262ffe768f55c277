//! The words the interviewer knows, read once from the data files beside this one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::acts::Act;
use super::matcher::{Found, Matcher, longest};
use super::text::{Text, fold, stem};

/// One id of the vocabulary with its name and phrases.
#[derive(Debug, Deserialize)]
pub struct Entry {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub phrases: Vec<String>,
}

/// A kind of agent.
#[derive(Debug, Deserialize)]
pub struct AgentType {
    pub id: String,
    pub name: String,
    /// The noun for such an agent, as in "You are the …".
    pub role: String,
    heads: Vec<String>,
    frames: Vec<String>,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Channel {
    pub id: String,
    pub name: String,
    strong: Vec<String>,
    weak: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ActPhrases {
    whole: Vec<String>,
    anywhere: Vec<String>,
    lead: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Cues {
    negators: Vec<String>,
    scope_ends: Vec<String>,
    corrections: Vec<String>,
    continuations: Vec<String>,
    handover: Vec<String>,
    conditions: Vec<String>,
    restrictions: Vec<String>,
    goal_leads: Vec<String>,
    foreign_goal_leads: HashMap<String, Vec<String>>,
    background: Vec<String>,
    wishes: Vec<String>,
    tool_refusal: ActPhrases,
}

/// How much a phrase says about the kind of agent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TypeHint {
    pub id: &'static str,
    pub weight: f32,
}

/// Whether a phrase decides a channel wherever it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChannelHint {
    pub id: &'static str,
    pub is_strong: bool,
}

pub struct Lexicon {
    pub agent_types: &'static [AgentType],
    pub tones: &'static [Entry],
    pub channels: &'static [Channel],
    pub verbosity: &'static [Entry],
    pub languages: &'static BTreeMap<String, Vec<String>>,
    pub type_hints: Matcher<TypeHint>,
    tone_words: Matcher<&'static str>,
    tone_phrases: Matcher<&'static str>,
    pub channel: Matcher<ChannelHint>,
    pub verbosity_level: Matcher<&'static str>,
    pub language: Matcher<&'static str>,
    pub whole_acts: Matcher<Act>,
    pub anywhere_acts: Matcher<Act>,
    pub lead_acts: Matcher<Act>,
    pub whole_refusal: Matcher<()>,
    pub anywhere_refusal: Matcher<()>,
    pub corrections: Matcher<()>,
    pub continuations: Matcher<()>,
    pub handover: Matcher<()>,
    pub conditions: Matcher<()>,
    pub restrictions: Matcher<()>,
    pub goal_leads: Matcher<()>,
    /// By the code of the language.
    pub foreign_goal_leads: HashMap<String, Matcher<()>>,
    pub background: Matcher<()>,
    pub wishes: Matcher<()>,
    negators: HashSet<String>,
    scope_ends: HashSet<String>,
    /// Base form by stem.
    verbs: HashMap<String, &'static str>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::load);

pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// What people call any agent.
const AGENTS: &[&str] = &["agent", "bot", "chatbot", "voicebot", "assistant", "ai", "robot"];
/// From this weight on a phrase names the kind itself.
pub const HEAD_WEIGHT: f32 = 4.0;
const FRAME_WEIGHT: f32 = 2.0;
const WORD_WEIGHT: f32 = 0.6;

impl Lexicon {
    fn load() -> Lexicon {
        #[derive(Deserialize)]
        struct Data {
            #[serde(default)]
            agent_type: Vec<AgentType>,
            #[serde(default)]
            tone: Vec<Entry>,
            #[serde(default)]
            channel: Vec<Channel>,
            #[serde(default)]
            verbosity: Vec<Entry>,
            #[serde(default)]
            languages: BTreeMap<String, Vec<String>>,
        }
        let types = leak(parse::<Data>(include_str!("data/agent_types.toml")).agent_type);
        let tones = leak(parse::<Data>(include_str!("data/tones.toml")).tone);
        let channels = leak(parse::<Data>(include_str!("data/channels.toml")).channel);
        let verbosity = leak(parse::<Data>(include_str!("data/verbosity.toml")).verbosity);
        let languages = leak(parse::<Data>(include_str!("data/languages.toml")).languages);
        let acts: BTreeMap<Act, ActPhrases> = parse(include_str!("data/acts.toml"));
        let cues: Cues = parse(include_str!("data/cues.toml"));
        let by_act = |pick: fn(&ActPhrases) -> &Vec<String>| {
            Matcher::new(
                acts.iter().flat_map(|(act, phrases)| pick(phrases).iter().map(|phrase| (phrase.clone(), *act))),
            )
        };
        Lexicon {
            agent_types: types,
            tones,
            channels,
            verbosity,
            languages,
            type_hints: type_matcher(types),
            tone_words: Matcher::exact(entries(tones).filter(|(phrase, _)| !phrase.contains(' '))),
            tone_phrases: Matcher::new(entries(tones).filter(|(phrase, _)| phrase.contains(' '))),
            channel: channel_matcher(channels),
            verbosity_level: Matcher::exact(entries(verbosity)),
            language: Matcher::new(
                languages.iter().flat_map(|(code, names)| names.iter().map(move |name| (name, code.as_str()))),
            ),
            whole_acts: by_act(|phrases| &phrases.whole),
            anywhere_acts: by_act(|phrases| &phrases.anywhere),
            lead_acts: by_act(|phrases| &phrases.lead),
            whole_refusal: cue_matcher(&cues.tool_refusal.whole),
            anywhere_refusal: cue_matcher(&cues.tool_refusal.anywhere),
            corrections: cue_matcher(&cues.corrections),
            continuations: cue_matcher(&cues.continuations),
            handover: cue_matcher(&cues.handover),
            conditions: cue_matcher(&cues.conditions),
            restrictions: cue_matcher(&cues.restrictions),
            goal_leads: cue_matcher(&cues.goal_leads),
            foreign_goal_leads: (cues.foreign_goal_leads.into_iter())
                .map(|(code, leads)| (code, cue_matcher(&leads)))
                .collect(),
            background: cue_matcher(&cues.background),
            wishes: cue_matcher(&cues.wishes),
            negators: cues.negators.into_iter().collect(),
            scope_ends: cues.scope_ends.into_iter().collect(),
            verbs: include_str!("data/verbs.txt")
                .lines()
                .filter(|line| !line.starts_with('#'))
                .flat_map(str::split_whitespace)
                .map(|verb| (stem(&fold(verb)), verb))
                .collect(),
        }
    }

    /// The manners a token range speaks of. Single words count as they are: "supportive" is a manner, "support" is not.
    pub fn tones_in(&self, text: &Text<'_>, range: Range<usize>) -> Vec<Found<&'static str>> {
        longest(self.tone_words.find(text, range.clone()).into_iter().chain(self.tone_phrases.find(text, range)))
    }

    /// Where a token range names an agent by its role, or plainly as one.
    pub fn roles_in(&self, text: &Text<'_>, range: Range<usize>) -> Vec<Range<usize>> {
        let roles =
            self.type_hints.find(text, range.clone()).into_iter().filter(|one| one.meaning.weight >= HEAD_WEIGHT);
        let plain = range.filter(|at| text.is(*at, AGENTS)).map(|at| at..at + 1);
        let mut found: Vec<Range<usize>> = roles.map(|one| one.at).chain(plain).collect();
        found.sort_by_key(|at| at.start);
        found
    }

    pub fn is_negator(&self, norm: &str) -> bool {
        self.negators.contains(norm) || norm.ends_with("n't")
    }

    pub fn ends_scope(&self, norm: &str) -> bool {
        self.scope_ends.contains(norm)
    }

    /// The base form of a verb for what agents do, by its stem.
    pub fn verb(&self, stem: &str) -> Option<&'static str> {
        self.verbs.get(stem).copied()
    }

    pub fn agent_type(&self, id: &str) -> Option<&'static AgentType> {
        self.agent_types.iter().find(|kind| kind.id == id)
    }
}

/// Data lives as long as the program: matchers point into it.
fn leak<T>(data: T) -> &'static T {
    Box::leak(Box::new(data))
}

fn parse<T: for<'de> Deserialize<'de>>(data: &str) -> T {
    toml::from_str(data).expect("embedded data, parsed by a test")
}

fn type_matcher(types: &'static [AgentType]) -> Matcher<TypeHint> {
    let hints = types.iter().flat_map(|kind| {
        let id = kind.id.as_str();
        let weigh = move |phrases: &'static [String], weight| {
            phrases.iter().map(move |phrase| (phrase.as_str(), TypeHint { id, weight }))
        };
        weigh(&kind.heads, HEAD_WEIGHT).chain(weigh(&kind.frames, FRAME_WEIGHT)).chain(weigh(&kind.words, WORD_WEIGHT))
    });
    Matcher::new(hints)
}

fn entries(entries: &'static [Entry]) -> impl Iterator<Item = (&'static str, &'static str)> {
    entries.iter().flat_map(|entry| entry.phrases.iter().map(|phrase| (phrase.as_str(), entry.id.as_str())))
}

fn channel_matcher(channels: &'static [Channel]) -> Matcher<ChannelHint> {
    let hints = channels.iter().flat_map(|channel| {
        let hint = |is_strong| ChannelHint { id: channel.id.as_str(), is_strong };
        let strong = channel.strong.iter().map(move |phrase| (phrase.as_str(), hint(true)));
        strong.chain(channel.weak.iter().map(move |phrase| (phrase.as_str(), hint(false))))
    });
    Matcher::new(hints)
}

fn cue_matcher(phrases: &[String]) -> Matcher<()> {
    Matcher::new(phrases.iter().map(|phrase| (phrase.as_str(), ())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_files_parse_and_hold_the_whole_vocabulary() {
        let lexicon = lexicon();
        assert_eq!(lexicon.agent_types.len(), 24);
        assert_eq!(lexicon.tones.len(), 14);
        assert_eq!(lexicon.channels.len(), 5);
        assert_eq!(lexicon.verbosity.len(), 3);
        assert!(lexicon.verb(&stem("books")) == Some("book") && lexicon.is_negator("doesn't"));
    }
}
