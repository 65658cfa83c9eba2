//! Where things stand on the card, as SVG: a head with title and figures, beneath it the songs on the
//! left and the loopers on the right. Measures are pixels of the card.

use super::super::picture::{Face, Fonts, Image, escaped, thumbnail};
use super::faces::{colour, initials};
use super::{Card, HEIGHT, LOOPERS, Looper, SONGS, Score, Song, WIDTH};

const LEFT: f32 = 64.0;
const RIGHT: f32 = 1_136.0;
/// Where the songs end and the loopers begin.
const SONGS_RIGHT: f32 = 768.0;
const LOOPERS_LEFT: f32 = 848.0;
/// Where both lists stand.
const LISTS_TOP: f32 = 296.0;
const LISTS_HEIGHT: f32 = 280.0;

pub(super) const PAPER: &str = "#17131c";
pub(super) const INK: &str = "#ffffff";
const MUTED: &str = "#c9c0d3";
pub(super) const BRAND: &str = "#ff8a5c";

const HEAD: Face = Face::bold(62.0);
const HEAD_SMALL: Face = Face::bold(44.0);
const FACTS: Face = Face::plain(25.0);
const HEADING: Face = Face::bold(19.0);
const NAME: Face = Face::plain(25.0);
const INITIALS: Face = Face::bold(22.0);

/// How large a song is shown, which depends on how many there are.
struct Row {
    cover: f32,
    gap: f32,
    title: Face,
    line: Face,
    mean: Face,
    ratings: Face,
    title_lines: usize,
    /// For artist and looper.
    lines: usize,
}

impl Row {
    fn of(songs: usize) -> Row {
        let row = |cover, gap, sizes: [f32; 4], (title_lines, lines)| {
            let [title, line, mean, ratings] = sizes;
            Row {
                cover,
                gap,
                title: Face::bold(title),
                line: Face::plain(line),
                mean: Face::bold(mean),
                ratings: Face::plain(ratings),
                title_lines,
                lines,
            }
        };
        match songs {
            0 | 1 => row(264.0, 0.0, [40.0, 26.0, 48.0, 21.0], (3, 2)),
            2 => row(128.0, 24.0, [31.0, 23.0, 38.0, 18.0], (1, 2)),
            _ => row(82.0, 17.0, [27.0, 21.0, 34.0, 17.0], (1, 1)),
        }
    }
}

/// A drawing that is being made.
pub(super) struct Sheet<'a> {
    svg: String,
    images: Vec<Image>,
    fonts: &'a Fonts,
}

/// The card as SVG, with the images it shows.
pub(super) fn draw(card: &Card, fonts: &Fonts) -> (String, Vec<Image>) {
    let mut sheet = Sheet {
        svg: format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">"
        ),
        images: Vec::new(),
        fonts,
    };
    sheet.ground(card);
    sheet.head(card);
    sheet.songs(card);
    sheet.loopers(card);
    sheet.svg.push_str("</svg>");
    (sheet.svg, sheet.images)
}

