//! The title of a `WebM` or Matroska file, which stands in its segment's Info (RFC 9559, section 5.1.2)
//! and not among the tags. The decoders' library does not give it, and what does reads sizes that
//! strangers wrote without a limit. It only looks at the beginning it is handed.

/// Elements by their ids, RFC 9559.
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_A966;
const TITLE: u32 = 0x7BA9;
const CLUSTER: u32 = 0x1F43_B675;

/// How much of a file is worth handing over.
pub(super) const BEGINNING: u64 = 64 * 1024;

/// The title, if it is in there.
pub(super) fn title(beginning: &[u8]) -> Option<String> {
    let mut rest = beginning;
    loop {
        let (id, size, body) = element(rest)?;
        match id {
            // These are looked into.
            SEGMENT | INFO => rest = body,
            CLUSTER => return None,
            TITLE => return String::from_utf8(body.get(..size?)?.to_vec()).ok(),
            _ => rest = body.get(size?..)?,
        }
    }
}

/// The first element: its id, the size of its body if that is known, and everything after its head.
fn element(bytes: &[u8]) -> Option<(u32, Option<usize>, &[u8])> {
    let (id, bytes) = number(bytes, 4)?;
    let (size, body) = number(bytes, 8)?;
    let (id, (size, width)) = (id.0, size);
    // All bits set is a size that the writer did not know (RFC 8794, section 6.2).
    let unknown = (1 << (7 * width)) - 1;
    let size = size & unknown;
    let size = (size != unknown).then(|| usize::try_from(size).unwrap_or(usize::MAX));
    Some((u32::try_from(id).ok()?, size, body))
}

/// A number of variable width with its marker bit, and how many bytes it has (RFC 8794, section 4).
fn number(bytes: &[u8], widest: u32) -> Option<((u64, u32), &[u8])> {
    let width = bytes.first()?.leading_zeros() + 1;
    if width > widest {
        return None;
    }
    let (head, rest) = bytes.split_at_checked(usize::try_from(width).ok()?)?;
    let number = head.iter().fold(0, |all, byte| all << 8 | u64::from(*byte));
    Some(((number, width), rest))
}

#[cfg(test)]
mod tests {
    use super::title;

    /// A header, a segment of unknown size, and an Info with something before the title.
    fn file(title: &[u8]) -> Vec<u8> {
        let mut info = vec![0x2A, 0xD7, 0xB1, 0x83, 0x0F, 0x42, 0x40, 0x7B, 0xA9];
        info.push(0x80 | u8::try_from(title.len()).unwrap());
        info.extend(title);
        let mut file = vec![0x1A, 0x45, 0xDF, 0xA3, 0x80];
        file.extend([0x18, 0x53, 0x80, 0x67]);
        file.extend([0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        file.extend([0x15, 0x49, 0xA9, 0x66]);
        file.push(0x80 | u8::try_from(info.len()).unwrap());
        file.extend(info);
        file
    }

    #[test]
    fn the_title_is_found_behind_what_is_before_it() {
        assert_eq!(title(&file("夜来香".as_bytes())).as_deref(), Some("夜来香"));
        assert_eq!(title(&file(b"")).as_deref(), Some(""));
    }

    #[test]
    fn what_is_cut_off_or_lies_has_no_title() {
        let whole = file(b"A title");
        for length in 0..whole.len() {
            assert_eq!(title(whole.get(..length).unwrap()), None, "{length}");
        }
        assert_eq!(title(&file(b"\xFF\xFE")), None, "no UTF-8");
        // An element that claims more than there is.
        let lie = [
            0x1A, 0x45, 0xDF, 0xA3, 0x01, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        ];
        assert_eq!(title(&lie), None);
        assert_eq!(title(&[0; 64]), None);
    }
}
