//! Sheets as a PDF.

use std::num::{NonZeroU16, NonZeroU32};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};

use super::Unprintable;
use super::blocks::Setter;
use super::sheets::{ASIDE, Drawn, HEIGHT, Ink, Role, Sheets, WIDTH};
use crate::facts::Matter;
use crate::report::Report;

/// Writes what was set.
pub(crate) fn write(report: &Report, matter: &Matter<'_>, setter: Setter<'_>) -> Result<Vec<u8>, Unprintable> {
    let fault = |why: &dyn std::fmt::Debug| Unprintable(format!("{why:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|why| fault(&why))?;
    let settings = SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let sheets = setter.sheets;
    let mut leaves: Vec<Vec<Identifier>> = vec![Vec::new(); sheets.parts.len()];
    for sheet in &sheets.sheets {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Unprintable("no size of paper".to_owned()))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for run in sheet.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((part, _)) = run.first() else { continue };
            let leaf = part.and_then(|part| leaves.get_mut(part));
            let tag = match leaf {
                Some(_) => ContentTag::Other,
                None => ContentTag::Artifact(Artifact::new(ArtifactType::Layout, None)),
            };
            let identifier = surface.start_tagged(tag);
            run.iter().for_each(|(_, drawn)| draw(&mut surface, drawn));
            surface.end_tagged();
            leaf.into_iter().for_each(|leaf| leaf.push(identifier));
        }
        surface.finish();
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some(report.language.clone()));
    for &root in &sheets.roots {
        tree.push(node(&sheets, root, &mut leaves));
    }
    document.set_tag_tree(tree);
    let mut outline = Outline::new();
    for (sheet, y, text) in &sheets.headings {
        let at = XyzDestination::new(*sheet, Point::from_xy(ASIDE, *y));
        outline.push_child(OutlineNode::new(text.clone(), at));
    }
    document.set_outline(outline);
    document.set_metadata(about(report, matter));
    document.finish().map_err(|why| fault(&why))
}

/// A part with all that belongs to it.
fn node(sheets: &Sheets, part: usize, leaves: &mut [Vec<Identifier>]) -> Node {
    let Some(it) = sheets.parts.get(part) else { return TagGroup::new(Tag::Div).into() };
    let mut group = TagGroup::new(tag(&it.role));
    leaves.get_mut(part).into_iter().flat_map(std::mem::take).for_each(|leaf| group.push(leaf));
    for &inner in &it.parts {
        group.push(node(sheets, inner, leaves));
    }
    group.into()
}

fn tag(role: &Role) -> TagKind {
    match role {
        Role::Heading { level, text } => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(text.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::Quote => Tag::BlockQuote.with_lang(Some("en".to_owned())).into(),
        Role::Picture(shows) => Tag::Figure(Some(shows.clone())).into(),
        Role::Table => Tag::Table.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHead { columns } => Tag::TH(TableHeaderScope::Row).with_col_span(NonZeroU32::new(*columns)).into(),
        Role::Cell => Tag::TD.into(),
    }
}

fn about(report: &Report, matter: &Matter<'_>) -> Metadata {
    let nanos = i128::from(matter.made_at.get());
    let made = Timestamp::from_nanosecond(nanos).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
    let small = |part: i8| u8::try_from(part).unwrap_or_default();
    let made = DateTime::new(u16::try_from(made.year()).unwrap_or_default())
        .month(small(made.month()))
        .day(small(made.day()))
        .hour(small(made.hour()))
        .minute(small(made.minute()))
        .second(small(made.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(format!("{} · {}", report.title, report.id))
        .language(report.language.clone())
        .creator(matter.program.to_owned())
        .creation_date(made)
        .document_id(format!("{}-{nanos}", report.id))
        .text_direction(if report.from_right { TextDirection::RightToLeft } else { TextDirection::LeftToRight })
}

fn draw(surface: &mut Surface<'_>, drawn: &Drawn) {
    let fill = |Ink(red, green, blue): Ink| Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() };
    match drawn {
        Drawn::Text { line, x, y } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(line.ink)));
            for run in &line.runs {
                let start = Point::from_xy(x + run.x, *y);
                surface.draw_glyphs(start, &run.glyphs, run.font.clone(), &run.text, run.size, false);
            }
        }
        &Drawn::Area { x, y, width, height, ink } => {
            let Some(area) = Rect::from_xywh(x, y, width, height) else { return };
            let mut path = PathBuilder::new();
            path.push_rect(area);
            surface.set_stroke(None);
            surface.set_fill(Some(fill(ink)));
            path.finish().iter().for_each(|path| surface.draw_path(path));
        }
        &Drawn::Dashes { x, from, to, ink: Ink(red, green, blue) } => {
            let mut path = PathBuilder::new();
            path.move_to(x, from);
            path.line_to(x, to);
            surface.set_fill(None);
            let dash = Some(StrokeDash { array: vec![4.0, 3.0], offset: 0.0 });
            let paint = rgb::Color::new(red, green, blue).into();
            surface.set_stroke(Some(Stroke { paint, width: 1.0, dash, ..Stroke::default() }));
            path.finish().iter().for_each(|path| surface.draw_path(path));
        }
    }
}
