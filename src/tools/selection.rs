//! Which tools of the catalogue a text asks for, and the words that say so. Pure; uses `catalogue`, `matching`, `ranking`
//! and `words`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::catalogue::{self, PhraseKind, Product, Tool};
use super::matching::{self, Match};
use super::ranking::{Document, Field, Index, Ranked};
use super::words::{self, Lexicon, Span, Word};

/// What a phrase of the catalogue scores, before its length: a name says more than a doing.
const PRODUCT: f32 = 8.0;
const SYNONYM: f32 = 6.0;
const ACT: f32 = 4.0;

/// What each further word adds: "book appointment" says more than "booking".
const PER_WORD: f32 = 0.25;

/// What is left of a phrase that is an ordinary word too.
const DOUBT: f32 = 0.4;

/// What is left of it for a tool that it means only in the second place.
const SECOND: f32 = 0.6;

/// How much of the ranking by single words counts beside the phrases.
const SINGLE_WORDS: f32 = 0.3;

/// What single words must score to name a tool without any phrase: a common word or two do not.
const LEAST: f32 = 2.8;

/// A tool that a text asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    pub id: String,
    pub score: f32,
    /// What speaks for it, in the text's own letters.
    pub because: Vec<String>,
}

/// What speaks for a tool.
#[derive(Default)]
struct Case {
    score: f32,
    spans: Vec<Span>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| index_with([]));

/// The catalogue's tools with some more.
pub fn index_with(more: impl IntoIterator<Item = Document>) -> Index {
    Index::new(catalogue::catalogue().iter().map(document).chain(more))
}

fn document(tool: &Tool) -> Document {
    let products: Vec<String> = tool.products.iter().flat_map(Product::spellings).collect();
    Document::new(&tool.id, &tool.name, &tool.description)
        .with(Field::Synonyms, tool.synonyms.join("\n"))
        .with(Field::ActObjects, tool.act_objects.join("\n"))
        .with(Field::Products, products.join("\n"))
}

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new(catalogue::phrases().map(|phrase| phrase.text.as_str())));

/// The tools of the catalogue that a text asks for, best first. What the text denies ("no email") is left out.
pub fn select(text: &str, limit: usize) -> Vec<Selected> {
    select_from(&INDEX, text, limit)
}

/// The same with more tools than the catalogue's, as [`index_with`] put them together.
pub fn select_from(index: &Index, text: &str, limit: usize) -> Vec<Selected> {
    let mut text_words = words::words(text);
    LEXICON.mend(&mut text_words);
    let (denied, named): (Vec<Match>, Vec<Match>) =
        matching::matches(&text_words).into_iter().partition(|found| found.is_denied);
    let mut cases: BTreeMap<&str, Case> = cases(&named, &text_words);
    let is_denied = |id: &str| denied.iter().any(|found| found.phrase.tool_ids.contains(&id));
    let ranked = index.rank(&text_words, usize::MAX);
    for tool in &ranked {
        let by_words = SINGLE_WORDS * tool.score;
        match cases.get_mut(tool.id.as_str()) {
            Some(case) => case.score += by_words,
            None if by_words >= LEAST && !is_denied(&tool.id) => {
                cases.insert(&tool.id, Case { score: by_words, spans: tool.because.clone() });
            }
            None => {}
        }
    }
    let quoted =
        |(id, case): (&str, Case)| Selected { id: id.to_owned(), score: case.score, because: quotes(text, case.spans) };
    let mut selected: Vec<Selected> = cases.into_iter().map(quoted).collect();
    selected.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    selected.truncate(limit);
    selected
}

/// The tools of a list that is not the catalogue's that a text asks for, best first.
pub fn select_among(index: &Index, text: &str, limit: usize) -> Vec<Selected> {
    let quoted = |tool: Ranked| Selected { id: tool.id, score: tool.score, because: quotes(text, tool.because) };
    index.search(text, limit).into_iter().map(quoted).collect()
}

/// What the phrases say for each tool.
fn cases(named: &[Match], text: &[Word]) -> BTreeMap<&'static str, Case> {
    let mut cases: BTreeMap<&'static str, Case> = BTreeMap::new();
    for found in named {
        let score = phrase_score(found);
        for (rank, tool) in found.phrase.tool_ids.iter().enumerate() {
            let case = cases.entry(tool).or_default();
            case.score += if rank == 0 { score } else { score * SECOND };
            case.spans.push(found.span(text));
        }
    }
    cases
}

