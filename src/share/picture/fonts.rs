//! The fonts of the system, and which of them shows which character. Families of Noto come first,
//! since they cover the most and look alike; where they are missing, whatever has the character is
//! taken.

use super::text::{clusters, is_emoji, is_unseen};
use resvg::usvg::fontdb::{Database, ID};
use resvg::usvg::{FontResolver, fontdb};
use skrifa::MetadataProvider;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Characters whose font is remembered.
const REMEMBERED: usize = 8_192;
/// What text is written in, the first that is there.
const MAIN: &[&str] = &["Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"];
const EMOJI: &[&str] = &["Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji"];
/// Those of Han characters, Chinese ones first.
const HAN: &[&str] = &[
    "Noto Sans CJK SC",
    "Noto Sans CJK TC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
];
const JAPANESE: &str = "Noto Sans CJK JP";
const KOREAN: &str = "Noto Sans CJK KR";
/// Scripts that people write titles in, before everything else that is there.
const FURTHER: &[&str] = &[
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Thai",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Georgian",
    "Noto Sans Armenian",
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
    "Noto Sans Math",
    "Noto Music",
];

/// How the Han characters of a text are drawn: their shapes differ between languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Han {
    #[default]
    Chinese,
    Japanese,
    Korean,
}

impl Han {
    /// Kana are Japanese, Hangul is Korean.
    pub(super) fn of(text: &str) -> Han {
        let has = |is: fn(char) -> bool| text.chars().any(is);
        if has(
            |c| matches!(c, '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}'),
        ) {
            Han::Japanese
        } else if has(
            |c| matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7AF}'),
        ) {
            Han::Korean
        } else {
            Han::Chinese
        }
    }
}

/// One family, by its face of usual weight.
#[derive(Debug)]
struct Family {
    name: String,
    face: ID,
    is_emoji: bool,
}

struct Loaded {
    database: Arc<Database>,
    /// In the order in which they are asked.
    families: Vec<Family>,
    /// By character and language: the index of its family.
    known: Mutex<HashMap<(String, Han), Option<usize>>>,
}

/// The system's fonts. They are looked for when they are first needed, and once; clones share them.
#[derive(Clone, Default)]
pub struct Fonts {
    loaded: Arc<OnceLock<Loaded>>,
    drawing: Arc<Mutex<()>>,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families = self.loaded.get().map(|it| it.families.len());
        f.debug_struct("Fonts")
            .field("families", &families)
            .finish_non_exhaustive()
    }
}

impl Fonts {
    /// Whether there is a family of that name.
    pub fn has(&self, family: &str) -> bool {
        self.families().iter().any(|it| it.name == family)
    }

    /// Whether there is a sign for every character of the text.
    pub fn shows(&self, text: &str) -> bool {
        let han = Han::of(text);
        let mut clusters = clusters(text).into_iter();
        clusters.all(|cluster| self.index(&cluster, han).is_some())
    }

    /// Waits until nobody else draws.
    pub(super) fn alone(&self) -> MutexGuard<'_, ()> {
        self.drawing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn database(&self) -> Arc<Database> {
        Arc::clone(&self.loaded().database)
    }

    pub(super) fn main_family(&self) -> String {
        let main = self.families().first();
        main.map_or_else(|| "sans-serif".to_owned(), |it| it.name.clone())
    }

    pub(super) fn is_emoji(&self, family: &str) -> bool {
        self.families()
            .iter()
            .any(|it| it.is_emoji && it.name == family)
    }

    /// The family that shows these characters, which belong together; the main one when none does.
    pub(super) fn family(&self, cluster: &str, han: Han) -> &str {
        let family = self.index(cluster, han).unwrap_or(0);
        self.families().get(family).map_or("", |it| &it.name)
    }

