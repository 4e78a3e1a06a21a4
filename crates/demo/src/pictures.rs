//! Draws the goods: flat shapes in the hue of the product, one light from the left, one
//! shadow. Plain SVG 1.1 with integer coordinates, so that the same product is the same
//! bytes everywhere.

use std::fmt::Write as _;

use crate::data::categories::{Choice, GoodsRow, Line, Shade, Shape};

/// Width and height of every picture.
pub(crate) const EDGE: u32 = 800;

/// The product in its package.
pub(crate) fn packshot(row: &GoodsRow) -> String {
    let mut svg = open(row);
    svg.push_str(r##"<ellipse cx="400" cy="668" rx="190" ry="26" fill="url(#s)"/>"##);
    svg.push_str(&body(row));
    svg.push_str("</svg>");
    svg
}

/// All shades side by side, as on the tester card.
pub(crate) fn swatches(row: &GoodsRow, shades: &[Shade]) -> String {
    let mut svg = open(row);
    let columns = if shades.len() > 6 { 5.min(shades.len()) } else { 3 };
    let lines = shades.len().div_ceil(columns);
    let (step_x, step_y) = (640 / columns, 560 / lines.max(2));
    let left = 400 - step_x * columns / 2 + step_x / 2;
    let top = 400 - step_y * lines / 2 + step_y / 2;
    for (index, (code, _, rgb)) in shades.iter().enumerate() {
        let (x, y) = (left + index % columns * step_x, top + index / columns * step_y);
        let r = step_x.min(step_y) * 36 / 100;
        let _ = write!(
            svg,
            r##"<circle cx="{x}" cy="{y}" r="{r}" fill="#{rgb:06x}"/><path d="M{} {y}a{r} {r} 0 0 1 {r}-{r}" fill="none" stroke="#fff" stroke-opacity=".35" stroke-width="5"/><text x="{x}" y="{}" font-size="22" fill="#6b6470" text-anchor="middle" font-family="sans-serif">{code}</text>"##,
            x - r,
            y + r + 32,
        );
    }
    svg.push_str("</svg>");
    svg
}

/// What is inside: a stroke of cream, a drop, a cloud of scent.
pub(crate) fn texture(row: &GoodsRow) -> String {
    let mut svg = open(row);
    svg.push_str(match row.shape {
        Shape::Dropper | Shape::Bottle | Shape::Flacon => {
            r##"<path d="M400 190c90 130 150 205 150 285a150 150 0 0 1-300 0c0-80 60-155 150-285z" fill="url(#b)"/><path d="M318 492a84 84 0 0 0 60 78" fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round" stroke-opacity=".7"/><circle cx="590" cy="300" r="34" fill="url(#b)"/><circle cx="232" cy="300" r="20" fill="url(#b)"/>"##
        }
        Shape::Sachet => {
            r##"<path d="M250 210h300l-18 380H268z" fill="url(#b)"/><path d="M320 330q28-24 56 0M424 330q28-24 56 0M350 480q50 34 100 0" fill="none" stroke="#fff" stroke-width="12" stroke-linecap="round"/>"##
        }
        Shape::Gift | Shape::Device | Shape::Brush | Shape::Sponge | Shape::Candle => {
            r##"<g fill="none" stroke="url(#b)" stroke-width="34"><circle cx="400" cy="400" r="210"/><circle cx="400" cy="400" r="140"/><circle cx="400" cy="400" r="70"/></g>"##
        }
        _ => {
            r##"<path d="M190 470c40-150 170-230 300-214 118 15 150 96 96 140-60 48-160 6-230 52-58 38-30 110 40 112 60 2 96-34 150-22 46 11 40 62-8 82-140 58-392 20-348-150z" fill="url(#b)"/><path d="M262 446c44-92 130-138 214-132" fill="none" stroke="#fff" stroke-width="18" stroke-linecap="round" stroke-opacity=".65"/>"##
        }
    });
    svg.push_str("</svg>");
    svg
}

/// Background, gradients and shadow every picture shares.
fn open(row: &GoodsRow) -> String {
    let hue = row.hue;
    let (deep, light, cap, cap_light) = match row.line {
        Line::Tinglan => ("34%,62%", "42%,84%", "14%,88%", "20%,97%"),
        Line::Feixu => ("40%,52%", "52%,76%", "18%,16%", "12%,38%"),
        Line::Wuji => ("38%,56%", "52%,82%", "30%,34%", "26%,58%"),
    };
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {EDGE} {EDGE}" width="{EDGE}" height="{EDGE}"><defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl({hue},36%,97%)"/><stop offset="1" stop-color="hsl({hue},30%,90%)"/></linearGradient><linearGradient id="b" x1="0" x2="1"><stop offset="0" stop-color="hsl({hue},{light})"/><stop offset=".35" stop-color="hsl({hue},{light})"/><stop offset="1" stop-color="hsl({hue},{deep})"/></linearGradient><linearGradient id="c" x1="0" x2="1"><stop offset="0" stop-color="hsl({hue},{cap_light})"/><stop offset="1" stop-color="hsl({hue},{cap})"/></linearGradient><radialGradient id="s"><stop offset="0" stop-color="hsl({hue},24%,40%)" stop-opacity=".34"/><stop offset="1" stop-color="hsl({hue},24%,40%)" stop-opacity="0"/></radialGradient></defs><rect width="{EDGE}" height="{EDGE}" fill="url(#g)"/>"##
    )
}

