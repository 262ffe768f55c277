//! Code that comes when it is needed. The main file holds the workspace as it opens; each chunk here is a file of its
//! own, fetched with the first view in it. On the server everything is at hand.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::wasm_split;

pub use wasm_split_helpers::SplitLoaderError as NotFetched;

use crate::error::AppError;
use crate::ui::components::chat::Retell;
use crate::ui::components::diagram::{AskedChange, Inspector, StepList};
use crate::ui::components::dialogs::{self, Dialog, Dialogs};
use crate::ui::components::outputs;
use crate::ui::components::skeleton::LoadFailed;
use crate::ui::pages::history::HistoryPage;
use crate::ui::pages::settings::SettingsPage;
use crate::ui::pages::start::StartPage;
use crate::ui::pane::Pane;

/// How long after the page works the other chunks are fetched: a tab opens at once then, without a connection too.
const LATER: Duration = Duration::from_secs(3);

/// A view of a chunk, once its code is here.
pub type Drawing = Pin<Box<dyn Future<Output = Result<AnyView, NotFetched>> + Send>>;

/// A page beside the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SitePage {
    Start,
    History,
    Settings,
}

/// What a click opens.
#[derive(Clone)]
pub enum Detail {
    Dialog(Dialog, Dialogs),
    /// Of the selected step.
    Inspector,
    StepList,
    /// Changes of the diagram in words.
    AskedChange,
    /// A message in its editor: its place in the transcript and what it says.
    Retell(u32, String),
}

/// A file of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// What a click opens: dialogs, a step as text, the forms that change the diagram.
    Details,
    /// The outputs beside the diagram.
    Outputs,
    /// The pages beside the workspace.
    Pages,
}

impl Chunk {
    /// Its name in the build's manifest.
    pub fn name(self) -> &'static str {
        match self {
            Chunk::Details => "details",
            Chunk::Outputs => "outputs",
            Chunk::Pages => "pages",
        }
    }

    /// The chunk that the page at this address needs before it works; `query` without its question mark.
    pub fn at(path: &str, query: &str) -> Option<Chunk> {
        if matches!(path, "/" | "/history" | "/settings") {
            return Some(Chunk::Pages);
        }
        let view = query.split('&').find_map(|pair| pair.strip_prefix("view="));
        let is_apart = path.starts_with("/s/") && view.and_then(Pane::parse).is_some_and(Pane::is_apart);
        is_apart.then_some(Chunk::Outputs)
    }

    async fn fetch(self) -> Result<(), NotFetched> {
        match self {
            Chunk::Details => fetch_details().await,
            Chunk::Outputs => fetch_outputs().await,
            Chunk::Pages => fetch_pages().await,
        }
    }
}

#[wasm_split(details, fallible, preload(fetch_details))]
fn draw_detail(detail: Detail) -> Result<AnyView, NotFetched> {
    Ok(match detail {
        Detail::Dialog(which, dialogs) => dialogs::drawn(which, dialogs),
        Detail::Inspector => view! { <Inspector /> }.into_any(),
        Detail::StepList => view! { <StepList /> }.into_any(),
        Detail::AskedChange => view! { <AskedChange /> }.into_any(),
        Detail::Retell(seq, text) => view! { <Retell seq=seq text=text /> }.into_any(),
    })
}

#[wasm_split(outputs, fallible, preload(fetch_outputs))]
fn draw_output(pane: Pane) -> Result<AnyView, NotFetched> {
    Ok(outputs::drawn(pane))
}

#[wasm_split(pages, fallible, preload(fetch_pages))]
fn draw_page(page: SitePage) -> Result<AnyView, NotFetched> {
    Ok(match page {
        SitePage::Start => view! { <StartPage /> }.into_any(),
        SitePage::History => view! { <HistoryPage /> }.into_any(),
        SitePage::Settings => view! { <SettingsPage /> }.into_any(),
    })
}

pub fn output(pane: Pane) -> Drawing {
    Box::pin(draw_output(pane))
}

pub fn page(page: SitePage) -> Drawing {
    Box::pin(draw_page(page))
}

/// Fetches what this address shows, so that hydrating finds it drawn.
pub async fn fetch_first() -> Result<(), NotFetched> {
    let location = window().location();
    let (path, search) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    match Chunk::at(&path, search.trim_start_matches('?')) {
        Some(chunk) => chunk.fetch().await,
        None => Ok(()),
    }
}

/// Fetches the rest while nothing else goes on. What fails is tried again when it is needed.
pub fn fetch_rest() {
    set_timeout(
        || {
            spawn_local(async {
                for chunk in [Chunk::Details, Chunk::Outputs, Chunk::Pages] {
                    let _ = chunk.fetch().await;
                }
            })
        },
        LATER,
    );
}

/// [`later`] with nothing in the meantime.
pub fn detail_later(of: Detail) -> AnyView {
    later(move || Box::pin(draw_detail(of.clone())), || ().into_any())
}

/// What a chunk draws: at once where its code is here, else `waiting` until it came. When it does not come, it says so.
pub fn later(draw: impl Fn() -> Drawing + Send + Sync + 'static, waiting: fn() -> AnyView) -> AnyView {
    later_boxed(Box::new(draw), waiting)
}

fn later_boxed(draw: Box<dyn Fn() -> Drawing + Send + Sync>, waiting: fn() -> AnyView) -> AnyView {
    let tries = RwSignal::new(0);
    view! {
        <Suspense fallback=waiting>
            {move || {
                tries.track();
                let drawn = draw();
                Suspend::new(async move {
                    drawn.await.unwrap_or_else(|_| {
                        let on_retry = Callback::new(move |()| tries.update(|tries| *tries += 1));
                        view! { <LoadFailed error=AppError::Offline on_retry=on_retry /> }.into_any()
                    })
                })
            }}
        </Suspense>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_the_chunk_of_what_it_shows() {
        assert_eq!(Chunk::at("/", ""), Some(Chunk::Pages));
        assert_eq!(Chunk::at("/history", "q=clinic"), Some(Chunk::Pages));
        assert_eq!(Chunk::at("/s/1", ""), None);
        assert_eq!(Chunk::at("/s/1", "view=diagram"), None);
        assert_eq!(Chunk::at("/s/1", "a=b&view=bundle"), Some(Chunk::Outputs));
        assert_eq!(Chunk::at("/nowhere", "view=bundle"), None);
    }
}
