//! What is clicked, filled in or chosen.

use leptos::prelude::*;

use crate::ui::components::drop::Drop;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::primitives::{
    Button, Check, Chip, ChipLook, CountTone, Field, IconButton, IconLook, IconSize, Key, Look, Segmented, Shape, Size,
    TextButton, TextLook, Variant,
};

use super::specimen::{Primitive, each, state};

#[component]
pub fn Controls() -> impl IntoView {
    view! {
        <h2>"Controls"</h2>
        <Buttons />
        <Inputs />
        <Choices />
        <Marks />
    }
}

#[component]
fn Buttons() -> impl IntoView {
    view! {
        <Primitive
            name="Button"
            when="Does something here. One primary button a screen; a danger button where something goes for good."
            usage="<Button look=Look::Primary size=Size::Small icon=Icon::CHECK on:click=move |_| save()>\"Save\"</Button>"
        >
            {each(|look: Look| view! { <Button look=look>"Show"</Button> })}
            {each(|size: Size| view! { <Button size=size>"Show"</Button> })}
            {state("with an icon", view! { <Button icon=Icon::CHECK>"Fix"</Button> })}
            {state("busy", view! { <Button icon=Icon::CHECK busy=true>"Fix"</Button> })}
            {state("disabled", view! { <Button disabled=true>"Show"</Button> })}
        </Primitive>
        <Primitive
            name="IconButton"
            when="The same, where everybody knows the icon. Its name is read out, and shown as a tooltip."
            usage="<IconButton icon=Icon::UNDO_2 name=\"Undo\" size=IconSize::Small disabled=is_first on:click=move |_| undo() />"
        >
            {each(|size: IconSize| view! { <IconButton icon=Icon::UNDO_2 name=format!("Undo, {}", size.name()) size=size /> })}
            {state("pressed", view! { <IconButton icon=Icon::LIST name="List view" pressed=Signal::derive(|| true) /> })}
            {state("disabled", view! { <IconButton icon=Icon::REDO_2 name="Redo" disabled=true /> })}
        </Primitive>
        <Primitive
            name="TextButton"
            when="Inside a line of text, where a button would shout."
            usage="<TextButton on:click=move |_| retry()>\"Try again\"</TextButton>"
        >
            {each(|look: TextLook| view! { <TextButton look=look>"Try again"</TextButton> })}
        </Primitive>
        <Primitive
            name="Drop"
            when="A menu under its button: three things or more that are not needed all the time. Works without the script."
            usage="<Drop class=IconSize::Regular.class() label=\"More\" button=ViewFn::from(|| icon(Icon::ELLIPSIS))>…</Drop>"
        >
            {state(
                "closed; a click opens it",
                view! {
                    <Drop class=IconSize::Regular.class() label="More" button=ViewFn::from(|| icon(Icon::ELLIPSIS))>
                        <button type="button">{icon(Icon::PENCIL)} "Rename"</button>
                        <button type="button" class="danger">
                            {icon(Icon::TRASH_2)}
                            "Delete"
                        </button>
                    </Drop>
                },
            )}
            {state(
                "open",
                view! {
                    <div class="menu">
                        <button type="button">{icon(Icon::PENCIL)} "Rename" <Key cap="F2" /></button>
                        <button type="button" disabled>
                            {icon(Icon::REDO_2)}
                            "Redo"
                        </button>
                        <hr />
                        <button type="button" class="danger">
                            {icon(Icon::TRASH_2)}
                            "Delete"
                        </button>
                    </div>
                },
            )}
        </Primitive>
    }
}

