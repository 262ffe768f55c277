//! promptfoo: the acceptance tests as an evaluation that runs.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::bundle::models::AcceptanceTest;
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::in_words;

use super::Target;
use super::text::{untemplated, yaml};

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let prompt = json!([
        { "role": "system", "content": literal(&kit.prompt(PromptFormat::OpenAiChat).system_prompt) },
        { "role": "user", "content": "{{user_message}}" },
    ]);
    vec![
        File::text("promptfooconfig.yaml", yaml(&config(kit, target))),
        File::json("prompt.json", &prompt),
        File::json("tools.json", &kit.tools(PromptFormat::OpenAiChat)),
    ]
}

fn config(kit: &Kit<'_>, target: &Target) -> Value {
    let mut settings = json!({ "temperature": 0 });
    if kit.spec.tools().next().is_some() {
        settings["tools"] = "file://tools.json".into();
    }
    json!({
        "description": literal(&kit.title()),
        "prompts": ["file://prompt.json"],
        "providers": [{ "id": format!("openai:chat:{}", target.setting("model")), "config": settings }],
        "defaultTest": { "assert": [{ "type": "not-icontains", "value": "as an AI language model" }] },
        "tests": kit.tests.iter().map(test).collect::<Vec<_>>(),
    })
}

fn test(test: &AcceptanceTest) -> Value {
    json!({
        "description": in_words(&test.name),
        "vars": { "user_message": literal(&test.user_says) },
        "assert": [{ "type": "llm-rubric", "value": literal(&test.expects) }],
    })
}

/// Text that promptfoo takes as it is: it would fill in templates and read files whose names begin with `file://`.
fn literal(text: &str) -> String {
    let apart = untemplated(text);
    let schemes = ["file:", "package:", "env:", "exec:", "http:", "https:", "python:", "javascript:"];
    let lower = apart.trim_start().to_ascii_lowercase();
    if schemes.iter().any(|scheme| lower.starts_with(scheme)) { format!("“{}”", apart.trim_start()) } else { apart }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_template_or_a_file() {
        assert_eq!(literal("{{x}} {% raw %} {# c #} {{{"), "{ {x} } { % raw % } { # c # } { { {");
        assert_eq!(literal(" File:///etc/passwd"), "“File:///etc/passwd”");
        assert_eq!(literal("50 % of {it}"), "50 % of {it}");
    }
}
