//! HTTP live streaming (RFC 8216): a list that is asked for again and again names short segments,
//! whose sound is put together here: packed AAC and MP3, AAC and MP3 in transport streams, and
//! fragmented MP4. Encrypted ones are refused. Every address in a list goes through the same checks
//! as any link.

use super::super::IntakeFailure;
use super::super::fetch::Fetcher;
use super::live::Outlet;
use super::radio::Stopped;
use super::stations::LIST_LIMIT;
use super::ts::{Demuxer, is_transport_stream};
use bytes::Bytes;
use m3u8_rs::{
    AlternativeMediaType, ByteRange, KeyMethod, Map, MasterPlaylist, MediaPlaylist, MediaSegment,
    Playlist, VariantStream,
};
use reqwest::header::{CONTENT_RANGE, HeaderMap, HeaderValue, RANGE};
use std::time::Duration;
use url::Url;

/// Largest segment, in bytes, and how long one may take to come.
const SEGMENT_LIMIT: usize = 12 * 1024 * 1024;
const SEGMENT_TIME: Duration = Duration::from_secs(30);
/// How many segments before the end of a live list playing begins (RFC 8216, section 6.3.3).
const EDGE: u64 = 3;
/// Between two looks at the list.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Looks in a row that show nothing new, and segments in a row that do not come.
const IDLE_LIMIT: u32 = 12;
const MISSED_LIMIT: u32 = 3;
/// The bit rate that is enough.
const ENOUGH: u64 = 400_000;

/// A list of segments and where it came from.
struct Media {
    url: Url,
    list: MediaPlaylist,
}

/// Refuses what could not be played: encrypted, empty, or with a kind of sound that is not read.
pub(super) async fn check(fetcher: &Fetcher, url: &Url, text: &str) -> Result<(), IntakeFailure> {
    let media = media(fetcher, url, text).await?;
    let mut tape = Tape::default();
    let first = media.list.segments.first().ok_or(IntakeFailure::Empty)?;
    let sound = tape.sound(fetcher, &media.url, first).await?;
    if sound.iter().all(Bytes::is_empty) {
        return Err(IntakeFailure::NotSound);
    }
    Ok(())
}

/// Receives it until the list says that it is over.
pub(super) async fn receive(
    fetcher: &Fetcher,
    url: &Url,
    text: &str,
    outlet: &Outlet,
) -> Result<(), Stopped> {
    let mut media = media(fetcher, url, text).await?;
    let mut tape = Tape::default();
    let (mut idle, mut missed) = (0, 0);
    loop {
        let news = tape.next_of(&media.list);
        idle = if news.is_empty() { idle + 1 } else { 0 };
        for (number, segment) in news {
            match tape.sound(fetcher, &media.url, &segment).await {
                Ok(sound) => {
                    missed = 0;
                    for piece in sound {
                        outlet.give(piece).await?;
                    }
                }
                Err(why) => {
                    missed += 1;
                    tracing::debug!(%why, "a segment did not come");
                    // What has an end would begin anew; what is live goes on from now.
                    if missed >= MISSED_LIMIT && media.list.end_list {
                        return Err(IntakeFailure::Broken.into());
                    } else if missed >= MISSED_LIMIT {
                        return Err(why.into());
                    }
                }
            }
            tape.next = Some(number + 1);
        }
        if media.list.end_list {
            return Ok(());
        }
        if idle >= IDLE_LIMIT {
            let silent = IntakeFailure::Unreachable("the stream stands still".to_owned());
            return Err(silent.into());
        }
        let wait = Duration::from_secs(media.list.target_duration) / if idle > 0 { 2 } else { 1 };
        tokio::time::sleep(wait.clamp(SHORTEST_WAIT, LONGEST_WAIT)).await;
        let text = fetched(fetcher, &media.url, (None, LIST_LIMIT)).await?;
        media.list = match parsed(&text)? {
            Playlist::MediaPlaylist(list) => list,
            Playlist::MasterPlaylist(_) => return Err(IntakeFailure::Broken.into()),
        };
    }
}

