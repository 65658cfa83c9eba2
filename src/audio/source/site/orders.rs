//! The command lines of yt-dlp: what it is told to do, and how its lines about progress are read. The
//! program itself is run elsewhere.

use super::LIST_SIZE_LIMIT;
use crate::audio::progress::Progress;
use std::ffi::OsString;

/// Results of one search.
const RESULTS: usize = 5;
/// What a fetched file is called, before its ending.
pub(super) const FETCHED: &str = "sound";
/// What a line about progress begins with.
const PROGRESS: &str = "at ";

/// Every line is for these sites alone.
#[derive(Debug)]
pub(super) struct Orders {
    /// Expressions for the names of extractors.
    extractors: String,
}

impl Orders {
    pub(super) fn to(sites: &[String]) -> Orders {
        let sites: Vec<String> = sites.iter().map(|site| format!("{site}(:.+)?")).collect();
        Orders {
            extractors: sites.join(","),
        }
    }

    /// Say which version it is.
    pub(super) fn version() -> Vec<OsString> {
        vec!["--ignore-config".into(), "--version".into()]
    }

    /// Say what the link leads to, in one JSON text.
    pub(super) fn look(&self, link: &str) -> Vec<OsString> {
        self.all(&["--flat-playlist", "--dump-single-json"], link)
    }

    /// Say of each track of a list what it is, a line for each.
    pub(super) fn look_at_each(&self, link: &str) -> Vec<OsString> {
        self.all(&["--ignore-errors", "--dump-json"], link)
    }

    /// Search a site; `search` is its word for that.
    pub(super) fn search(&self, search: &str, words: &str) -> Vec<OsString> {
        self.look(&format!("{search}{RESULTS}:{words}"))
    }

    /// Fetch the sound into the folder where it runs, at most so many bytes.
    pub(super) fn fetch(&self, link: &str, size_limit: u64) -> Vec<OsString> {
        let (limit, name) = (size_limit.to_string(), format!("{FETCHED}.%(ext)s"));
        let template = format!(
            "download:{PROGRESS}%(progress.downloaded_bytes)s \
             %(progress.total_bytes,progress.total_bytes_estimate)s"
        );
        let these = [
            "--quiet",
            "--progress",
            "--newline",
            "--progress-template",
            &template,
            "--format",
            "bestaudio/best",
            "--max-filesize",
            &limit,
            "--match-filters",
            "!is_live",
            "--fixup",
            "never",
            "--no-part",
            "--no-mtime",
            "--output",
            &name,
        ];
        self.all(&these, link)
    }

    /// What every line has, these, and `--` before the link.
    fn all(&self, these: &[&str], link: &str) -> Vec<OsString> {
        let items = format!(":{LIST_SIZE_LIMIT}");
        let always = [
            "--ignore-config",
            "--no-plugin-dirs",
            "--no-remote-components",
            "--no-cache-dir",
            "--no-update",
            "--no-cookies",
            "--no-exec",
            "--no-cookies-from-browser",
            "--no-mark-watched",
            "--no-playlist",
            "--color",
            "never",
            "--no-warnings",
            "--socket-timeout",
            "10",
            "--retries",
            "2",
            "--extractor-retries",
            "1",
            "--playlist-items",
            &items,
            "--use-extractors",
            &self.extractors,
        ];
        let all = always.iter().chain(these).chain(&["--"]).chain([&link]);
        all.map(OsString::from).collect()
    }
}

/// `at 1024 4096`; a figure that is not known is `NA`.
pub(super) fn progress(line: &str) -> Option<Progress> {
    let (done, total) = line.strip_prefix(PROGRESS)?.split_once(' ')?;
    // An estimate has a fraction.
    let whole = |text: &str| text.split('.').next()?.parse().ok();
    let done = whole(done)?;
    Some(Progress::Fetching {
        done,
        total: whole(total),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    fn orders() -> Orders {
        Orders::to(&["youtube".to_owned(), "soundcloud".to_owned()])
    }

    #[test]
    fn the_link_is_never_taken_for_an_option() {
        let said = orders().look("--version");
        assert_eq!(said[said.len() - 2..], ["--", "--version"]);
        assert!(said.contains(&"youtube(:.+)?,soundcloud(:.+)?".into()));
    }

    #[test]
    fn lines_about_progress_are_read() {
        let known = Progress::Fetching {
            done: 10,
            total: Some(40),
        };
        assert_eq!(progress("at 10 40.7"), Some(known));
        assert_eq!(
            progress("at 10 NA"),
            Some(Progress::Fetching {
                done: 10,
                total: None
            })
        );
        assert_eq!(progress("[download] 10"), None);
    }

    /// The real program, where there is one: it must understand every word, and come as far as the
    /// network, of which it is given none.
    #[test]
    fn the_real_program_understands_every_order() {
        let run = |arguments: &[OsString]| {
            let folder = tempfile::TempDir::new().unwrap();
            let mut command = Command::new("yt-dlp");
            command.args(arguments).current_dir(folder.path());
            command.stdin(Stdio::null()).output()
        };
        let Ok(version) = run(&Orders::version()) else {
            println!("not tried: no yt-dlp");
            return;
        };
        let version = String::from_utf8(version.stdout).unwrap();
        println!("yt-dlp {}", version.trim());
        assert!(version.starts_with("20"), "{version}");
        // Debian's package may be years old, and such a one reaches no site anyway.
        if version.as_str() < "2025.04" {
            println!("not tried: it is too old to know them all");
            return;
        }
        let link = "https://www.youtube.com/watch?v=BaW_jenozKc";
        let orders = orders();
        let all = [
            orders.look(link),
            orders.look_at_each(link),
            orders.search("scsearch", "--night & day"),
            orders.fetch(link, 1_000_000),
        ];
        for mut order in all {
            // A port on which nobody listens takes the place of the network.
            let without = ["--simulate", "--proxy", "http://127.0.0.1:9"];
            let before = order.len() - 2;
            order.splice(before..before, without.map(OsString::from));
            let done = run(&order).unwrap();
            let complaint = String::from_utf8_lossy(&done.stderr).into_owned();
            println!("{:?}: {}", done.status.code(), complaint.trim());
            // A word that it does not know is 2, with its usage.
            assert_eq!(done.status.code(), Some(1), "{complaint}");
            assert!(
                complaint.contains("ERROR: [youtube") || complaint.contains("ERROR: [soundcloud"),
                "{complaint}"
            );
        }
        // Another site is not asked, whatever the link.
        let done = run(&orders.look("http://127.0.0.1:9/song.mp3")).unwrap();
        let complaint = String::from_utf8_lossy(&done.stderr).to_lowercase();
        println!("{:?}: {}", done.status.code(), complaint.trim());
        assert!(complaint.contains("no suitable extractor"), "{complaint}");
    }
}
