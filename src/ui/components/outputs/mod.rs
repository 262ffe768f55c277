//! What the interview makes: the diagram, the prompts, the tools and the files, each in its tab.

mod bring;
mod bundle;
mod done;
mod exports;
mod findings;
mod last_change;
mod polish;
mod prompt;
mod tools;
mod trial;

use crate::ui::memo::{If, memo};
use leptos::prelude::*;

use crate::ui::chunks::{self, later};
use crate::ui::components::diagram::{Diagram, DiagramEditor};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::skeleton::Lines;
use crate::ui::pane::Pane;
use crate::ui::state::OpenSession;
use crate::ui::texts::{plural, t};

use bundle::Bundle;
use exports::DiagramExports;
use prompt::Prompt;
use tools::Tools;
use trial::Trial;

/// The outputs pane; `shown` is one of [`Pane::OUTPUTS`].
#[component]
pub fn Outputs(shown: Memo<Pane>) -> impl IntoView {
    let as_list = RwSignal::new(false);
    DiagramEditor::provide(shown);
    view! {
        <section class="pane out" aria-label=t!(common.outputs)>
            <h2 class="vh">{move || shown.get().label()}</h2>
            <div class="pane-head">
                <Tabs shown=shown />
                <span class="grow"></span>
                <If when=move || matches!(shown.get(), Pane::Diagram | Pane::Try)>
                    <DiagramActions as_list=as_list />
                </If>
            </div>
            {move || match shown.get() {
                Pane::Try => view! {
                    <div class="beside">
                        <Diagram as_list=as_list />
                        {later(move || chunks::output(Pane::Try), waiting)}
                    </div>
                }
                .into_any(),
                pane if pane.is_apart() => later(move || chunks::output(pane), waiting),
                _ => view! { <Diagram as_list=as_list /> }.into_any(),
            }}
        </section>
    }
}

fn waiting() -> AnyView {
    view! { <div class="page"><Lines count=7 /></div> }.into_any()
}

/// An output whose code comes apart.
pub fn drawn(pane: Pane) -> AnyView {
    match pane {
        Pane::Prompt => view! { <Prompt /> }.into_any(),
        Pane::Tools => view! { <Tools /> }.into_any(),
        Pane::Try => view! { <Trial /> }.into_any(),
        Pane::Bundle => view! { <Bundle /> }.into_any(),
        Pane::Chat | Pane::Fields | Pane::Diagram => ().into_any(),
    }
}

/// Links, so that they work without the script; the current one is marked as such.
#[component]
fn Tabs(shown: Memo<Pane>) -> impl IntoView {
    let session = OpenSession::here();
    let pane = crate::ui::pane::current_pane();
    let tools = session.part(|it| it.tools.len());
    let unmet = session.part(|it| !it.unmet.is_empty());
    let tab = move |of: Pane| {
        let badge = (of == Pane::Tools).then(|| {
            view! {
                <If when=move || { tools.get() > 0 }>
                    <span class="n num" class:warn=unmet>
                        {tools}
                    </span>
                </If>
            }
        });
        view! {
            <a href=of.href() data-noscroll aria-current=move || (shown.get() == of).then_some("page")>
                {of.label()}
                {badge}
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label=t!(common.outputs)>
            <a
                class="only-mid"
                href=Pane::Fields.href()
                data-noscroll
                aria-current=move || (pane.get() == Pane::Fields).then_some("page")
            >
                {t!(common.fields)}
            </a>
            {Pane::OUTPUTS.map(tab).into_iter().collect_view()}
        </nav>
    }
}

/// New steps, the list view and the exports of the diagram.
#[component]
fn DiagramActions(as_list: RwSignal<bool>) -> impl IntoView {
    let session = OpenSession::here();
    let ids = session.part(|it| it.graph.nodes.iter().map(|node| node.id.clone()).collect::<Vec<_>>());
    let fresh =
        memo(move || session.seen.with(|seen| ids.with(|ids| ids.iter().filter(|id| !seen.contains(*id)).count())));
    view! {
        <span class="oacts">
            <If when=move || { fresh.get() > 0 }>
                <button
                    type="button"
                    class="meta hide-mid newdot"
                    title=t!(outputs.mark_as_seen)
                    on:click:target=move |_| session.seen.update(|seen| seen.extend(ids.get()))
                >
                    {move || plural!(outputs.new_steps, fresh.get())}
                </button>
            </If>
            <button
                type="button"
                class="icon-btn sm"
                aria-label=t!(outputs.list_view)
                title=t!(outputs.list_view)
                aria-pressed=move || as_list.get().to_string()
                on:click:target=move |_| as_list.update(|it| *it = !*it)
            >
                {icon(Icon::LIST)}
            </button>
            <DiagramExports />
        </span>
    }
}