#[component]
fn Inputs() -> impl IntoView {
    let wrong = Signal::derive(|| Some("This name is taken already.".to_owned()));
    let framed = |shape: Shape| {
        let inside = match shape {
            Shape::Line => view! { <input value="Mia" /> }.into_any(),
            Shape::Area => view! { <textarea rows="2" placeholder="One a line"></textarea> }.into_any(),
        };
        view! { <Field name="Name" shape=shape>{inside}</Field> }
    };
    view! {
        <Primitive
            name="Field"
            when="A line or some lines of text. Says below itself why something is refused, and keeps what was typed."
            usage="<Field name=\"Name\" wrong=problem><input prop:value=text /></Field>"
        >
            {each(framed)}
            {state(
                "refused",
                view! {
                    <Field name="Name" wrong=wrong>
                        <input value="Mia" aria-invalid="true" />
                    </Field>
                },
            )}
        </Primitive>
        <Primitive
            name="Select"
            when="One of more than five, where the others need not be seen."
            usage="<select class=\"select\" aria-label=\"Platform\">…</select>"
        >
            {state(
                "closed",
                view! {
                    <select class="select" aria-label="Platform">
                        <option>"LangGraph"</option>
                        <option>"n8n"</option>
                    </select>
                },
            )}
        </Primitive>
        <Primitive name="Check" when="Yes or no to one thing, or some of a list." usage="<Check on=required>\"Required\"</Check>">
            {state("on", view! { <Check on=true>"Required"</Check> })}
            {state("off", view! { <Check>"Required"</Check> })}
        </Primitive>
    }
}

#[component]
fn Choices() -> impl IntoView {
    view! {
        <Primitive
            name="Chip"
            when="Answers offered to a question: a click gives one, or takes one of several."
            usage="<Chip pressed=is_chosen on:click=move |_| toggle()>\"Calm\"</Chip>"
        >
            {each(|look: ChipLook| view! { <Chip look=look>"Calm"</Chip> })}
            {state("chosen", view! { <Chip pressed=Signal::derive(|| true)>"Warm"</Chip> })}
            {state("disabled", view! { <Chip disabled=true>"Formal"</Chip> })}
        </Primitive>
        <Primitive
            name="Segmented"
            when="Two to four ways to see the same. For more, or for other content, use tabs."
            usage="<Segmented name=\"Theme\"><button aria-pressed=\"true\">\"System\"</button>…</Segmented>"
        >
            {state(
                "first chosen",
                view! {
                    <Segmented name="Theme">
                        <button type="button" aria-pressed="true">
                            "System"
                        </button>
                        <button type="button" aria-pressed="false">
                            "Light"
                        </button>
                        <button type="button" aria-pressed="false">
                            "Dark"
                        </button>
                    </Segmented>
                },
            )}
        </Primitive>
        <Primitive
            name="Tabs"
            when="Different content in one place. Links, so that each tab has an address; a number where something waits."
            usage="<nav class=\"tabs\"><a href=\"?view=tools\" aria-current=\"page\">\"Tools\" <span class=CountTone::Warn.class()>2</span></a></nav>"
        >
            {each(|tone: CountTone| {
                let name = format!("Outputs, {}", tone.name());
                view! {
                    <nav class="tabs" aria-label=name>
                        <a href="#tabs" aria-current="page">
                            "Tools"
                            <span class=tone.class()>"2"</span>
                        </a>
                        <a href="#tabs">"Bundle"</a>
                    </nav>
                }
            })}
        </Primitive>
    }
}

#[component]
fn Marks() -> impl IntoView {
    view! {
        <Primitive
            name="Icon"
            when="Lucide, stroked in the colour of the text. Alone it needs a name; beside words it is decoration."
            usage="{IconLook::Small.drawn(Icon::CHECK)}"
        >
            {each(|look: IconLook| {
                look.drawn(if look == IconLook::Spinner { Icon::LOADER_CIRCLE } else { Icon::MESSAGE_SQUARE_QUOTE })
            })}
        </Primitive>
        <Primitive name="Key" when="A key that does the same as the button beside it." usage="<Key cap=\"Esc\" />">
            {state("alone", view! { <Key cap="Esc" /> })}
            {state("together", view! { <Key cap="Ctrl" /> " " <Key cap="K" /> })}
        </Primitive>
    }
}
