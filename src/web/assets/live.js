// Follows the stage: puts in what the server sends as it is sent, and lets the time of the song run
// in between. Everything that is shown is written by the server; nothing is worded here.
"use strict";
(() => {
  const body = document.body;
  const isOverlay = body.classList.contains("overlay");
  const place = (id) => document.getElementById(id);

  /** How far the server's clock is ahead of ours, in milliseconds. */
  let ahead = 0;
  /** The newest comment that was shown. */
  let newest = 0;

  /** The song that is shown, with the times it is told by. */
  const song = () => document.querySelector("#track [data-key]");

  const clock = (ms) => {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const two = (n) => String(n).padStart(2, "0");
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  };

  const run = () => {
    const now = song();
    const at = now && now.querySelector(".at");
    if (!at) return;
    const { zero, position, length, playing } = now.dataset;
    const length_ms = Number(length);
    const ran = playing === "yes" ? Date.now() + ahead - Number(zero) : Number(position);
    const ms = length_ms > 0 ? Math.min(Math.max(0, ran), length_ms) : Math.max(0, ran);
    at.textContent = clock(ms);
    const past = now.querySelector(".past");
    if (past && length_ms > 0) past.setAttribute("width", String((1000 * ms) / length_ms));
  };

  /** A song that stands there already is not put in again: it would be read out again. */
  const putTrack = (html) => {
    const made = document.createElement("template");
    made.innerHTML = html;
    const next = made.content.querySelector("[data-key]");
    const shown = song();
    if (shown && next && shown.dataset.key === next.dataset.key) return;
    place("track").replaceChildren(made.content);
    const said = place("said");
    const words = next ? next.dataset.said : place("track").textContent.trim();
    if (said.textContent !== words) said.textContent = words;
    run();
  };

  const linesOf = (html) => {
    const made = document.createElement("template");
    made.innerHTML = html;
    return [...made.content.children];
  };

  const addComments = (lines, isNew) => {
    const list = place("comments");
    const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    for (const line of lines) {
      newest = Math.max(newest, Number(line.dataset.id));
      if (isNew) line.classList.add("new");
      if (isOverlay) line.addEventListener("animationend", (it) => it.animationName === "leave" && line.remove());
      list.append(line);
    }
    while (list.children.length > Number(list.dataset.most)) list.firstElementChild.remove();
    if (wasAtEnd) list.scrollTop = list.scrollHeight;
  };

  /** All comments at once, when the connection is new or a name was hidden: those that are shown are
      written anew where they stand, and what has risen over a stream and gone does not come back. */
  const putComments = (html) => {
    const lines = linesOf(html);
    const known = new Map(lines.map((line) => [line.dataset.id, line]));
    for (const shown of [...place("comments").children]) {
      const line = known.get(shown.dataset.id);
      if (!line) shown.remove();
      else if (shown.innerHTML !== line.innerHTML) shown.innerHTML = line.innerHTML;
    }
    addComments(lines.filter((line) => Number(line.dataset.id) > newest), newest > 0);
  };

  const hear = {
    clock: (data) => {
      ahead = Number(data) - Date.now();
      run();
    },
    head: (data) => (place("head").innerHTML = data),
    seats: (data) => (place("seats").innerHTML = data),
    track: putTrack,
    rating: (data) => (place("rating").innerHTML = data),
    comments: putComments,
    comment: (data) => addComments(linesOf(data), true),
  };

  const isLost = (lost) => (place("lost").hidden = !lost);

  const follow = () => {
    const source = new EventSource(body.dataset.events);
    for (const [name, take] of Object.entries(hear)) {
      source.addEventListener(name, (event) => take(event.data));
    }
    source.addEventListener("over", (event) => {
      source.close();
      isLost(false);
      body.classList.add("over");
      place("stage").innerHTML = event.data;
    });
    source.addEventListener("open", () => isLost(false));
    source.addEventListener("error", () => {
      isLost(true);
      // The browser tries again by itself, unless the server was too busy for us.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(follow, 10000 + Math.random() * 20000);
      }
    });
  };

  if (body.dataset.events) {
    const list = place("comments");
    const before = list.innerHTML;
    list.replaceChildren();
    addComments(linesOf(before), false);
    list.scrollTop = list.scrollHeight;
    setInterval(run, 500);
    follow();
  }
})();
