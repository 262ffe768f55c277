//! Language models from the outside: what becomes of a request, whatever the model's server does.

mod answers;
mod dialects;
mod failures;
#[path = "../servers/model.rs"]
mod model;
mod routing;
mod secrets;
mod support;
