//! Known sounds, heard.

#![expect(clippy::cast_possible_truncation, reason = "sines fit their samples")]

use super::*;
use opus2::{Application, Channels, Encoder};
use std::time::Duration;
use tokio::time::advance;

const SPEAKER: Speaker = Speaker {
    guild_id: 1,
    channel_id: 2,
    user_id: 3,
};
const LISTENER: Id = 4;
const SSRC: u32 = 77;
const SILENCE: [u8; 3] = [0xF8, 0xFF, 0xFE];

struct Mouth {
    ears: Ears,
    encoder: Encoder,
    phase: f64,
    sequence: u16,
    timestamp: u32,
    nonce: u32,
}

impl Mouth {
    fn new() -> Self {
        let ears = Ears::new();
        ears.begin(SSRC, SPEAKER);
        ears.speaking(SSRC, 1);
        for user_id in [SPEAKER.user_id, LISTENER] {
            ears.place(1, user_id, Some(placed(false, false)));
        }
        assert!(ears.listen(LISTENER));
        Self {
            ears,
            encoder: Encoder::new(SAMPLE_RATE, Channels::Stereo, Application::Audio).unwrap(),
            phase: 0.0,
            sequence: u16::MAX - 5,
            timestamp: u32::MAX - 3_000,
            nonce: 9,
        }
    }

    fn frame(&mut self, hertz: f64) -> Vec<u8> {
        let mut sound = Vec::new();
        for _ in 0..960 {
            let sample = (self.phase.sin() * 8_000.0) as i16;
            sound.extend([sample, sample]);
            self.phase += std::f64::consts::TAU * hertz / 48_000.0;
        }
        self.encoder.encode_vec(&sound, 1_500).unwrap()
    }

    fn say(&mut self, opus: &[u8]) -> Verdict {
        self.said_at(self.ears.now_samples(), opus)
    }

    /// What arrived some time ago, and is looked at only now.
    fn said_at(&mut self, arrived: u64, opus: &[u8]) -> Verdict {
        let packet = Packet {
            sequence: self.sequence,
            timestamp: self.timestamp,
            nonce: self.nonce,
            opus,
        };
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(960);
        self.nonce += 1;
        self.ears.receive((SSRC, arrived), &packet)
    }

    async fn sing(&mut self, hertz: f64, frames: usize) {
        for _ in 0..frames {
            let opus = self.frame(hertz);
            assert_eq!(self.say(&opus), Verdict::Good);
            advance(Duration::from_millis(20)).await;
        }
    }

    async fn fall_silent(&mut self) {
        for _ in 0..5 {
            self.say(&SILENCE);
            advance(Duration::from_millis(20)).await;
        }
    }

    fn heard(&self) -> Heard {
        self.ears.heard(1, 3).remove(0)
    }
}

fn placed(deaf: bool, mute: bool) -> Place {
    Place {
        channel_id: 2,
        deaf,
        mute,
    }
}

#[tokio::test(start_paused = true)]
async fn tones_are_heard_second_by_second() {
    let mut mouth = Mouth::new();
    mouth.sing(440.0, 50).await;
    mouth.sing(1_000.5, 50).await;
    mouth.sing(3_517.25, 50).await;
    mouth.fall_silent().await;
    let recording = mouth.ears.recording(LISTENER);
    assert_eq!(recording.length_ms(), 3_100);
    let tones: Vec<_> = recording.tones().into_iter().flatten().collect();
    for (tone, hertz) in tones.iter().zip([440.0, 1_000.5, 3_517.25]) {
        assert!(
            (tone.frequency - hertz).abs() < 0.5,
            "{tone:?} is not {hertz}"
        );
        assert!(tone.purity > 0.9, "{tone:?}");
        assert!((tone.level_dbfs + 15.26).abs() < 0.5, "{tone:?}");
    }
    assert_eq!(tones.len(), 3);
    let heard = mouth.heard();
    assert_eq!((heard.frames, heard.silence_frames_at_end), (155, 5));
    assert!(heard.is_clean(), "{heard:?}");
}

