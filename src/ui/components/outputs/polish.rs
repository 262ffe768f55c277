//! A prompt in a model's words: what would change, section by section, to take or to leave.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::orchestrator::polish::models::PolishProposals;
use crate::orchestrator::server_fns::{accept_polish, drop_polish, load_polish};
use crate::prompt::models::PromptFormat;
use crate::prompt::polish::models::{LineChange, SectionProposal};
use crate::ui::components::icon::{Icon, drawn, icon, small};
use crate::ui::components::primitives::{Banner, BannerTone};
use crate::ui::memo::If;
use crate::ui::state::OpenSession;
use crate::ui::texts::{t, trouble};

/// What the model proposes for the prompt that is shown.
#[derive(Clone, Copy)]
pub struct Polishing {
    session: OpenSession,
    pub proposals: RwSignal<Option<PolishProposals>>,
    /// Sections that were taken or left.
    settled: RwSignal<BTreeSet<String>>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
}

impl Polishing {
    pub fn new(session: OpenSession) -> Polishing {
        Polishing {
            session,
            proposals: RwSignal::new(None),
            settled: RwSignal::new(BTreeSet::new()),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    fn ask(self, format: PromptFormat) {
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = load_polish(self.session.id(), format).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(proposals) => {
                    self.settled.set(BTreeSet::new());
                    self.proposals.set(Some(proposals));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    fn accept(self, format: PromptFormat, section: String, text: String) {
        let sections = serde_json::to_string(&BTreeMap::from([(&section, text)])).unwrap_or_default();
        spawn_local(async move {
            match accept_polish(self.session.id(), format, sections).await {
                Ok(workspace) => {
                    self.settle(section);
                    self.session.take(workspace);
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }

    fn settle(self, section: String) {
        self.settled.try_update(|settled| settled.insert(section));
    }

    fn drop_all(self, format: PromptFormat) {
        spawn_local(async move {
            match drop_polish(self.session.id(), format, None).await {
                Ok(workspace) => self.session.take(workspace),
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }
}

/// Asks the model; there only where one is.
#[component]
pub fn PolishButton(polishing: Polishing, format: PromptFormat) -> impl IntoView {
    let uses_model = polishing.session.part(|it| it.uses_model);
    view! {
        <If when=move || uses_model.get()>
            <button
                type="button"
                class="btn sm"
                title=t!(outputs_polish.has_the_model_propose)
                disabled=polishing.busy
                on:click:target=move |_| polishing.ask(format)
            >
                {move || {
                    if polishing.busy.get() {
                        drawn(Icon::LOADER_CIRCLE, "i s spin").into_any()
                    } else {
                        small(Icon::PENCIL).into_any()
                    }
                }}
                {t!(outputs_polish.polish)}
            </button>
        </If>
    }
}

/// Takes everything back that was polished.
#[component]
pub fn AsGenerated(polishing: Polishing, format: PromptFormat) -> impl IntoView {
    view! {
        <button type="button" class="text-btn" on:click:target=move |_| polishing.drop_all(format)>
            {t!(outputs_polish.as_generated)}
        </button>
    }
}

/// The proposals above the prompt.
#[component]
pub fn Proposals(polishing: Polishing) -> impl IntoView {
    let open = move || {
        polishing.proposals.get().map(|all| {
            let left = all.proposals.iter().filter(|it| polishing.settled.with(|done| !done.contains(&it.section)));
            let cards = left.map(|proposal| card(polishing, all.format, proposal.clone())).collect::<Vec<_>>();
            if cards.is_empty() {
                view! { <p class="polish-none">{icon(Icon::CHECK)} {t!(outputs_polish.nothing_is_left_to)}</p> }
                    .into_any()
            } else {
                cards.into_any()
            }
        })
    };
    view! {
        {move || {
            polishing
                .error
                .get()
                .map(|error| view! { <Banner tone=BannerTone::Failure>{trouble(&error)}</Banner> })
        }}
        <div class="polish" role="region" aria-label=t!(outputs_polish.proposals) hidden=move || polishing.proposals.with(Option::is_none)>
            {open}
        </div>
    }
}

fn card(polishing: Polishing, format: PromptFormat, proposal: SectionProposal) -> impl IntoView {
    let SectionProposal { section, title, after, lines, lint_before, lint_after, refused, .. } = proposal;
    let lines = lines.into_iter().map(|line| match line.change {
        LineChange::Kept => view! { <p class="dl">{line.text}</p> }.into_any(),
        LineChange::Added => view! { <ins class="dl">{line.text}</ins> }.into_any(),
        LineChange::Removed => view! { <del class="dl">{line.text}</del> }.into_any(),
    });
    let (left, label) = (section.clone(), title.clone());
    let acts = match refused {
        Some(why) => view! { <p class="err">{t!(outputs_polish.refused, reason = why)}</p> }.into_any(),
        None => {
            let name = title.clone();
            view! {
                <button
                    type="button"
                    class="btn xs"
                    aria-label=t!(outputs_polish.take_section, name = name)
                    on:click:target=move |_| polishing.accept(format, section.clone(), after.clone())
                >
                    {t!(outputs_polish.take)}
                </button>
            }
            .into_any()
        }
    };
    view! {
        <article class="proposal" aria-label=label>
            <header>
                <h3>{title}</h3>
                <span class="meta num">{t!(outputs_polish.lint)} {lint_before} " → " {lint_after}</span>
                <span class="grow"></span>
                {acts}
                <button type="button" class="btn xs quiet" on:click:target=move |_| polishing.settle(left.clone())>
                    {t!(outputs_polish.leave)}
                </button>
            </header>
            {lines.collect_view()}
        </article>
    }
}