/// The list of segments, through a list of variants if it is one.
async fn media(fetcher: &Fetcher, url: &Url, text: &str) -> Result<Media, IntakeFailure> {
    let master = match parsed(text.as_bytes())? {
        Playlist::MediaPlaylist(list) => {
            let url = url.clone();
            return Ok(Media { url, list });
        }
        Playlist::MasterPlaylist(master) => master,
    };
    let uri = choice(&master).ok_or(IntakeFailure::NotSound)?;
    let url = url.join(uri).map_err(|_| IntakeFailure::NotSound)?;
    let text = fetched(fetcher, &url, (None, LIST_LIMIT)).await?;
    match parsed(&text)? {
        Playlist::MediaPlaylist(list) => Ok(Media { url, list }),
        Playlist::MasterPlaylist(_) => Err(IntakeFailure::NotSound),
    }
}

fn parsed(text: &[u8]) -> Result<Playlist, IntakeFailure> {
    m3u8_rs::parse_playlist_res(text).map_err(|_| IntakeFailure::NotSound)
}

/// The address of the best sound with the least besides it.
fn choice(master: &MasterPlaylist) -> Option<&str> {
    let variants = || master.variants.iter().filter(|it| !it.is_i_frame);
    let sound_only = variants().filter(|it| has_no_picture(it));
    // Half of the sound of an HE-AAC stream is not read, so a plain one goes before.
    let best = sound_only.max_by_key(|it| {
        let plain = !it.codecs.as_deref().is_some_and(is_efficient);
        let fits = it.bandwidth <= ENOUGH;
        let rank = if fits {
            it.bandwidth
        } else {
            u64::MAX - it.bandwidth
        };
        (plain, fits, rank)
    });
    if let Some(best) = best {
        return Some(&best.uri);
    }
    let is_sound = |kind: &AlternativeMediaType| matches!(kind, AlternativeMediaType::Audio);
    let mut renditions: Vec<_> = master
        .alternatives
        .iter()
        .filter(|it| is_sound(&it.media_type))
        .filter_map(|it| Some((!it.default, it.uri.as_deref()?)))
        .collect();
    renditions.sort_unstable();
    let rendition = renditions.first().map(|(_, uri)| *uri);
    let least = variants().min_by_key(|it| it.bandwidth);
    rendition.or_else(|| least.map(|it| it.uri.as_str()))
}

fn has_no_picture(variant: &VariantStream) -> bool {
    const PICTURES: &[&str] = &["avc", "hvc", "hev", "vp0", "vp9", "av01", "dvh", "mp4v"];
    let codecs = variant.codecs.as_deref().unwrap_or_default();
    variant.resolution.is_none() && !PICTURES.iter().any(|it| codecs.contains(it))
}

fn is_efficient(codecs: &str) -> bool {
    codecs.contains("mp4a.40.5") || codecs.contains("mp4a.40.29")
}

/// Where in the stream we are, and what has been learned on the way.
#[derive(Default)]
struct Tape {
    /// The number of the segment that comes next.
    next: Option<u64>,
    demuxer: Demuxer,
    /// The head of fragmented MP4 that was sent last.
    map: Option<Map>,
    /// Where the last part of a file ended, for one that begins where it ended.
    part_end: Option<(String, u64)>,
}

impl Tape {
    /// The segments of the list that are new, with their numbers.
    fn next_of(&self, list: &MediaPlaylist) -> Vec<(u64, MediaSegment)> {
        let first = list.media_sequence;
        let count = u64::try_from(list.segments.len()).unwrap_or(u64::MAX);
        let end = first.saturating_add(count);
        let edge = end.saturating_sub(EDGE).max(first);
        let from = match self.next {
            None if list.end_list => first,
            // Left behind, or the numbers have begun anew.
            Some(next) if (first..=end).contains(&next) => next,
            None | Some(_) => edge,
        };
        let numbered = (first..).zip(&list.segments);
        numbered
            .filter(|(number, _)| *number >= from)
            .map(|(number, segment)| (number, segment.clone()))
            .collect()
    }

