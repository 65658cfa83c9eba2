# Rondo as an image: built with the Rust of the first stage, run as a user of its own on Debian with
# the fonts that cards are drawn with. What is kept lies in /data.
#
#   docker build -t rondo .
#   docker build -t rondo --build-arg YTDLP=yes .     with yt-dlp and Deno, for YouTube and the like

FROM rust:1-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends cmake make g++ \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin rondo

FROM debian:bookworm-slim
ARG YTDLP=no
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
    && if [ "$YTDLP" = yes ]; then \
        apt-get install -y --no-install-recommends curl ffmpeg python3 unzip \
        && curl -fsSL -o /usr/local/bin/yt-dlp \
            https://github.com/yt-dlp/yt-dlp/releases/latest/download/yt-dlp \
        && chmod 755 /usr/local/bin/yt-dlp \
        && curl -fsSL -o /tmp/deno.zip \
            "https://github.com/denoland/deno/releases/latest/download/deno-$(uname -m)-unknown-linux-gnu.zip" \
        && unzip -q /tmp/deno.zip -d /usr/local/bin \
        && rm /tmp/deno.zip; \
    fi \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --no-log-init --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin rondo \
    && install -d -o rondo -g rondo /data
COPY --from=build /src/target/release/rondo /usr/local/bin/rondo
USER rondo
WORKDIR /data
VOLUME /data
# Rondo stops softly on SIGTERM, which is what Docker sends.
ENTRYPOINT ["rondo"]
