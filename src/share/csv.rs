//! CSV for spreadsheets, after RFC 4180, with a byte order mark, without which they take UTF-8 for
//! something else. Cells that a spreadsheet would calculate are marked as text. Read are the tables
//! that others make of playlists, too, by the names of their columns.

use super::reading::{Draft, NotAPlaylist, Reading};
use super::{Item, Playlist, plain};

const MARK: char = '\u{FEFF}';
/// What makes a spreadsheet calculate: <https://owasp.org/www-community/attacks/CSV_Injection>.
const FORMULA: &[char] = &[
    '=', '+', '-', '@', '\t', '\r', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}',
];
/// What marks a cell as text.
const AS_TEXT: char = '\'';
const COLUMNS: [&str; 9] = [
    "Number", "Title", "Artist", "Album", "Seconds", "Link", "File", "Note", "Id",
];

/// The playlist as a `.csv` file.
pub fn csv(playlist: &Playlist) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let rows = playlist.tracks.iter().enumerate();
    let rows = rows.map(|(at, item)| row(item, at + 1));
    let head = COLUMNS.map(str::to_owned);
    for row in std::iter::once(head).chain(rows) {
        writer
            .write_record(&row)
            .expect("a write into memory does not fail");
    }
    let bytes = writer
        .into_inner()
        .expect("a write into memory does not fail");
    let table = String::from_utf8(bytes).expect("only text was written");
    format!("{MARK}{table}")
}

fn row(item: &Item, number: usize) -> [String; 9] {
    let text = |text: &Option<String>| guarded(&plain(text.as_deref().unwrap_or_default()));
    [
        number.to_string(),
        guarded(&plain(&item.title)),
        text(&item.creator),
        text(&item.album),
        seconds(item),
        text(&item.link),
        guarded(&plain(&item.file_name)),
        text(&item.annotation),
        text(&item.identifier()),
    ]
}

/// With as many places as it needs.
fn seconds(item: &Item) -> String {
    let ms = item.length_ms();
    match ms % 1_000 {
        0 => (ms / 1_000).to_string(),
        rest => format!("{}.{rest:03}", ms / 1_000),
    }
}

/// The cell so that it stays text, and can be told from one that began with the mark itself.
fn guarded(cell: &str) -> String {
    let begins = cell.trim_start_matches(AS_TEXT).starts_with(FORMULA);
    if begins {
        format!("{AS_TEXT}{cell}")
    } else {
        cell.to_owned()
    }
}

fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix(AS_TEXT) {
        Some(rest) if rest.trim_start_matches(AS_TEXT).starts_with(FORMULA) => rest,
        _ => cell,
    }
}

/// Where the columns are.
#[derive(Debug, Default)]
struct Columns {
    title: Option<usize>,
    artist: Option<usize>,
    album: Option<usize>,
    seconds: Option<usize>,
    ms: Option<usize>,
    link: Option<usize>,
    file: Option<usize>,
    note: Option<usize>,
    id: Option<usize>,
}

impl Columns {
    /// By their names, as this program, Exportify, Soundiiz and `TuneMyMusic` write them.
    fn of(head: &csv::StringRecord) -> Columns {
        let find = |names: &[&str]| {
            let position = |name: &&str| {
                head.iter()
                    .position(|cell| cell.trim().eq_ignore_ascii_case(name))
            };
            names.iter().find_map(position)
        };
        Columns {
            title: find(&["title", "track name", "track", "song", "name"]),
            artist: find(&[
                "artist",
                "artist name(s)",
                "artist name",
                "artists",
                "creator",
            ]),
            album: find(&["album", "album name"]),
            seconds: find(&["seconds", "duration", "length"]),
            ms: find(&["track duration (ms)", "duration (ms)"]),
            link: find(&["link", "url", "location", "track url"]),
            file: find(&["file", "file name"]),
            note: find(&["note", "annotation", "comment"]),
            id: find(&["id"]),
        }
    }
}

/// Reads a `.csv` file whose first row names the columns.
pub(super) fn read(text: &str) -> Result<Reading, NotAPlaylist> {
    let head = text.lines().next().unwrap_or_default();
    // Where a comma stands in numbers, spreadsheets write semicolons between cells.
    let between = [b',', b';', b'\t'];
    let count = |sign: &u8| head.bytes().filter(|byte| byte == sign).count();
    let most = between.iter().rev().max_by_key(|sign| count(sign));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(*most.unwrap_or(&b','))
        .flexible(true)
        .from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_| NotAPlaylist::Malformed)?;
    let columns = Columns::of(head);
    if columns.title.is_none() && columns.link.is_none() {
        return Err(NotAPlaylist::Unknown);
    }
    let mut reading = Reading::named(None, None);
    for row in reader.records() {
        let row = row.map_err(|_| NotAPlaylist::Malformed)?;
        let cell = |column: Option<usize>| {
            let cell = row.get(column?)?.trim();
            Some(unguarded(cell).to_owned()).filter(|cell| !cell.is_empty())
        };
        let number = |column| cell(column).and_then(|cell: String| cell.parse::<f64>().ok());
        let places = [cell(columns.link), cell(columns.file)];
        reading.take(Draft {
            title: cell(columns.title),
            creator: cell(columns.artist),
            album: cell(columns.album),
            annotation: cell(columns.note),
            length_ms: number(columns.ms).or(number(columns.seconds).map(|it| it * 1_000.0)),
            places: places.into_iter().flatten().collect(),
            identifiers: cell(columns.id).into_iter().collect(),
        });
    }
    reading.whole()
}