    /// The sound of one segment, with the head that it needs.
    async fn sound(
        &mut self,
        fetcher: &Fetcher,
        base: &Url,
        segment: &MediaSegment,
    ) -> Result<Vec<Bytes>, IntakeFailure> {
        let method = segment.key.as_ref().map(|key| &key.method);
        if method.is_some_and(|method| *method != KeyMethod::None) {
            return Err(IntakeFailure::Protected);
        }
        let mut sound = Vec::new();
        if let Some(map) = segment.map.as_ref()
            && self.map.as_ref() != Some(map)
        {
            let url = join(base, &map.uri)?;
            let range = self.range(&map.uri, map.byte_range.as_ref());
            sound.push(fetched(fetcher, &url, (range, SEGMENT_LIMIT)).await?);
            self.map = Some(map.clone());
        }
        let url = join(base, &segment.uri)?;
        let range = self.range(&segment.uri, segment.byte_range.as_ref());
        let bytes = fetched(fetcher, &url, (range, SEGMENT_LIMIT)).await?;
        if is_transport_stream(&bytes) {
            sound.push(self.demuxer.take(&bytes).into());
            if self.demuxer.is_foreign() {
                return Err(IntakeFailure::NotSound);
            }
        } else {
            sound.push(without_tag(bytes));
        }
        Ok(sound)
    }

    /// First and last byte of a part of a file.
    fn range(&mut self, uri: &str, part: Option<&ByteRange>) -> Option<(u64, u64)> {
        let part = part?;
        let last = self.part_end.take();
        let follows = last
            .filter(|(file, _)| file == uri)
            .map_or(0, |(_, end)| end);
        let from = part.offset.unwrap_or(follows);
        let end = from.saturating_add(part.length);
        self.part_end = Some((uri.to_owned(), end));
        Some((from, end.saturating_sub(1)))
    }
}

fn join(base: &Url, uri: &str) -> Result<Url, IntakeFailure> {
    base.join(uri).map_err(|_| IntakeFailure::Broken)
}

/// Packed sound begins with a tag that tells the time (RFC 8216, section 3.4): ID3, whose length
/// stands in seven bits of four bytes.
fn without_tag(mut bytes: Bytes) -> Bytes {
    let head = bytes.get(..10).and_then(|head| head.first_chunk::<10>());
    if let Some([b'I', b'D', b'3', _, _, _, a, b, c, d]) = head {
        let length = [a, b, c, d]
            .into_iter()
            .fold(0, |length, byte| (length << 7) | usize::from(byte & 0x7f));
        let tag = (10 + length).min(bytes.len());
        return bytes.split_off(tag);
    }
    bytes
}