fn phrase_score(found: &Match) -> f32 {
    let base = match found.phrase.kind {
        PhraseKind::Product => PRODUCT,
        PhraseKind::Synonym => SYNONYM,
        PhraseKind::ActObject => ACT,
    };
    let length = 1.0 + PER_WORD * (found.places.len() - 1) as f32;
    base * length * if found.is_doubtful { DOUBT } else { 1.0 }
}

/// The spans in the text's letters, in order, without those inside another.
fn quotes(text: &str, mut spans: Vec<Span>) -> Vec<String> {
    spans.sort_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
    spans.dedup_by(|next, kept| kept.0 <= next.0 && next.1 <= kept.1);
    spans.into_iter().map(|(start, end)| text[start..end].to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What people of many trades say, and the tools they mean.
    const SAYINGS: [(&str, &[&str]); 62] = [
        ("it has to see our diary and put things in it", &["calendar"]),
        ("push the order into our square", &["order_management"]),
        ("stick the answers in a google sheet", &["spreadsheet"]),
        ("warm transfer to a live AE, and a Slack ping to the pod", &["call_transfer", "team_chat"]),
        (
            "the ap@ mailbox (read only), OCR on the scans, the ERP's REST endpoint",
            &["email_read", "image_understanding", "http_api"],
        ),
        ("to see if the bottle exists in stock, and pass the chat to Joaquim", &["inventory", "human_handoff"]),
        ("we have our own endpoint with all the exercises", &["http_api"]),
        ("it should remember what each person lifted last time", &["memory_store"]),
        ("say hello in their language by machine", &["translation"]),
        ("makes out photographs of receipts", &["image_understanding"]),
        ("check who they are with account number and postcode", &["identity_verification"]),
        ("needs to put a call through to me, and text me the address", &["call_transfer", "sms"]),
        ("we r a dentist, it shud put ppl in cliniko n txt them the day before", &["health_records", "sms"]),
        ("look up their policy and tell them what's covered", &["account_lookup"]),
        ("look up our policy on carry-on and tell them", &["knowledge_base"]),
        ("warehouse: how many pallets are left on the shelf, and print labels", &["inventory", "document_generation"]),
        ("pulls the week's topic from Google Classroom and posts the score back", &["learning_platform"]),
        (
            "law office: intake answers go into Clio, and the engagement letter out for signature by docusign",
            &["crm", "e_signature"],
        ),
        ("book them into a spin class in mindbody, take a card for the no-show fee", &["reservations", "payments"]),
        ("Datadog for metrics and logs, PagerDuty to page, recent deploys from CI", &["monitoring", "ci_cd"]),
        (
            "farm shop: what veg we have this week with prices and whether it is sold out",
            &["product_catalog", "inventory"],
        ),
        ("search our past episodes and pull listener numbers from podtrac", &["media_search", "analytics"]),
        ("WhatsApp y nuestro sistema de butacas. Cobrar no", &["whatsapp", "reservations"]),
        ("lire le dossier du patient et envoyer un SMS à l'infirmière", &["health_records", "sms"]),
        ("Termine vergeben im Google Kalender und Anrufe durchstellen", &["calendar", "call_transfer"]),
        (
            "precisa consultar o estoque e mandar o link de pagamento pelo whatsapp",
            &["inventory", "payments", "whatsapp"],
        ),
        ("prenotare un tavolo e dare i prezzi del menù", &["reservations", "product_catalog"]),
        (
            "Web search obviously, reading the PDFs we upload, and saving the summaries into Notion",
            &["web_search", "file_read", "notes"],
        ),
        ("Snowflake read-only, python for the plots", &["sql_database", "code_interpreter"]),
        (
            "Gmail for reading and drafting, Todoist, push notifications to my phone",
            &["email_read", "task_manager", "notifications"],
        ),
        ("it writes the answers into Workable and needs the ride-along calendar", &["hr_system", "calendar"]),
        ("hostel search, a map, and the weather", &["hotel_search", "maps_places", "weather"]),
        ("Stripe for invoice status, and post the outcome to our own webhook", &["payments", "http_api"]),
        ("line status from our monitoring, Freshdesk for tickets", &["monitoring", "ticketing"]),
        ("makin the pics, n googling styles n old flash art", &["image_generation", "web_search"]),
        ("where's my parcel, that's nine calls out of ten. DHL mostly", &["shipping_tracking"]),
        ("open a jira ticket for the devs when it smells like a bug", &["issue_tracker"]),
        ("open a ticket in jira service management when the laptop stays broken", &["ticketing"]),
        ("turn on the heating in the chapel before the service, we've got home assistant", &["device_control"]),
        ("post it on our instagram and reply to comments", &["social_media"]),
        ("create a zoom link and put it into the invite", &["video_meeting"]),
        ("find cheap flights to Lisbon and compare fares", &["flight_search"]),
        ("what the euro is worth today, exchange rates and the gold price", &["market_data"]),
        ("read the headlines to my gran in the morning", &["news"]),
        ("work out the monthly instalments, a loan calculator basically", &["calculator"]),
        ("who sits where: it looks up the extension in the staff directory", &["contacts"]),
        ("open a pull request with the fix on github", &["git_repository"]),
        ("draft the quote as a PDF from our template", &["document_generation"]),
        ("read the page behind a link people paste", &["web_browse"]),
        ("answers straight from our handbook and the FAQ", &["knowledge_base"]),
        ("check how many days off they have left in bamboohr", &["hr_system"]),
        ("email them the recap afterwards", &["email_send"]),
        ("fill in the intake form with what the client said", &["forms"]),
        ("renew prescriptions and read out lab results", &["health_records"]),
        ("suggest a recipe for what's in the fridge", &["media_search"]),
        ("HubSpot read/write on contacts and deals", &["crm"]),
        ("take the deposit and refund it if they cancel in time", &["payments"]),
        ("track my tasks in asana", &["task_manager"]),
        ("a kiosk for the museum, visitors ask how to get there and what's nearby", &["maps_places"]),
        ("conversion rates from google analytics for the bike shop", &["analytics"]),
        ("garage: move appointments when the part is late", &["calendar"]),
        ("surf school. surf forecast first, then book lessons", &["weather", "calendar"]),
    ];

    #[test]
    fn finds_what_people_of_many_trades_mean() {
        let mut misses = Vec::new();
        for (text, meant) in SAYINGS {
            let selected = select(text, meant.len() + 1);
            for id in meant {
                if !selected.iter().any(|tool| tool.id == *id) {
                    misses.push(format!("{text:?} means {id}, found {selected:?}"));
                }
            }
        }
        assert!(misses.is_empty(), "{}", misses.join("\n"));
    }

    #[test]
    fn quotes_are_letters_of_the_text() {
        for (text, _) in SAYINGS {
            for tool in select(text, 5) {
                assert!(!tool.because.is_empty(), "{text}: {}", tool.id);
                assert!(tool.because.iter().all(|quote| text.contains(quote.as_str())), "{text}: {:?}", tool.because);
            }
        }
        assert_eq!(select("It has to see our DIARY.", 1)[0].because, ["see our DIARY"]);
    }

    #[test]
    fn what_is_denied_is_left_out() {
        let ids = |text: &str| select(text, 9).into_iter().map(|tool| tool.id).collect::<Vec<_>>();
        assert!(!ids("no email, only SMS").contains(&"email_send".to_owned()));
        assert!(ids("no email, only SMS").contains(&"sms".to_owned()));
        assert!(ids("It must not search in internet").is_empty());
        assert!(!ids("Not the calendar, forget the calendar. Zendesk").contains(&"calendar".to_owned()));
    }

    #[test]
    fn slips_of_the_finger_are_forgiven() {
        for (text, meant) in [
            ("put it in our calender", "calendar"),
            ("takes apointments for three doctors", "calendar"),
            ("reads the recepits", "image_understanding"),
            ("check the invetory", "inventory"),
            ("anwsers from the handbok", "knowledge_base"),
        ] {
            assert_eq!(select(text, 1).first().map(|tool| tool.id.as_str()), Some(meant), "{text}");
        }
    }

    #[test]
    fn idle_talk_names_no_tool() {
        for text in ["", "Hello there", "No, only we talk.", "hm, let me think", "none, all it needs is to listen"] {
            assert_eq!(select(text, 5), [], "{text}");
        }
    }

    #[test]
    fn chooses_among_anybodys_tools() {
        let index = Index::new([
            Document::new("homes", "HomeFinder", "Lists apartments for rent."),
            Document::new("stocks", "stock_quotes", "Prices of shares on the exchange."),
        ]);
        let selected = select_among(&index, "I need a Flat near the station", 5);
        assert_eq!(selected[0].id, "homes");
        assert_eq!(selected[0].because, ["Flat"]);
    }

    #[test]
    fn the_same_text_gives_the_same_tools() {
        let text = "Shopify for the open order and which sizes are in stock, text them the link";
        assert_eq!(select(text, 9), select(text, 9));
        assert_eq!(select(text, 2).len(), 2);
    }
}