fn body(row: &GoodsRow) -> String {
    let shade = match row.choice {
        Choice::Shades(_, shades) => shades.get(shades.len() / 2).map_or(0x00C4_8A78, |shade| shade.2),
        Choice::Sizes(_) => 0x00C4_8A78,
    };
    match row.shape {
        Shape::Dropper => {
            r##"<rect x="372" y="130" width="56" height="96" rx="26" fill="url(#c)"/><rect x="352" y="214" width="96" height="76" rx="8" fill="url(#c)"/><rect x="290" y="288" width="220" height="384" rx="40" fill="url(#b)"/><rect x="392" y="290" width="16" height="250" rx="8" fill="#fff" opacity=".32"/>"##.to_owned()
                + &label(row, 480, 300, 200)
                + &shine(308, 320, 300)
        }
        Shape::Pump => {
            r##"<path d="M352 150h104q34 0 34 30v14h-40v-8h-98z" fill="url(#c)"/><rect x="386" y="184" width="28" height="48" fill="url(#c)"/><rect x="340" y="228" width="120" height="66" rx="10" fill="url(#c)"/><rect x="296" y="292" width="208" height="380" rx="26" fill="url(#b)"/>"##.to_owned()
                + &label(row, 470, 306, 188)
                + &shine(314, 320, 310)
        }
        Shape::Bottle => {
            r##"<rect x="344" y="150" width="112" height="104" rx="12" fill="url(#c)"/><path d="M344 254h112q64 30 64 110v268q0 40-40 40H320q-40 0-40-40V364q0-80 64-110z" fill="url(#b)"/>"##.to_owned()
                + &label(row, 480, 292, 216)
                + &shine(300, 370, 250)
        }
        Shape::Tube => {
            r##"<path d="M286 150h228l-28 440H314z" fill="url(#b)"/><path d="M286 150h228v26H286z" fill="url(#c)" opacity=".7"/><rect x="318" y="588" width="164" height="84" rx="12" fill="url(#c)"/>"##.to_owned()
                + &label(row, 380, 320, 160)
                + &shine(318, 210, 330)
        }
        Shape::Jar => {
            r##"<rect x="232" y="338" width="336" height="110" rx="22" fill="url(#c)"/><path d="M246 448h308v160q0 64-64 64H310q-64 0-64-64z" fill="url(#b)"/>"##.to_owned()
                + &label(row, 556, 270, 260)
                + &shine(264, 470, 130)
        }
        Shape::Lipstick => {
            format!(r##"<path d="M356 330V210q54-62 88-40v160z" fill="#{shade:06x}"/><path d="M356 210q54-62 88-40-34 8-60 62z" fill="#fff" opacity=".22"/><rect x="348" y="326" width="104" height="96" fill="hsl(42,52%,72%)"/><rect x="336" y="420" width="128" height="252" rx="10" fill="url(#c)"/>"##)
                + &label(row, 560, 344, 112)
                + &shine(350, 440, 200)
        }
        Shape::Wand => {
            format!(r##"<rect x="366" y="130" width="68" height="230" rx="12" fill="url(#c)"/><rect x="354" y="360" width="92" height="312" rx="18" fill="#{shade:06x}"/><rect x="354" y="360" width="92" height="312" rx="18" fill="url(#b)" opacity=".38"/>"##)
                + &label(row, 540, 356, 88)
                + &shine(368, 380, 240)
        }
        Shape::Compact => {
            format!(r##"<circle cx="400" cy="300" r="178" fill="url(#c)"/><circle cx="400" cy="300" r="152" fill="hsl({},20%,95%)"/><path d="M280 250q60-90 170-84" stroke="#fff" stroke-width="14" fill="none" stroke-linecap="round"/><ellipse cx="400" cy="560" rx="196" ry="112" fill="url(#c)"/><ellipse cx="400" cy="544" rx="160" ry="84" fill="#{shade:06x}"/><path d="M290 530q50-46 130-46" stroke="#fff" stroke-opacity=".4" stroke-width="10" fill="none" stroke-linecap="round"/>"##, row.hue)
        }
        Shape::Palette => palette(row),
        Shape::Flacon => {
            r##"<rect x="352" y="170" width="96" height="108" rx="10" fill="url(#c)"/><rect x="374" y="276" width="52" height="34" fill="hsl(42,48%,70%)"/><rect x="258" y="308" width="284" height="364" rx="34" fill="url(#b)"/><rect x="284" y="420" width="232" height="226" rx="18" fill="hsl(42,60%,72%)" opacity=".34"/>"##.to_owned()
                + &label(row, 500, 292, 216)
                + &shine(278, 336, 300)
        }
        Shape::Sachet => {
            r##"<path d="M262 150h276v522H262z" fill="url(#b)"/><path d="M262 150h276v44H262zM262 634h276v38H262z" fill="url(#c)" opacity=".8"/><path d="M340 330q24-20 48 0M412 330q24-20 48 0M362 430q38 26 76 0" fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round"/>"##.to_owned()
                + &label(row, 540, 300, 200)
        }
        Shape::Pencil => {
            format!(r##"<g transform="rotate(24 400 410)"><path d="M374 210h52l-20-86q-6-18-12 0z" fill="#{shade:06x}"/><rect x="372" y="208" width="56" height="380" fill="url(#c)"/><rect x="372" y="588" width="56" height="84" rx="14" fill="url(#b)"/><rect x="382" y="216" width="8" height="360" fill="#fff" opacity=".3"/></g>"##)
        }
        Shape::Brush => {
            r##"<path d="M330 300q-10-150 70-176 80 26 70 176z" fill="url(#b)"/><rect x="344" y="298" width="112" height="90" fill="hsl(42,40%,74%)"/><path d="M352 388h96l-22 260q-26 48-52 0z" fill="url(#c)"/>"##.to_owned()
        }
        Shape::Sponge => {
            r##"<path d="M400 180c96 120 150 210 150 310a150 160 0 0 1-300 0c0-100 54-190 150-310z" fill="url(#b)"/><g fill="hsl(0,0%,100%)" opacity=".4"><circle cx="350" cy="430" r="9"/><circle cx="430" cy="480" r="7"/><circle cx="380" cy="550" r="8"/><circle cx="460" cy="410" r="6"/><circle cx="330" cy="510" r="6"/></g>"##.to_owned()
        }
        Shape::Device => {
            r##"<rect x="322" y="140" width="156" height="532" rx="78" fill="url(#b)"/><circle cx="400" cy="250" r="62" fill="url(#c)"/><circle cx="400" cy="250" r="36" fill="none" stroke="hsl(0,0%,100%)" stroke-width="8"/><rect x="386" y="430" width="28" height="70" rx="14" fill="url(#c)"/>"##.to_owned()
                + &shine(342, 230, 320)
        }
        Shape::Candle => {
            r##"<path d="M400 210q34 46 0 84-34-38 0-84z" fill="hsl(38,92%,66%)"/><rect x="396" y="290" width="8" height="52" fill="hsl(30,14%,30%)"/><rect x="270" y="340" width="260" height="332" rx="22" fill="url(#b)"/><ellipse cx="400" cy="346" rx="128" ry="18" fill="hsl(40,60%,94%)"/>"##.to_owned()
                + &label(row, 500, 304, 192)
                + &shine(290, 380, 250)
        }
        Shape::Gift => {
            r##"<rect x="220" y="350" width="360" height="322" rx="10" fill="url(#b)"/><rect x="204" y="290" width="392" height="82" rx="10" fill="url(#c)"/><rect x="376" y="290" width="48" height="382" fill="hsl(42,54%,70%)"/><path d="M400 288c-40-110-150-96-128-30 12 34 76 34 128 30zm0 0c40-110 150-96 128-30-12 34-76 34-128 30z" fill="none" stroke="hsl(42,54%,64%)" stroke-width="18"/>"##.to_owned()
        }
    }
}

fn palette(row: &GoodsRow) -> String {
    let mut svg = String::from(
        r##"<rect x="190" y="170" width="420" height="230" rx="22" fill="url(#c)"/><rect x="214" y="192" width="372" height="186" rx="12" fill="hsl(0,0%,97%)"/><rect x="190" y="412" width="420" height="250" rx="22" fill="url(#c)"/>"##,
    );
    for index in 0..4_u16 {
        let (x, lightness) = (218 + index * 94, 82 - index * 13);
        let _ = write!(
            svg,
            r##"<rect x="{x}" y="446" width="82" height="182" rx="12" fill="hsl({},{}%,{lightness}%)"/>"##,
            row.hue,
            34 + index * 5
        );
    }
    svg
}

/// The line's name on the package.
fn label(row: &GoodsRow, y: u32, x: u32, width: u32) -> String {
    let name = row.line.name().1.to_uppercase();
    let ink = if row.line == Line::Feixu && matches!(row.shape, Shape::Lipstick) {
        "#fff"
    } else {
        "#38323d"
    };
    let size = (width / 7).clamp(13, 27);
    format!(
        r##"<g fill="{ink}" text-anchor="middle" font-family="Helvetica,Arial,sans-serif" opacity=".78"><text x="{0}" y="{y}" font-size="{size}" letter-spacing="3">{name}</text><text x="{0}" y="{1}" font-size="{2}" letter-spacing="2">{3}</text></g>"##,
        x + width / 2,
        y + size + 8,
        size * 3 / 5,
        row.code,
    )
}

/// A band of light along the left edge.
fn shine(x: u32, y: u32, height: u32) -> String {
    format!(r##"<rect x="{x}" y="{y}" width="14" height="{height}" rx="7" fill="#fff" opacity=".45"/>"##)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{body, makeup, skincare};

    #[test]
    fn every_picture_is_small_closed_and_self_contained() {
        for row in skincare::GOODS.iter().chain(makeup::GOODS).chain(body::GOODS) {
            let mut pictures = vec![packshot(row), texture(row)];
            if let Choice::Shades(_, shades) = row.choice {
                pictures.push(swatches(row, shades));
            }
            for svg in pictures {
                assert!(svg.len() < 4_096, "{}: {} bytes", row.code, svg.len());
                assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
                assert_eq!(
                    svg.matches("<g ").count(),
                    svg.matches("</g>").count(),
                    "{}",
                    row.code
                );
                assert_eq!(svg.matches("http").count(), 1, "only the namespace: {}", row.code);
            }
        }
    }
}
