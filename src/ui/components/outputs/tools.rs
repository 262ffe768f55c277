//! What the agent can do: each tool with when it is called, what it needs and what is said when it fails; and what no
//! tool covers. Tools of the owner's own join them.

use crate::ui::memo::If;
use leptos::prelude::*;

use crate::tools::models::{Risk, ToolConfig};
use crate::ui::components::icon::{Icon, icon, small};
use crate::ui::state::OpenSession;
use crate::ui::texts::{plural, t};
use crate::workflow::models::Unmet;

use super::bring::{BringPanel, Bringing, Panel};
use super::done::{Done, DoneToast};

#[component]
pub fn Tools() -> impl IntoView {
    let session = OpenSession::here();
    let (tools, unmet) = (session.part(|it| it.tools.clone()), session.part(|it| it.unmet.clone()));
    let nothing = move || tools.with(Vec::is_empty) && unmet.with(Vec::is_empty);
    let done = Done::new(session);
    let bringing = Bringing::new(session, done);
    view! {
        <div class="sub-head">
            <span class="meta num">{move || plural!(outputs_tools.count, tools.with(Vec::len))}</span>
            <span class="grow"></span>
            <If when=move || !session.is_completed()>
                {opener(bringing, Panel::Form, Icon::PLUS, t!(outputs_tools.add_a_tool))}
                {opener(bringing, Panel::Import, Icon::UPLOAD, t!(outputs_tools.import))}
            </If>
        </div>
        <div class="page" tabindex="0" role="group" aria-label=t!(common.tools)>
            <BringPanel bringing=bringing />
            <If when=nothing>
                <div class="empty">
                    <p>{t!(outputs_tools.no_tools_yet_say)}</p>
                </div>
            </If>
            {move || unmet.get().into_iter().map(need).collect_view()}
            <div class="cards tool-cards">{move || tools.get().into_iter().map(card).collect_view()}</div>
        </div>
        <DoneToast done=done />
    }
}

/// The button that opens a panel above the tools.
fn opener(bringing: Bringing, panel: Panel, glyph: Icon, text: &'static str) -> impl IntoView {
    let is_open = move || bringing.panel.get() == Some(panel);
    view! {
        <button
            type="button"
            class="btn sm"
            id=panel.opener()
            aria-expanded=move || is_open().to_string()
            on:click:target=move |_| bringing.open(panel)
        >
            {small(glyph)}
            {text}
        </button>
    }
}

/// A need that no tool covers, said and not invented away.
fn need(unmet: Unmet) -> impl IntoView {
    view! {
        <div class="assumed">
            {icon(Icon::TRIANGLE_ALERT)}
            <p>
                <b>{t!(outputs_tools.unmet, need = unmet.need)} " "</b>
                {unmet.reason}
            </p>
        </div>
    }
}

fn card(tool: ToolConfig) -> impl IntoView {
    let inputs = tool.required_parameters().into_iter().map(|name| {
        let what = tool.parameter_description(name).unwrap_or_default().to_owned();
        view! { <li><code>{name.to_owned()}</code><span>{what}</span></li> }
    });
    let inputs = inputs.collect_view();
    let has_inputs = !tool.required_parameters().is_empty();
    let conditions = (!tool.trigger_conditions.is_empty()).then(|| {
        let lines = tool.trigger_conditions.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
        view! { <dt>{t!(outputs_tools.set_off_by)}</dt><dd><ul>{lines}</ul></dd> }
    });
    let effect = match tool.risk {
        Risk::Read => t!(outputs_tools.looks_up),
        Risk::Write => t!(outputs_tools.changes_or_sends),
        Risk::Pay => t!(outputs_tools.moves_money),
    };
    let address = tool.endpoint.clone().map(|it| format!("{} {}", it.method, it.url));
    let confirm = if tool.needs_confirmation {
        tool.confirmation.clone()
    } else {
        t!(outputs_tools.not_needed_nothing_changes).to_owned()
    };
    let fact = |name: &'static str, text: String| (!text.is_empty()).then(|| view! { <dt>{name}</dt><dd>{text}</dd> });
    view! {
        <article class="card tool">
            <header>
                {icon(Icon::PLUG)} <h3>{tool.name.clone()}</h3> <span class="meta">{effect}</span>
            </header>
            <p class="tool-what">{tool.description.clone()}</p>
            <dl class="facts">
                {fact(t!(common.when), tool.usage_context.clone())}
                {conditions}
                {has_inputs.then(|| view! { <dt>{t!(outputs_tools.needs)}</dt><dd><ul class="inputs">{inputs}</ul></dd> })}
                {fact(t!(outputs_tools.asks_first), confirm)}
                {fact(t!(outputs_tools.then), tool.output_use.clone())}
                {fact(t!(outputs_tools.if_it_fails), tool.on_failure.clone())}
                {address.map(|address| view! { <dt>{t!(outputs_tools.address)}</dt><dd><code>{address}</code></dd> })}
            </dl>
        </article>
    }
}
