//! Lists of stations: the small files (.pls, .m3u, .m3u8) that radio pages link to instead of the
//! stream itself. It finds the links in them and fetches nothing.

use url::Url;

/// A list that is longer is none. Two hours in pieces of six seconds whose links carry a signature are
/// about 400 KB.
pub(super) const LIST_LIMIT: usize = 1024 * 1024;

/// What a list turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum List {
    /// HTTP live streaming, which is played by its list.
    Hls,
    /// Links to streams, the first is the one to play.
    Links(Vec<Url>),
}

/// Whether an answer may be a list, by what the server calls it or by its name.
pub(super) fn may_be_list(media_type: &str, url: &Url) -> bool {
    const TYPES: &[&str] = &[
        "audio/x-mpegurl",
        "audio/mpegurl",
        "application/x-mpegurl",
        "application/vnd.apple.mpegurl",
        "application/vnd.apple.mpegurl.audio",
        "audio/x-scpls",
        "application/pls+xml",
    ];
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let path = url.path().to_lowercase();
    TYPES.iter().any(|it| media_type.eq_ignore_ascii_case(it))
        || [".pls", ".m3u", ".m3u8"]
            .iter()
            .any(|it| path.ends_with(it))
}

/// Reads a list that came from `base`.
pub(super) fn read(text: &str, base: &Url) -> List {
    if text.lines().any(|line| line.starts_with("#EXT-X-")) {
        return List::Hls;
    }
    let is_list_of_keys = text.to_lowercase().contains("[playlist]");
    let links = text.lines().filter_map(|line| {
        let link = match line.split_once('=') {
            Some((key, link)) if is_list_of_keys && is_file_key(key) => link,
            _ if is_list_of_keys || line.starts_with('#') => return None,
            _ => line,
        };
        let link = Some(link.trim()).filter(|link| !link.is_empty())?;
        let link = base.join(link).ok()?;
        (matches!(link.scheme(), "http" | "https") && link != *base).then_some(link)
    });
    List::Links(links.collect())
}

fn is_file_key(key: &str) -> bool {
    let key = key.trim().to_lowercase();
    key.strip_prefix("file")
        .is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_lists_of_either_form() {
        let base = Url::parse("http://radio.example/lists/rock.pls").unwrap();
        let links = |text: &str| match read(text, &base) {
            List::Links(links) => links.into_iter().map(String::from).collect::<Vec<_>>(),
            List::Hls => panic!("it is none"),
        };
        let pls = "[playlist]\r\nNumberOfEntries=2\r\nFile1=http://a.example:8000/live\r\n\
                   Title1=Rock=1\r\nLength1=-1\r\nFile2=https://b.example/\r\n";
        assert_eq!(
            links(pls),
            ["http://a.example:8000/live", "https://b.example/"]
        );
        let m3u = "#EXTM3U\n#EXTINF:-1,Rock\nhttp://a.example/live?x=1\n\n../other.mp3\nfile:///etc/passwd\n";
        assert_eq!(
            links(m3u),
            [
                "http://a.example/live?x=1",
                "http://radio.example/other.mp3"
            ]
        );
        assert!(links("").is_empty());
        assert_eq!(
            read("#EXTM3U\n#EXT-X-TARGETDURATION:4\n1.ts", &base),
            List::Hls
        );
    }

    #[test]
    fn a_list_is_known_by_its_type_or_its_name() {
        let url = |text: &str| Url::parse(text).unwrap();
        assert!(may_be_list(
            "audio/x-scpls; charset=utf-8",
            &url("http://a.b/c")
        ));
        assert!(may_be_list("text/plain", &url("http://a.b/c.M3U8?token=1")));
        assert!(!may_be_list("audio/mpeg", &url("http://a.b/c.mp3")));
    }
}