#[tokio::test(start_paused = true)]
async fn a_pause_lasts_as_long_as_the_clock_says() {
    let mut mouth = Mouth::new();
    mouth.sing(440.0, 50).await;
    mouth.fall_silent().await;
    advance(Duration::from_millis(900)).await;
    mouth.sing(440.0, 50).await;
    let recording = mouth.ears.recording(LISTENER);
    assert_eq!(recording.length_ms(), 3_000);
    let silence = recording.longest_silence_ms();
    assert!((950..=1_010).contains(&silence), "{silence}");
    let heard = mouth.heard();
    assert_eq!(heard.unclosed_speech, 0);
    assert!(heard.longest_gap_ms <= 21 && heard.is_clean(), "{heard:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stall_while_speaking_is_a_gap_and_a_violation() {
    let mut mouth = Mouth::new();
    mouth.sing(440.0, 50).await;
    advance(Duration::from_millis(980)).await;
    mouth.sing(440.0, 50).await;
    let heard = mouth.heard();
    assert_eq!((heard.longest_gap_ms, heard.unclosed_speech), (1_000, 1));
    assert_eq!(heard.violations.len(), 1, "{heard:?}");
    let silence = mouth.ears.recording(LISTENER).longest_silence_ms();
    assert!((900..1_010).contains(&silence), "{silence}");
}

#[tokio::test(start_paused = true)]
async fn lost_repeated_and_late_packets_are_counted() {
    let mut mouth = Mouth::new();
    mouth.sing(440.0, 10).await;
    mouth.sequence = mouth.sequence.wrapping_add(2);
    mouth.timestamp = mouth.timestamp.wrapping_add(1_920);
    mouth.sing(440.0, 10).await;
    assert_eq!(mouth.heard().lost, 2);

    let (sequence, timestamp, nonce) = (mouth.sequence, mouth.timestamp, mouth.nonce);
    mouth.sequence = sequence.wrapping_sub(11);
    mouth.timestamp = timestamp.wrapping_sub(960 * 11);
    let opus = mouth.frame(440.0);
    assert_eq!(mouth.say(&opus), Verdict::Good);
    let heard = mouth.heard();
    assert_eq!((heard.lost, heard.out_of_order), (1, 1));

    mouth.sequence = sequence.wrapping_sub(1);
    mouth.nonce = nonce.wrapping_sub(1);
    assert_eq!(mouth.say(&opus), Verdict::Dropped);
    let heard = mouth.heard();
    assert_eq!((heard.duplicates, heard.frames), (1, 21));
    assert_eq!(heard.violations_total, 0, "{heard:?}");
}

#[tokio::test(start_paused = true)]
async fn a_nonce_used_twice_and_a_jumping_time_stamp_are_violations() {
    let mut mouth = Mouth::new();
    mouth.sing(440.0, 10).await;
    mouth.nonce -= 1;
    mouth.sing(440.0, 1).await;
    assert_eq!(mouth.heard().nonce_reused, 1);
    mouth.timestamp = mouth.timestamp.wrapping_add(480);
    mouth.sing(440.0, 1).await;
    let heard = mouth.heard();
    assert_eq!((heard.timestamp_errors, heard.violations_total), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn sound_without_speaking_is_tolerated_for_half_a_second_only() {
    let mut mouth = Mouth::new();
    mouth.ears.begin(SSRC, SPEAKER);
    let opus = mouth.frame(440.0);
    for _ in 0..26 {
        assert_eq!(mouth.say(&opus), Verdict::Good);
        advance(Duration::from_millis(20)).await;
    }
    assert_eq!(mouth.say(&opus), Verdict::NotAnnounced);
}

#[tokio::test(start_paused = true)]
async fn a_server_behind_its_reading_blames_nobody_for_an_unread_speaking() {
    let mut mouth = Mouth::new();
    mouth.ears.begin(SSRC, SPEAKER);
    let opus = mouth.frame(440.0);
    advance(Duration::from_secs(2)).await;
    for frame in 0..69 {
        assert_eq!(mouth.said_at(frame * 960, &opus), Verdict::Good);
    }
    mouth.ears.speaking(SSRC, 1);
    advance(Duration::from_secs(1)).await;
    assert_eq!(mouth.said_at(69 * 960, &opus), Verdict::Good);
    assert_eq!(mouth.heard().violations_total, 0);
}

#[tokio::test(start_paused = true)]
async fn the_deaf_the_absent_and_a_muted_speakers_public_hear_nothing() {
    let mut mouth = Mouth::new();
    mouth.ears.place(1, LISTENER, Some(placed(true, false)));
    mouth.sing(440.0, 5).await;
    mouth.ears.place(1, LISTENER, None);
    mouth.sing(440.0, 5).await;
    mouth.ears.place(1, LISTENER, Some(placed(false, false)));
    mouth.ears.place(1, 3, Some(placed(false, true)));
    mouth.sing(440.0, 5).await;
    assert_eq!(mouth.ears.recording(LISTENER).frames, 0);
    mouth.ears.place(1, 3, Some(placed(false, false)));
    mouth.sing(440.0, 5).await;
    assert_eq!(mouth.ears.recording(LISTENER).frames, 5);
    assert_eq!(mouth.heard().frames, 20);
}

#[tokio::test(start_paused = true)]
async fn loudness_follows_the_standard_and_a_file_holds_the_sound() {
    let mut mouth = Mouth::new();
    mouth.sing(997.0, 150).await;
    let recording = mouth.ears.recording(LISTENER);
    // A stereo sine of 997 Hz measures its level in dBFS (peak) by BS.1770; 8000/32768 is -12.2.
    let lufs = recording.loudness_lufs(500, 3_000);
    assert!((lufs + 12.25).abs() < 0.3, "{lufs}");
    let path = std::env::temp_dir().join(format!("ears-{}.wav", std::process::id()));
    recording.write_wav(&path).unwrap();
    let mut file = hound::WavReader::open(&path).unwrap();
    assert_eq!(file.spec().sample_rate, SAMPLE_RATE);
    let read: Vec<i16> = file.samples().map(Result::unwrap).collect();
    assert_eq!(read, recording.samples());
    std::fs::remove_file(path).unwrap();
}
