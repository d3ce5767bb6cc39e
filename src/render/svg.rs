//! A stack's graph as one self-contained SVG: triggers drawn through, capabilities dashed, what was found in colour.
//! Knows nothing of how it was found.

use super::escape;
use crate::session::{Marked, Picture};
use layout::backends::svg::SVGWriter;
use layout::core::base::Orientation;
use layout::core::color::Color;
use layout::core::format::RenderBackend;
use layout::core::geometry::Point;
use layout::core::style::{LineStyleKind, StyleAttr};
use layout::std_shapes::shapes::{Arrow, Element, LineEndKind, ShapeKind};
use layout::topo::layout::VisualGraph;
use rustc_hash::FxHashMap;

/// All texts have one size: the writer of SVG would put several in an order that changes.
const FONT: usize = 14;

/// The graph as SVG.
pub fn svg(picture: &Picture) -> String {
    let mut graph = VisualGraph::new(Orientation::LeftToRight);
    let mut at = FxHashMap::default();
    for node in &picture.nodes {
        let mut text = format!("{}\n{}", escape::line(&node.name), node.kind);
        for mark in node.findings.iter().filter(|m| m.severity != "advice") {
            text.push('\n');
            text.push_str(&mark.rule);
        }
        let (line, fill) = colours(&node.findings);
        let look = StyleAttr::new(Color::new(line), 1 + usize::from(line != INK), Some(Color::new(fill)), 6, FONT);
        // The crate takes every letter for as wide as it is high.
        let (columns, lines) = text.lines().fold((0, 0), |(columns, lines), line| (line.chars().count().max(columns), lines + 1));
        let size = Point::new(columns as f64 * 8.5 + 24.0, f64::from(lines) * 15.0 + 16.0);
        let element = Element::create(ShapeKind::new_box(&text), look, Orientation::LeftToRight, size);
        at.insert(node.name.as_str(), graph.add_node(element));
    }
    for edge in picture.edges.iter().filter(|e| !e.derived) {
        let (Some(from), Some(to)) = (at.get(edge.from.as_str()), at.get(edge.to.as_str())) else { continue };
        let style = if edge.mode.is_some() { LineStyleKind::Normal } else { LineStyleKind::Dashed };
        let (line, _) = colours(&edge.findings);
        let look = StyleAttr::new(Color::new(line), 1 + usize::from(line != INK), None, 0, FONT);
        graph.add_edge(
            Arrow::new(LineEndKind::None, LineEndKind::Arrow, style, &escape::line(&edge.label), &look, &None, &None),
            *from,
            *to,
        );
    }
    let mut writer = SVGWriter::new();
    if picture.nodes.is_empty() {
        writer.draw_text(Point::new(60.0, 20.0), "no declarations", &StyleAttr::simple());
    } else {
        graph.do_it(false, false, false, &mut writer);
    }
    let title = format!("<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<defs>", picture.stack);
    let text = writer.finalize().replacen("<defs>", &title, 1).replace("Times, serif", "Helvetica, Arial, sans-serif");
    escape::xml(&text)
}

const INK: u32 = 0x3745_4fff;

/// The colours of line and filling: of the gravest that was found there.
fn colours(findings: &[Marked]) -> (u32, u32) {
    let any = |severity| findings.iter().any(|m| m.severity == severity);
    match (any("error"), any("warning")) {
        (true, _) => (0xc628_28ff, 0xfdec_eaff),
        (false, true) => (0xd980_00ff, 0xfff4_dcff),
        _ => (INK, 0xf5f7_f9ff),
    }
}
