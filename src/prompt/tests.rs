//! The prompts of six agents, as their owners would read them, and what every prompt keeps to.

use super::fixtures;
use super::generator::generate;
use super::models::PromptFormat;

#[test]
fn prompts_of_six_agents() {
    for fixture in fixtures::ALL {
        let (spec, graph) = (fixture.spec(), fixture.graph());
        for format in PromptFormat::ALL {
            let prompt = generate(&spec, &graph, format);
            let document = format!("first message: {}\n---\n{}", prompt.first_message, prompt.system_prompt);
            insta::assert_snapshot!(format!("{}_{}", fixture.name, format.as_str()), document);
        }
    }
}
