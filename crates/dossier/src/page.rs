//! A report as one page of a browser: no script, nothing from elsewhere.

use crate::draft::draft;
use crate::facts::Matter;
use crate::html::Html;
use crate::picture::{Hours, Timeline};
use crate::report::{Block, Cell, Form, Report, Table};
use crate::words::Language;

/// How much of its cell the longest bar takes, of a hundred.
const BAR_WIDTH: f64 = 40.0;
/// The measures of a timeline: its width, where its bars stand, and how high the highest is.
const WIDTH: f64 = 960.0;
const BASE: f64 = 150.0;
const HIGHEST: f64 = 130.0;

/// The page about an alert.
#[must_use]
pub fn page(matter: &Matter<'_>, language: Language) -> String {
    let report = draft(matter, language);
    let mut html = Html::default();
    head(&mut html, &report);
    for section in &report.sections {
        html.raw("<section>").element("<h2>", &section.heading, "</h2>\n");
        section.blocks.iter().for_each(|it| block(&mut html, it));
        html.raw("</section>\n");
    }
    html.raw("</main></body></html>\n");
    html.into_string()
}

fn head(html: &mut Html, report: &Report) {
    html.raw("<!DOCTYPE html>\n<html lang=\"").text(&report.language).raw("\" dir=\"");
    html.raw(if report.from_right { "rtl" } else { "ltr" }).raw("\">\n<head><meta charset=\"utf-8\">");
    // Nothing is loaded and nothing runs, whatever stands in the page.
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    html.text(&report.title).raw(" · ").text(&report.id).raw("</title><style>");
    html.raw(include_str!("page.css")).raw("</style></head>\n<body><main><header>");
    html.element("<p class=\"kicker\">", &report.title, "</p>").raw("<h1>").foreign(&report.headline);
    html.raw("</h1><p>").said(&report.about).raw("</p><p class=\"quiet\">").said(&report.made);
    html.element(" <span class=\"screen\">", &report.hint, "</span></p></header>\n");
}

fn block(html: &mut Html, block: &Block) {
    match block {
        Block::Paragraph(text) => html.raw("<p>").said(text).raw("</p>\n"),
        Block::Quote(text) => html.element("<blockquote lang=\"en\" dir=\"ltr\">", text, "</blockquote>\n"),
        Block::Figures(figures) => {
            html.raw("<dl class=\"tiles\">");
            for (label, figure) in figures {
                html.raw("<div>").element("<dt>", label, "</dt>").raw("<dd>").foreign(figure).raw("</dd></div>");
            }
            html.raw("</dl>\n")
        }
        Block::Timeline(picture) => timeline(html, picture),
        Block::Hours(picture) => hours(html, picture),
        Block::Table(rows) => table(html, rows),
        Block::Definitions(words) => {
            html.raw("<dl class=\"words\">");
            for (word, meaning) in words {
                html.element("<dt>", word, "</dt>").raw("<dd>").said(meaning).raw("</dd>");
            }
            html.raw("</dl>\n")
        }
    };
}

