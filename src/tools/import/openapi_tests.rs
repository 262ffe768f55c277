//! Operations as people write them.

use serde_json::{Value, json};

use super::super::super::models::Risk;
use super::super::{Format, Imported, import};

const PETS: &str = r##"
openapi: 3.0.3
servers:
  - url: https://{where}.pets.example/v1/
    variables: {where: {default: eu}}
paths:
  /pets/{petId}:
    parameters:
      - {name: petId, in: path, required: true, schema: {type: integer}}
      - {name: verbose, in: query, schema: {type: boolean}}
      - {name: Authorization, in: header, schema: {type: string}}
    get:
      operationId: showPetById
      summary: One pet
      description: Everything about one pet.
      parameters:
        - $ref: '#/components/parameters/Verbose'
    put:
      requestBody: {$ref: '#/components/requestBodies/Pet'}
    head: {}
  /pets:
    post:
      operationId: createPet
      requestBody:
        required: true
        content:
          application/vnd.pets+json: {schema: {$ref: '#/components/schemas/Pet'}}
    delete:
      requestBody: {content: {application/xml: {}}}
  /remote: {$ref: 'https://other.example/paths.yaml#/x'}
  x-note: {}
components:
  parameters:
    Verbose: {name: verbose, in: query, description: All of it, schema: {type: boolean}}
  requestBodies:
    Pet: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
  schemas:
    Pet:
      type: object
      required: [name, id]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string}
        petId: {type: string, nullable: true}
        friends: {type: array, items: {$ref: '#/components/schemas/Pet'}}
"##;

fn read(yaml: &str) -> Imported {
    import(Format::Openapi, &Value::String(yaml.to_owned())).unwrap()
}

#[test]
fn operations_become_tools() {
    let imported = read(PETS);
    let ids: Vec<&str> = imported.tools.iter().map(|tool| tool.id.as_str()).collect();
    assert_eq!(ids, ["create_pet", "show_pet_by_id", "put_pets_pet_id"]);
    let show = &imported.tools[1];
    assert_eq!((show.name.as_str(), show.description.as_str()), ("One pet", "Everything about one pet."));
    assert_eq!(show.risk, Risk::Read);
    let endpoint = show.endpoint.as_ref().unwrap();
    assert_eq!((endpoint.method.as_str(), endpoint.url.as_str()), ("GET", "https://eu.pets.example/v1/pets/{petId}"));
    let expected = json!({"type": "object", "required": ["petId"], "properties": {
        "petId": {"type": "integer"}, "verbose": {"type": "boolean", "description": "All of it"}}});
    assert_eq!(Value::Object(show.parameters.clone()), expected);
}

#[test]
fn bodies_become_parameters() {
    let imported = read(PETS);
    let (create, put) = (&imported.tools[0], &imported.tools[2]);
    assert_eq!(create.risk, Risk::Write);
    assert_eq!(create.parameters["required"], json!(["name"]), "what the server sets is not asked for");
    let friends = json!({"type": "array", "items": {"type": "object"}});
    assert_eq!(create.parameters["properties"]["friends"], friends);
    assert_eq!(put.parameters["properties"]["body_petId"], json!({"type": "string"}));
    assert_eq!(put.parameters["required"], json!(["petId"]), "an optional body asks for nothing");
}

#[test]
fn what_is_no_tool_is_named_with_its_reason() {
    let skipped = read(PETS).skipped;
    let reason = |name: &str| {
        let found = skipped.iter().find(|one| one.name == name);
        found.map(|one| one.reason.as_str()).unwrap_or_else(|| panic!("{name} in {skipped:?}"))
    };
    assert_eq!(skipped.len(), 3);
    assert!(reason("DELETE /pets").contains("application/xml"));
    assert!(reason("HEAD /pets/{petId}").contains("HEAD"));
    assert!(reason("/remote").contains("not fetched"));
}

#[test]
fn other_versions_are_refused_by_name() {
    for (document, word) in [
        (json!({"swagger": "2.0", "paths": {}}), "Swagger 2.0"),
        (json!({"openapi": "4.0.0"}), "4.0.0"),
        (json!({"info": {}}), "no OpenAPI"),
        (json!({"openapi": "3.1.0", "paths": {}}), "no tool"),
        (json!({"openapi": "3.1.0"}), "paths"),
    ] {
        let error = import(Format::Openapi, &document).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn a_relative_server_is_no_address() {
    let document = json!({"openapi": "3.1.0", "servers": [{"url": "/api"}], "paths": {"/a": {"get": {}}}});
    let imported = import(Format::Openapi, &document).unwrap();
    assert_eq!((imported.tools[0].endpoint.as_ref(), imported.tools[0].risk), (None, Risk::Read));
}

/// The program's own document is a large one with everything in it.
#[test]
fn this_servers_own_document_is_read() {
    let snapshot =
        include_str!("../../../tests/api/snapshots/api__documents__the_openapi_document_changes_only_on_purpose.snap");
    let json = snapshot.splitn(3, "---\n").nth(2).unwrap();
    let imported = import(Format::Openapi, &serde_json::from_str(json).unwrap()).unwrap();
    assert!(imported.tools.len() >= 25 && imported.skipped.is_empty(), "{:?}", imported.skipped);
    let send = imported.tools.iter().find(|tool| tool.id == "send_message").unwrap();
    assert!(send.parameters["required"].as_array().unwrap().contains(&json!("message")));
}
