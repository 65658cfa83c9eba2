//! How words are compared: without case, accents, width and other differences that nobody types when
//! they search. It knows nothing of music.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text as it is compared: lower case, without accents (so Hangul in its letters and Arabic
/// without vowel signs), full-width and half-width letters made normal, katakana as hiragana, and
/// letters that only some keyboards have as those that all have.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c));
    for letter in letters.flat_map(char::to_lowercase) {
        match letter {
            // An apostrophe is left out as often as not, and a tatweel only makes a word longer.
            '\'' | '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{0640}' => {}
            // Lower case can bring a mark of its own: the Turkish capital I with its dot.
            letter if is_combining_mark(letter) => {}
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            // The end forms of sigma, of yeh and of teh.
            'ς' => folded.push('σ'),
            'ى' => folded.push('ي'),
            'ة' => folded.push('ه'),
            // Katakana stands 96 places after hiragana.
            'ァ'..='ヶ' => folded.extend(char::from_u32(u32::from(letter) - 0x60)),
            letter => folded.push(letter),
        }
    }
    folded
}

/// Whether one word becomes the other by one letter more, less or other, or two neighbours changed.
pub(super) fn nearly(word: &str, other: &str) -> bool {
    // A letter has at most four bytes: what differs by more differs by more than a letter.
    if word.len().abs_diff(other.len()) > 4 {
        return false;
    }
    let (word, other): (Vec<char>, Vec<char>) = (word.chars().collect(), other.chars().collect());
    if word.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = word.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let rest = |letters: &[char], skip: usize| -> Vec<char> {
        letters.iter().skip(same + skip).copied().collect()
    };
    match word.len().cmp(&other.len()) {
        std::cmp::Ordering::Less => rest(&word, 0) == rest(&other, 1),
        std::cmp::Ordering::Greater => rest(&word, 1) == rest(&other, 0),
        std::cmp::Ordering::Equal => {
            let changed = word.get(same) == other.get(same + 1)
                && word.get(same + 1) == other.get(same)
                && rest(&word, 2) == rest(&other, 2);
            rest(&word, 1) == rest(&other, 1) || changed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{folded, nearly};

    #[test]
    fn what_people_type_fits_what_is_written() {
        for (typed, written) in [
            ("motley crue", "Mötley Crüe"),
            ("sigur ros", "Sigur Rós"),
            ("strasse", "Straße"),
            ("istanbul", "İSTANBUL"),
            ("lodz", "Łódź"),
            ("dont stop", "Don’t Stop"),
            ("ABBA", "ＡＢＢＡ"),
            ("ガッツ", "ｶﾞｯﾂ"),
            ("らぶ そんぐ", "ラブ ソング"),
            ("夜来香", "夜来香"),
            ("방탄소년단", "방탄소년단"),
            ("Цой", "ЦОИ"),
            ("еще", "Ещё"),
            ("فيروز", "فَيْرُوز"),
            ("انت عمري", "أنت عمرى"),
            ("ωδη", "Ωδή"),
            ("Tieng Viet", "Tiếng Việt"),
        ] {
            let found = folded(written).contains(&folded(typed));
            assert!(found, "{typed} finds {written}");
        }
    }

    #[test]
    fn a_slip_is_one_letter() {
        for near in ["qeen", "queem", "queeen", "uqeen", "quene"] {
            assert!(nearly(near, "queen"), "{near}");
        }
        for far in ["qen", "quemm", "neequ", "que", "queenie"] {
            assert!(!nearly(far, "queen"), "{far}");
        }
    }
}
