//! What kind of picture a file is, by its first bytes and never by its name. Whether the rest of it is
//! whole is for whoever decodes it to find out.

/// A kind of picture that browsers show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Png,
    Jpeg,
    Gif,
    Webp,
}

impl Kind {
    /// The kind of these bytes, by the signatures of the formats.
    pub fn of(bytes: &[u8]) -> Option<Kind> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Kind::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Kind::Jpeg),
            [b'G', b'I', b'F', b'8', ..] => Some(Kind::Gif),
            [b'R', b'I', b'F', b'F', rest @ ..] => {
                let is_webp = rest.get(4..8) == Some(b"WEBP".as_slice());
                is_webp.then_some(Kind::Webp)
            }
            _ => None,
        }
    }

    /// Its media type (RFC 2046, RFC 9649).
    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
            Kind::Gif => "image/gif",
            Kind::Webp => "image/webp",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        for (bytes, kind) in [
            (b"\x89PNG\r\n\x1a\nrest".as_slice(), Some(Kind::Png)),
            (b"\xff\xd8\xff\xe0", Some(Kind::Jpeg)),
            (b"GIF89a", Some(Kind::Gif)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(Kind::Webp)),
            (b"RIFF\x10\0\0\0WAVEfmt ", None),
            (b"\x89PNG", None),
            (b"<svg onload=alert(1)>", None),
            (b"", None),
        ] {
            assert_eq!(Kind::of(bytes), kind, "{bytes:?}");
        }
    }
}