/// What an address leads to, or a part of it, at most so many bytes.
async fn fetched(
    fetcher: &Fetcher,
    url: &Url,
    (range, limit): (Option<(u64, u64)>, usize),
) -> Result<Bytes, IntakeFailure> {
    let mut headers = HeaderMap::new();
    if let Some((from, to)) = range {
        let value = HeaderValue::from_str(&format!("bytes={from}-{to}"));
        headers.insert(RANGE, value.map_err(|_| IntakeFailure::Broken)?);
    }
    let fetching = async {
        let opened = fetcher.open(url.as_str(), headers).await?;
        if range.is_some() && !opened.headers.contains_key(CONTENT_RANGE) {
            return Err(IntakeFailure::Broken);
        }
        Ok(opened.read(limit).await?.into())
    };
    let slow = || IntakeFailure::Unreachable("it took too long".to_owned());
    let fetching = tokio::time::timeout(SEGMENT_TIME, fetching).await;
    fetching.unwrap_or_else(|_| Err(slow()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master(text: &str) -> MasterPlaylist {
        match parsed(text.as_bytes()).unwrap() {
            Playlist::MasterPlaylist(master) => master,
            Playlist::MediaPlaylist(_) => panic!("it is none"),
        }
    }

    fn list(text: &str) -> MediaPlaylist {
        match parsed(text.as_bytes()).unwrap() {
            Playlist::MediaPlaylist(list) => list,
            Playlist::MasterPlaylist(_) => panic!("it is none"),
        }
    }

    #[test]
    fn the_best_sound_without_a_picture_is_chosen() {
        let with = |variants: &str| master(&format!("#EXTM3U\n{variants}"));
        let sound = with(
            "#EXT-X-STREAM-INF:BANDWIDTH=48000,CODECS=\"mp4a.40.5\"\nhe.m3u8\n\
             #EXT-X-STREAM-INF:BANDWIDTH=96000,CODECS=\"mp4a.40.2\"\nlow.m3u8\n\
             #EXT-X-STREAM-INF:BANDWIDTH=192000,CODECS=\"mp4a.40.2\"\nhigh.m3u8\n\
             #EXT-X-STREAM-INF:BANDWIDTH=1500000,CODECS=\"mp4a.40.2\"\nhuge.m3u8\n\
             #EXT-X-STREAM-INF:BANDWIDTH=90000,RESOLUTION=320x180,CODECS=\"avc1.4,mp4a.40.2\"\nfilm.m3u8\n",
        );
        assert_eq!(choice(&sound), Some("high.m3u8"));
        let film = with(
            "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"x\",URI=\"other.m3u8\"\n\
             #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"y\",DEFAULT=YES,URI=\"sound.m3u8\"\n\
             #EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360,AUDIO=\"a\"\nfilm.m3u8\n",
        );
        assert_eq!(choice(&film), Some("sound.m3u8"));
        let muxed = with(
            "#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360\nbig.m3u8\n\
             #EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=320x180\nsmall.m3u8\n",
        );
        assert_eq!(choice(&muxed), Some("small.m3u8"));
    }

    #[test]
    fn live_begins_near_the_end_and_goes_on_from_there() {
        let text = |first: u64, end: &str| {
            let segments: Vec<String> = (first..first + 6)
                .map(|it| format!("#EXTINF:4,\n{it}.aac\n"))
                .collect();
            let segments = segments.concat();
            list(&format!(
                "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:{first}\n{segments}{end}"
            ))
        };
        let names = |tape: &Tape, list: &MediaPlaylist| -> Vec<String> {
            let news = tape.next_of(list);
            news.into_iter().map(|(_, segment)| segment.uri).collect()
        };
        let mut tape = Tape::default();
        assert_eq!(names(&tape, &text(10, "")), ["13.aac", "14.aac", "15.aac"]);
        assert_eq!(names(&tape, &text(0, "#EXT-X-ENDLIST\n")).len(), 6);
        tape.next = Some(16);
        assert!(names(&tape, &text(10, "")).is_empty());
        assert_eq!(names(&tape, &text(11, "")), ["16.aac"]);
        assert_eq!(names(&tape, &text(30, "")), ["33.aac", "34.aac", "35.aac"]);
        assert_eq!(names(&tape, &text(1, "")), ["4.aac", "5.aac", "6.aac"]);
    }

    #[test]
    fn a_tag_before_packed_sound_is_left_out() {
        let tagged = b"ID3\x04\0\0\0\0\0\x03tagsound";
        assert_eq!(without_tag(Bytes::from_static(tagged)), "sound");
        let bare = Bytes::from_static(b"\xff\xf1sound");
        assert_eq!(without_tag(bare.clone()), bare);
        let cut = b"ID3\x04\0\0\x7f\x7f\x7f\x7fcut";
        assert!(without_tag(Bytes::from_static(cut)).is_empty());
    }

    #[test]
    fn a_part_of_a_file_begins_where_the_last_one_ended() {
        let part = |length, offset| ByteRange { length, offset };
        let mut tape = Tape::default();
        assert_eq!(tape.range("a", Some(&part(10, Some(5)))), Some((5, 14)));
        assert_eq!(tape.range("a", Some(&part(10, None))), Some((15, 24)));
        assert_eq!(tape.range("b", Some(&part(10, None))), Some((0, 9)));
        assert_eq!(tape.range("b", None), None);
    }
}