fn timeline<'h>(html: &'h mut Html, picture: &Timeline) -> &'h mut Html {
    let step = WIDTH / picture.places as f64;
    html.raw("<svg class=\"timeline\" viewBox=\"0 0 960 180\" role=\"img\" aria-label=\"")
        .text(&picture.title)
        .raw("\">");
    for (place, all, answered) in &picture.bars {
        for (class, part) in [("<rect class=\"all\"", all), ("<rect class=\"answered\"", answered)] {
            let height = part * HIGHEST;
            html.raw(class).raw(" x=\"").figure(*place as f64 * step + 0.5).raw("\" y=\"").figure(BASE - height);
            html.raw("\" width=\"").figure((step - 1.0).max(0.5)).raw("\" height=\"").figure(height).raw("\"/>");
        }
    }
    html.raw("<line class=\"axis\" x1=\"0\" x2=\"960\" y1=\"150\" y2=\"150\"/>");
    let places = [("start", 0.0), ("middle", WIDTH / 2.0), ("end", WIDTH)];
    for ((anchor, x), tick) in places.into_iter().zip(&picture.ticks) {
        html.raw("<text class=\"tick\" text-anchor=\"").raw(anchor).raw("\" x=\"").figure(x);
        html.element("\" y=\"170\">", tick, "</text>");
    }
    html.element("<text class=\"tick\" x=\"2\" y=\"26\">", &picture.most, "</text>");
    if let Some((part, word)) = &picture.raised {
        let x = part * WIDTH;
        html.raw("<line class=\"raised\" x1=\"").figure(x).raw("\" x2=\"").figure(x).raw("\" y1=\"8\" y2=\"150\"/>");
        let near_end = *part > 0.8;
        html.raw("<text class=\"tick\" text-anchor=\"").raw(if near_end { "end" } else { "start" });
        html.raw("\" x=\"").figure(if near_end { x - 4.0 } else { x + 4.0 }).element("\" y=\"11\">", word, "</text>");
    }
    html.raw("</svg>")
}

fn hours<'h>(html: &'h mut Html, picture: &Hours) -> &'h mut Html {
    html.raw("<figure class=\"hours\">").element("<figcaption>", &picture.title, "</figcaption>");
    html.raw("<table><thead><tr><td></td>");
    for hour in 0..24_u8 {
        html.element("<th scope=\"col\">", &format!("{hour:02}"), "</th>");
    }
    html.raw("</tr></thead><tbody>");
    for (day, squares) in &picture.days {
        html.raw("<tr>").element("<th scope=\"row\">", day, "</th>");
        for (depth, count) in squares {
            let open = match depth {
                0 => "<td>",
                1 => "<td class=\"h1\">",
                2 => "<td class=\"h2\">",
                3 => "<td class=\"h3\">",
                4 => "<td class=\"h4\">",
                _ => "<td class=\"h5\">",
            };
            html.element(open, count, "</td>");
        }
        html.raw("</tr>");
    }
    html.raw("</tbody></table></figure>")
}

fn table<'h>(html: &'h mut Html, table: &Table) -> &'h mut Html {
    html.raw(if table.numbered { "<table class=\"list calls\">" } else { "<table class=\"list\">" }).raw("<thead><tr>");
    for column in &table.columns {
        html.element("<th scope=\"col\">", &column.label, "</th>");
    }
    html.raw("</tr></thead><tbody>");
    for row in &table.rows {
        html.raw("<tr>");
        row.iter().for_each(|it| cell(html, it));
        html.raw("</tr>\n");
    }
    html.raw("</tbody>");
    if let Some((label, total)) = &table.total {
        html.raw("<tfoot><tr><th scope=\"row\" colspan=\"").figure(table.columns.len().saturating_sub(1) as f64);
        html.element("\">", label, "</th>").raw("<td class=\"n\">").foreign(total).raw("</td></tr></tfoot>");
    }
    html.raw("</table>\n")
}

fn cell(html: &mut Html, cell: &Cell) {
    html.raw(match cell.form {
        Form::Plain => "<td>",
        Form::Figure if cell.bar.is_some() => "<td class=\"n wide\">",
        Form::Figure => "<td class=\"n\">",
        Form::English => "<td lang=\"en\" dir=\"ltr\">",
        Form::Id => "<td><small class=\"id\">",
    });
    if let Some(bar) = cell.bar {
        html.raw(if bar.against { "<span class=\"bar against\"" } else { "<span class=\"bar\"" })
            .raw(" style=\"width:");
        html.figure(bar.length * BAR_WIDTH).raw("%\"></span> ");
    }
    html.said(&cell.text);
    if let Some(note) = &cell.note {
        html.raw("<br><small>").said(note).raw("</small>");
    }
    html.raw(if cell.form == Form::Id { "</small></td>" } else { "</td>" });
}