impl Sheet<'_> {
    pub(super) fn put(&mut self, part: &str) {
        self.svg.push_str(part);
    }

    fn text(&mut self, (x, y): (f32, f32), face: Face, (fill, words): (&str, &str)) {
        self.anchored((x, y), face, (fill, words), "start");
    }

    fn anchored(&mut self, at: (f32, f32), face: Face, said: (&str, &str), anchor: &str) {
        let ((x, y), (fill, words)) = (at, said);
        let (size, weight, words) = (face.size, face.weight(), escaped(words));
        self.put(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{fill}\" text-anchor=\"{anchor}\">{words}</text>"
        ));
    }

    /// Shows the picture as a square, if it is one.
    fn image(&mut self, bytes: Option<&[u8]>, (x, y, side): (f32, f32, f32), more: &str) -> bool {
        // Twice as fine as it stands, so that slants stay smooth.
        let Some(image) = bytes.and_then(|bytes| thumbnail(bytes, pixels(side * 2.0))) else {
            return false;
        };
        let index = self.images.len();
        self.images.push(image);
        self.put(&format!(
            "<image href=\"image:{index}\" x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" {more}/>"
        ));
        true
    }

    /// The colours of the first cover, far out of focus, behind a dark veil.
    fn ground(&mut self, card: &Card) {
        self.put(&format!(
            "<defs>\
             <linearGradient id=\"veil\" x1=\"0\" y1=\"0\" x2=\"1\" y2=\"1\">\
             <stop offset=\"0\" stop-color=\"{PAPER}\" stop-opacity=\"0.77\"/>\
             <stop offset=\"1\" stop-color=\"{PAPER}\" stop-opacity=\"0.93\"/></linearGradient>\
             <linearGradient id=\"glow\" x1=\"0\" y1=\"0\" x2=\"1\" y2=\"1\">\
             <stop offset=\"0\" stop-color=\"#f26b38\"/><stop offset=\"0.55\" stop-color=\"#7a2f5b\"/>\
             <stop offset=\"1\" stop-color=\"#2b2350\"/></linearGradient></defs>\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"url(#glow)\"/>"
        ));
        let cover = card.songs.iter().find_map(|song| song.cover.as_deref());
        if let Some(image) = cover.and_then(|cover| thumbnail(cover, 5)) {
            let index = self.images.len();
            self.images.push(image);
            self.put(&format!(
                "<image href=\"image:{index}\" x=\"-120\" y=\"-405\" width=\"1440\" height=\"1440\" preserveAspectRatio=\"none\"/>"
            ));
        }
        self.put(&format!(
            "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"url(#veil)\"/>"
        ));
    }

    fn head(&mut self, card: &Card) {
        self.mark((LEFT + 17.0, 64.0));
        self.text((LEFT + 45.0, 72.0), Face::bold(23.0), (INK, "Rondo"));
        self.anchored((RIGHT, 72.0), Face::plain(23.0), (MUTED, &card.date), "end");
        let room = RIGHT - LEFT;
        let fits = self.fonts.width(&card.title, HEAD) <= room;
        let (face, tops): (Face, &[f32]) = if fits {
            (HEAD, &[160.0])
        } else {
            (HEAD_SMALL, &[136.0, 188.0])
        };
        let lines = self.fonts.lines(&card.title, face, (room, tops.len()));
        for (line, y) in lines.iter().zip(tops) {
            self.text((LEFT, *y), face, (INK, line));
        }
        let place = Some(&card.place).filter(|place| !place.trim().is_empty());
        let facts = card.facts.join(" · ");
        let end = if facts.is_empty() {
            String::new()
        } else {
            format!(" · {facts}")
        };
        let said = match place {
            // What is cut is the name, not the figures.
            Some(place) => {
                let room = room - self.fonts.width(&end, FACTS);
                self.fonts.fitted(place, FACTS, room) + &end
            }
            None => facts,
        };
        let y = if fits { 208.0 } else { 228.0 };
        self.text((LEFT, y), FACTS, (MUTED, &said));
    }

    fn heading(&mut self, x: f32, room: f32, words: &str) {
        let words = self.fonts.fitted(words, HEADING, room);
        self.text((x, LISTS_TOP - 22.0), HEADING, (BRAND, &words));
    }

    fn songs(&mut self, card: &Card) {
        self.heading(LEFT, SONGS_RIGHT - LEFT, &card.songs_heading);
        let songs = card.songs.iter().take(SONGS);
        let row = Row::of(songs.len());
        let mut y = LISTS_TOP;
        for song in songs {
            self.song(song, &row, y);
            y += row.cover + row.gap;
        }
    }

    fn song(&mut self, song: &Song, row: &Row, top: f32) {
        let side = row.cover;
        let clip = format!("song{}", pixels(top));
        self.put(&format!(
            "<clipPath id=\"{clip}\"><rect x=\"{LEFT}\" y=\"{top}\" width=\"{side}\" height=\"{side}\" rx=\"10\"/></clipPath>"
        ));
        let clip = format!("clip-path=\"url(#{clip})\"");
        if !self.image(song.cover.as_deref(), (LEFT, top, side), &clip) {
            self.no_cover(song, (LEFT, top, side));
        }
        let middle = top + side / 2.0;
        let score = song.score.as_ref();
        let end = score.map(|score| self.score(score, row, middle));
        let end = end.map_or(SONGS_RIGHT, |end| end - 24.0);
        let left = LEFT + side + 22.0;
        let room = end - left;
        let title = (room, row.title_lines);
        let title = self.fonts.lines(&song.title, row.title, title);
        let lines = self.artist_and_looper(song, row, room);
        let (step, line_step) = (row.title.size * 1.25, row.line.size * 1.3);
        let height = count(&title) * step + count(&lines) * line_step;
        // All of it in the middle: a baseline is a little above the end of its line.
        let mut y = middle - height / 2.0 + row.title.size * 0.97;
        for line in &title {
            self.text((left, y), row.title, (INK, line));
            y += step;
        }
        y += line_step - step - row.line.size * 0.05 + row.title.size * 0.25;
        for line in &lines {
            self.text((left, y), row.line, (MUTED, line));
            y += line_step;
        }
    }

    /// At the right end of a song, at that height. Gives back where it begins.
    fn score(&mut self, score: &Score, row: &Row, middle: f32) -> f32 {
        let (mean, ratings) = (row.mean, row.ratings);
        let (y, star) = (middle + 2.0, mean.size * 0.36);
        let wide = self.fonts.width(&score.mean, mean);
        self.anchored((SONGS_RIGHT, y), mean, (INK, &score.mean), "end");
        let x = SONGS_RIGHT - wide - star * 1.5;
        self.star((x, y - mean.size * 0.36), star);
        let y = y + ratings.size * 1.5;
        self.anchored((SONGS_RIGHT, y), ratings, (MUTED, &score.ratings), "end");
        let below = self.fonts.width(&score.ratings, ratings);
        SONGS_RIGHT - below.max(wide + star * 2.6)
    }

    /// Both on one line if they fit, else on two where there is a second one; else the artist is cut,
    /// and who played it is still said.
    fn artist_and_looper(&self, song: &Song, row: &Row, room: f32) -> Vec<String> {
        let fitted = |words: &str, room| self.fonts.fitted(words, row.line, room);
        let (artist, played_by) = match (&song.artist, &song.played_by) {
            (Some(artist), Some(played_by)) => (artist, played_by),
            (one, other) => {
                let one = one.iter().chain(other);
                return one.map(|words| fitted(words, room)).collect();
            }
        };
        let end = format!(" · {played_by}");
        let width = |words: &str| self.fonts.width(words, row.line);
        let beside = room - width(&end);
        if width(artist) <= beside {
            vec![format!("{artist}{end}")]
        } else if row.lines > 1 {
            vec![fitted(artist, room), fitted(played_by, room)]
        } else if beside >= row.line.size * 3.0 {
            vec![fitted(artist, beside) + &end]
        } else {
            vec![fitted(played_by, room)]
        }
    }

    fn loopers(&mut self, card: &Card) {
        self.heading(LOOPERS_LEFT, RIGHT - LOOPERS_LEFT, &card.loopers_heading);
        let more = card.loopers.len().saturating_sub(LOOPERS);
        let step = LISTS_HEIGHT / 5.0;
        for (index, looper) in card.loopers.iter().take(LOOPERS).enumerate() {
            let index = f32::from(u8::try_from(index).unwrap_or(u8::MAX));
            let beside = (index > 3.5 && more > 0).then(|| format!("+{more}"));
            self.looper(looper, LISTS_TOP + index * step, beside.as_deref());
        }
    }

    fn looper(&mut self, looper: &Looper, top: f32, beside: Option<&str>) {
        const RADIUS: f32 = 23.0;
        let (x, y) = (LOOPERS_LEFT + RADIUS, top + RADIUS);
        let clip = format!("looper{}", pixels(top));
        self.put(&format!(
            "<clipPath id=\"{clip}\"><circle cx=\"{x}\" cy=\"{y}\" r=\"{RADIUS}\"/></clipPath>"
        ));
        let clip = format!("clip-path=\"url(#{clip})\"");
        let place = (LOOPERS_LEFT, top, RADIUS * 2.0);
        if !self.image(looper.avatar.as_deref(), place, &clip) {
            let fill = colour(looper.id);
            self.put(&format!(
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{RADIUS}\" fill=\"{fill}\"/>"
            ));
            let letters = initials(&looper.name);
            let at = (x, y + INITIALS.size * 0.36);
            self.anchored(at, INITIALS, (INK, &letters), "middle");
        }
        let left = LOOPERS_LEFT + RADIUS * 2.0 + 18.0;
        let aside = beside.map_or(0.0, |words| self.fonts.width(words, NAME) + 16.0);
        let name = self.fonts.fitted(&looper.name, NAME, RIGHT - left - aside);
        let baseline = y + NAME.size * 0.36;
        self.text((left, baseline), NAME, (INK, &name));
        if let Some(words) = beside {
            self.anchored((RIGHT, baseline), NAME, (MUTED, words), "end");
        }
    }
}

/// How many lines, as a factor.
fn count(lines: &[String]) -> f32 {
    f32::from(u8::try_from(lines.len()).unwrap_or(u8::MAX))
}

/// Whole pixels of a length on the card.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths on the card are between 0 and some thousand"
)]
fn pixels(length: f32) -> u32 {
    length.clamp(0.0, 4_096.0) as u32
}
