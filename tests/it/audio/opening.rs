//! A file is opened by a process of the program, as the bot has it done, and what that process took is
//! measured: processor time and memory, as the system counted them.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use wait4::Wait4;

/// What the system lets a process have that does nothing with it; whole seconds are counted, and it
/// takes a moment to notice.
const PROCESSOR_TIME: Duration = Duration::from_millis(2_300);
/// What a process may ask for, and the program itself.
const MEMORY: u64 = (256 + 64) * 1024 * 1024;

/// How a process ends whose program has lost its head.
const PANICKED: &str = "exit status: 101";

/// What came of it.
pub(super) struct Opened {
    /// The process came to an end of its own, and said something.
    pub(super) answers: bool,
    /// What it said is that the file can be played.
    pub(super) plays: bool,
    /// How the process ended, as the system says it.
    pub(super) ending: String,
    pub(super) processor_time: Duration,
    /// At the most, in bytes.
    pub(super) memory: u64,
}

/// Has `rondo examine` or `rondo prepare` open the file. Blocks.
pub(super) fn open(what: &str, file: &Path, out: &Path) -> Opened {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
    command.arg(what).arg(file).arg(out).env_clear();
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut said = String::new();
    let mut says = child.stdout.take().expect("it is piped");
    says.read_to_string(&mut said).expect("it speaks UTF-8");
    let ended = child.wait4().expect("it ends");
    let refuses = said.starts_with(r#"{"Refused""#);
    let answers = ended.status.success();
    assert_eq!(answers, said.starts_with('{'), "{what} says {said}");
    Opened {
        answers,
        ending: ended.status.to_string(),
        plays: answers && !refuses,
        processor_time: ended.rusage.utime + ended.rusage.stime,
        memory: ended.rusage.maxrss,
    }
}

/// Has `rondo stream` play the file from there, or as it comes in where no place is given. Blocks.
pub(super) fn play(file: &Path, from_ms: Option<u64>) -> Opened {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
    command.arg("stream").env_clear().stderr(Stdio::null());
    if let Some(from_ms) = from_ms {
        command.arg(file).args(["--from-ms", &from_ms.to_string()]);
        command.stdin(Stdio::null());
    } else {
        let file = std::fs::File::open(file).expect("it is there");
        command.arg("-").stdin(file);
    }
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut packets = child.stdout.take().expect("it is piped");
    let played = std::io::copy(&mut packets, &mut std::io::sink()).expect("it is read");
    let ended = child.wait4().expect("it ends");
    Opened {
        answers: ended.status.success(),
        ending: ended.status.to_string(),
        plays: played > 0,
        processor_time: ended.rusage.utime + ended.rusage.stime,
        memory: ended.rusage.maxrss,
    }
}

impl Opened {
    /// It kept to the limits. A whole file that plays may take as long as it has to.
    pub(super) fn assert_frugal(&self, what: &str) {
        let Opened {
            processor_time,
            memory,
            ending,
            ..
        } = self;
        assert!(
            *processor_time < PROCESSOR_TIME,
            "{what} took {processor_time:?}"
        );
        assert!(*memory < MEMORY, "{what} took {memory} bytes");
        assert_ne!(ending, PANICKED, "{what}");
    }
}
