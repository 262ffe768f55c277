//! BPMN 2.0: the workflow as a process, with the diagram laid out as on the page.

use std::fmt::Write as _;

use crate::bundle::flow::{Flow, Step, Way, WayKind};
use crate::bundle::kit::{File, Kit};
use crate::prompt::wording::{clean, xml};
use crate::workflow::models::{NodeType, Point};

use super::Target;
use super::names::Names;

const HEAD: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    "\n",
    r#"<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL""#,
    r#" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC""#,
    r#" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#,
    r#" id="definitions" targetNamespace="urn:agentwright">"#,
    "\n",
);

/// Size of an event and of a gateway, as BPMN draws them.
const EVENT: f64 = 36.0;
const GATEWAY: f64 = 50.0;

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    vec![File::text("workflow.bpmn", Process::new(kit, target).document(&kit.title()))]
}

struct Process<'k> {
    kit: &'k Kit<'k>,
    flow: Flow<'k>,
    names: Names<'k>,
    /// What happens, and where it stands.
    body: String,
    shapes: String,
    flows: usize,
}

/// What leads from an element to a step.
struct Line {
    from: String,
    to: usize,
    points: Vec<Point>,
    name: String,
    condition: String,
}

impl<'k> Process<'k> {
    fn new(kit: &'k Kit<'k>, target: &'k Target) -> Process<'k> {
        let flow = kit.flow.clone();
        let mut names = Names::new(target.ids("element"));
        for step in &flow.steps {
            names.of(&step.node.id, &step.node.id, "step");
        }
        Process { kit, flow, names, body: String::new(), shapes: String::new(), flows: 0 }
    }

    fn document(mut self, title: &str) -> String {
        for at in 0..self.flow.steps.len() {
            self.step(at);
        }
        format!(
            "{HEAD}  <bpmn:error id=\"call_failed\" name=\"The call failed\" errorCode=\"call_failed\"/>\n  \
             <bpmn:process id=\"process\" name=\"{}\" isExecutable=\"false\">\n{}  </bpmn:process>\n  \
             <bpmndi:BPMNDiagram id=\"diagram\">\n    <bpmndi:BPMNPlane id=\"plane\" bpmnElement=\"process\">\n{}    \
             </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n</bpmn:definitions>\n",
            escaped(title),
            self.body,
            self.shapes
        )
    }

    fn name(&self, at: usize) -> String {
        // Every step of the flow was named in `new`.
        self.names.get(&self.flow.steps[at].node.id).unwrap_or_default().to_owned()
    }

    fn step(&mut self, at: usize) {
        let step = self.flow.steps[at].clone();
        let name = self.name(at);
        let (failures, ways): (Vec<Way>, Vec<Way>) =
            step.ways.iter().cloned().partition(|way| way.kind == WayKind::Fails);
        let (element, size) = element(&step, ways.len());
        let centre = step.node.position;
        let default = if element == "exclusiveGateway" { self.default_flow(&ways, 0) } else { String::new() };
        self.element(element, &name, &step.title(), &step.task, &default);
        self.shape(&name, centre, size.unwrap_or((step.node.width.max(EVENT), step.node.height.max(EVENT))));
        if element != "exclusiveGateway" && ways.len() > 1 {
            // A task does not choose: a gateway after it does.
            let gateway = self.names.of(&format!("{} way", step.node.id), &format!("{name}_way"), "way");
            let below = Point { x: centre.x, y: centre.y + step.node.height / 2.0 + GATEWAY };
            self.line(
                &Line {
                    from: name.clone(),
                    to: at,
                    points: vec![centre, below],
                    name: String::new(),
                    condition: String::new(),
                },
                Some(&gateway),
            );
            let default = self.default_flow(&ways, 0);
            self.element("exclusiveGateway", &gateway, "", "", &default);
            self.shape(&gateway, below, (GATEWAY, GATEWAY));
            self.ways(at, &gateway, &ways);
        } else {
            self.ways(at, &name, &ways);
        }
        for way in &failures {
            let event = self.names.of(&format!("{} fails", step.node.id), &format!("{name}_fails"), "fails");
            self.body.push_str(&format!(
                "    <bpmn:boundaryEvent id=\"{event}\" name=\"{}\" attachedToRef=\"{name}\">\n      \
                 <bpmn:errorEventDefinition id=\"{event}_error\" errorRef=\"call_failed\"/>\n    </bpmn:boundaryEvent>\n",
                escaped(&way.label)
            ));
            let corner =
                Point { x: centre.x + step.node.width / 2.0 - EVENT / 2.0, y: centre.y + step.node.height / 2.0 };
            self.shape(&event, corner, (EVENT, EVENT));
            self.ways(at, &event, std::slice::from_ref(way));
        }
    }

    /// The attribute that names the default of a gateway's flows, which are written right after it.
    fn default_flow(&self, ways: &[Way], further: usize) -> String {
        let place = ways.iter().position(|way| way.kind == WayKind::Default);
        place.map_or(String::new(), |place| format!(" default=\"flow_{}\"", self.flows + further + place + 1))
    }

    fn element(&mut self, element: &str, id: &str, name: &str, task: &str, attributes: &str) {
        let documentation = match task {
            "" => String::new(),
            task => format!("\n      <bpmn:documentation>{}</bpmn:documentation>\n    ", escaped(task)),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            self.body,
            "    <bpmn:{element} id=\"{id}\" name=\"{}\"{attributes}>{documentation}</bpmn:{element}>",
            escaped(name)
        );
    }

    fn shape(&mut self, id: &str, centre: Point, (width, height): (f64, f64)) {
        let _ = writeln!(
            self.shapes,
            "      <bpmndi:BPMNShape id=\"{id}_shape\" bpmnElement=\"{id}\"><dc:Bounds x=\"{:.0}\" y=\"{:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\"/></bpmndi:BPMNShape>",
            centre.x - width / 2.0,
            centre.y - height / 2.0,
        );
    }

    fn ways(&mut self, at: usize, from: &str, ways: &[Way]) {
        let chooses = ways.len() > 1;
        for way in ways {
            let (source, target) = (&self.flow.steps[at].node, &self.flow.steps[way.to].node);
            let drawn = self.kit.source.graph.edges_from(&source.id).find(|edge| edge.target == target.id);
            let points = drawn.map(|edge| edge.points.clone()).filter(|points| points.len() > 1);
            let line = Line {
                from: from.to_owned(),
                to: way.to,
                points: points.unwrap_or_else(|| vec![source.position, target.position]),
                name: if chooses { way.label.clone() } else { String::new() },
                condition: if way.kind == WayKind::Chosen { way.when.clone() } else { String::new() },
            };
            self.line(&line, None);
        }
    }

    /// A flow to the step it leads to, or to another element in its stead.
    fn line(&mut self, line: &Line, instead: Option<&str>) {
        self.flows += 1;
        let id = format!("flow_{}", self.flows);
        let target = instead.map_or_else(|| self.name(line.to), str::to_owned);
        let name = if line.name.is_empty() { String::new() } else { format!(" name=\"{}\"", escaped(&line.name)) };
        let open =
            format!("    <bpmn:sequenceFlow id=\"{id}\"{name} sourceRef=\"{}\" targetRef=\"{target}\"", line.from);
        let _ = match line.condition.as_str() {
            "" => writeln!(self.body, "{open}/>"),
            condition => writeln!(
                self.body,
                "{open}><bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\">{}</bpmn:conditionExpression>\
                 </bpmn:sequenceFlow>",
                escaped(condition)
            ),
        };
        let _ = write!(self.shapes, "      <bpmndi:BPMNEdge id=\"{id}_edge\" bpmnElement=\"{id}\">");
        for point in &line.points {
            let _ = write!(self.shapes, "<di:waypoint x=\"{:.0}\" y=\"{:.0}\"/>", point.x, point.y);
        }
        self.shapes.push_str("</bpmndi:BPMNEdge>\n");
    }
}

/// What BPMN calls a step, and the size it is drawn in where that is not the page's.
fn element(step: &Step<'_>, ways: usize) -> (&'static str, Option<(f64, f64)>) {
    match step.kind() {
        NodeType::Start => ("startEvent", Some((EVENT, EVENT))),
        NodeType::End => ("endEvent", Some((EVENT, EVENT))),
        NodeType::IntentDetection | NodeType::Condition | NodeType::Confirmation if ways > 1 => {
            ("exclusiveGateway", Some((GATEWAY, GATEWAY)))
        }
        NodeType::CollectInput | NodeType::Confirmation => ("userTask", None),
        NodeType::ToolCall | NodeType::KnowledgeLookup => ("serviceTask", None),
        NodeType::Handoff => ("sendTask", None),
        _ => ("task", None),
    }
}

/// Text on one line for XML 1.0, which has no place for some characters.
fn escaped(text: &str) -> String {
    let fits = |letter: &char| !matches!(*letter, '\u{fffe}' | '\u{ffff}') && !letter.is_control();
    xml(&clean(text).chars().filter(fits).collect::<String>()).into_owned()
}