    /// The fonts for usvg: what a drawing asks for by name, and for what is missing there ours.
    pub(super) fn resolver(&self) -> FontResolver<'_> {
        FontResolver {
            select_font: FontResolver::default_font_selector(),
            select_fallback: Box::new(|c, tried, _| {
                let index = self.index(c.encode_utf8(&mut [0; 4]), Han::default())?;
                let face = self.families().get(index)?.face;
                (!tried.contains(&face)).then_some(face)
            }),
        }
    }

    fn index(&self, cluster: &str, han: Han) -> Option<usize> {
        let loaded = self.loaded();
        let key = (cluster.to_owned(), han);
        let known = || loaded.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = known().get(&key) {
            return *index;
        }
        let index = loaded.find(cluster, han);
        let mut known = known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, index);
        index
    }

    fn families(&self) -> &[Family] {
        &self.loaded().families
    }

    fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(Loaded::of_system)
    }
}

impl Loaded {
    fn of_system() -> Loaded {
        let mut database = Database::new();
        database.load_system_fonts();
        let families = families(&database);
        if let Some(main) = families.first() {
            // What drawings call sans-serif, and what usvg takes when nothing fits.
            database.set_sans_serif_family(&main.name);
            database.set_serif_family(&main.name);
        }
        tracing::debug!(
            faces = database.len(),
            families = families.len(),
            "fonts were looked for"
        );
        Loaded {
            database: Arc::new(database),
            families,
            known: Mutex::default(),
        }
    }

    fn find(&self, cluster: &str, han: Han) -> Option<usize> {
        let emoji = is_emoji(cluster);
        let first = match han {
            Han::Chinese => "",
            Han::Japanese => JAPANESE,
            Han::Korean => KOREAN,
        };
        let is = |at: usize, wanted: fn(&Family, bool, &str) -> bool| {
            let family = self.families.get(at);
            family.is_some_and(|it| wanted(it, emoji, first))
        };
        // What is meant for it, what is like it, and then whatever has it.
        let meant = |at: &usize| {
            is(*at, |it, emoji, first| {
                it.is_emoji == emoji && (emoji || it.name == first)
            }) || (*at == 0 && !emoji)
        };
        let alike = |at: &usize| is(*at, |it, emoji, _| it.is_emoji == emoji);
        let all = || 0..self.families.len();
        let mut order = all().filter(meant).chain(all().filter(alike)).chain(all());
        order.find(|at| {
            let family = self.families.get(*at);
            family.is_some_and(|it| covers(&self.database, it.face, cluster))
        })
    }
}

/// The families in the order in which they are asked, each with its upright face of usual weight.
fn families(database: &Database) -> Vec<Family> {
    let mut faces: HashMap<&str, (u16, ID)> = HashMap::new();
    for face in database.faces() {
        let upright = face.style == fontdb::Style::Normal;
        let english =
            |it: &&(String, fontdb::Language)| it.1 == fontdb::Language::English_UnitedStates;
        let name = face.families.iter().find(english).or(face.families.first());
        let (true, Some((name, _))) = (upright, name) else {
            continue;
        };
        let off = face.weight.0.abs_diff(fontdb::Weight::NORMAL.0);
        let best = faces.entry(name).or_insert((off, face.id));
        if off < best.0 {
            *best = (off, face.id);
        }
    }
    let named = [MAIN, HAN, FURTHER, EMOJI].concat();
    let place = |name: &str| named.iter().position(|it| *it == name);
    let mut families: Vec<Family> = faces
        .into_iter()
        .map(|(name, (_, face))| Family {
            name: name.to_owned(),
            face,
            is_emoji: EMOJI.contains(&name),
        })
        .collect();
    families.sort_by(|a, b| {
        // Serifs, monospaced and symbols of every kind come last, in one order everywhere.
        let rank = |it: &Family| {
            let sans = it.name.contains("Sans");
            (place(&it.name).unwrap_or(named.len()), !sans)
        };
        rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name))
    });
    families
}

/// Whether the face has every character that is seen.
fn covers(database: &Database, face: ID, cluster: &str) -> bool {
    let covers = database.with_face_data(face, |data, index| {
        let font = skrifa::FontRef::from_index(data, index).ok()?;
        let charmap = font.charmap();
        let mut seen = cluster.chars().filter(|c| !is_unseen(*c));
        Some(seen.all(|c| charmap.map(c).is_some()))
    });
    covers.flatten().unwrap_or_default()
}
