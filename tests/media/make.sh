#!/bin/sh
# Makes the sound fixtures again. Needs ffmpeg; the tests only need the files. Each is a second and a
# half of one pitch with tags and, where the container takes one, a small cover.
set -eu
cd "$(dirname "$0")"
tmp="$(mktemp -d)"
trap 'rm -rf "$tmp"' EXIT
ffmpeg -loglevel error -y -f lavfi -i "color=c=teal:s=64x64" -frames:v 1 "$tmp/cover.png"

# name, pitch in Hz, further arguments
tone() {
    name="$1" hz="$2"
    shift 2
    ffmpeg -loglevel error -y -f lavfi -i "sine=frequency=$hz:sample_rate=48000:duration=1.5" \
        -af "volume=3" -ac 2 \
        -metadata title="夜来香 $name" -metadata artist="The Testers" -metadata album="Fixtures" \
        "$@" "$name"
}
with_cover() {
    name="$1" hz="$2"
    shift 2
    ffmpeg -loglevel error -y -f lavfi -i "sine=frequency=$hz:sample_rate=48000:duration=1.5" \
        -i "$tmp/cover.png" -map 0:a -map 1:v -disposition:v attached_pic -af "volume=3" -ac 2 \
        -metadata title="夜来香 $name" -metadata artist="The Testers" -metadata album="Fixtures" \
        "$@" "$name"
}
with_cover tone.mp3 330 -c:a libmp3lame -b:a 64k -c:v copy -id3v2_version 3
with_cover aac.m4a 360 -c:a aac -b:a 64k -c:v copy
with_cover alac.m4a 390 -c:a alac -c:v copy
with_cover tone.flac 420 -c:a flac -c:v copy
tone tone.wav 450 -c:a pcm_s16le -ar 22050
tone vorbis.ogg 480 -c:a libvorbis -q:a 2
tone tone.opus 510 -c:a libopus -b:a 48k
tone tone.webm 540 -c:a libopus -b:a 48k
ffmpeg -loglevel error -y -f lavfi -i "color=c=black:s=64x64:r=5:d=1" -c:v mpeg4 silent_film.mp4

# A segment of HTTP live streaming as a transport stream, and the sound that is in it.
ffmpeg -loglevel error -y -f lavfi -i "sine=frequency=570:sample_rate=48000:duration=1.5" \
    -af "volume=3" -ac 2 -c:a aac -b:a 64k -fflags +bitexact -f adts segment.aac
ffmpeg -loglevel error -y -i segment.aac -c copy -fflags +bitexact -f mpegts segment.ts
tone vbr.mp3 345 -c:a libmp3lame -q:a 7 -write_id3v1 1 -id3v2_version 4
tone rate.mp3 355 -c:a libmp3lame -b:a 64k -ar 44100
tone mp2.mp2 616 -c:a mp2 -b:a 64k
tone tone.aac 375 -c:a aac -b:a 64k -f adts -write_id3v2 1
tone tone.aiff 405 -c:a pcm_s16be -ar 16000 -ac 1 -write_id3v2 1
tone tone.caf 435 -c:a pcm_s16le -ar 16000 -ac 1
tone alac.caf 437 -c:a alac -ar 16000 -ac 1
# Their tags say by how much they are to be changed.
tone gain.flac 425 -metadata REPLAYGAIN_TRACK_GAIN="-6.50 dB" -c:a flac -ar 16000 -ac 1
tone gain.opus 427 -metadata R128_TRACK_GAIN=-1536 -c:a libopus -b:a 32k
tone flac.ogg 465 -c:a flac -ar 16000 -ac 1
tone flac.mka 573 -c:a flac -ar 16000 -ac 1
tone wav24.wav 495 -c:a pcm_s24le -ar 11025 -ac 1
tone float.wav 525 -c:a pcm_f32le -ar 8000 -ac 1
tone adpcm_ms.wav 555 -c:a adpcm_ms -ar 22050
tone adpcm_ima.wav 557 -c:a adpcm_ima_wav -ar 22050
tone vorbis.mka 570 -c:a libvorbis -q:a 1
tone aac.mkv 575 -c:a aac -b:a 48k
tone opus.mp4 617 -c:a libopus -b:a 32k
film() {
    name="$1" hz="$2"
    shift 2
    ffmpeg -loglevel error -y -f lavfi -i "color=c=black:s=64x64:r=5:d=1.5" \
        -f lavfi -i "sine=frequency=$hz:sample_rate=48000:duration=1.5" -af "volume=3" -ac 2 \
        -metadata title="夜来香 $name" -metadata artist="The Testers" -metadata album="Fixtures" \
        "$@" "$name"
}
film film.mp4 645 -c:v mpeg4 -c:a aac -b:a 64k
film film.webm 660 -c:v libvpx -c:a libvorbis -q:a 1
