// What plays, told to the system: the keys of keyboards and headphones, the screen of a locked phone.

/** @import {NowPlaying} from "./now-playing.js" */
/** @import {WhatNext} from "./what-next.js" */

const SEEK_S = 10;

/**
 * @param {NowPlaying} now @param {WhatNext} next
 * @param {MediaSession | undefined} session browsers without one have no such keys
 */
export function tellSystem(now, next, session) {
  if (!session) return;
  const { player } = now;
  /** @type {Partial<Record<MediaSessionAction, (details: MediaSessionActionDetails) => void>>} */
  const actions = {
    play: () => player.busy || now.playOrPause(),
    pause: () => now.pause(),
    stop: () => now.pause(),
    previoustrack: () => void next.skip(-1),
    nexttrack: () => void next.skip(1),
    seekbackward: ({ seekOffset }) => void now.seek(player.time_s - (seekOffset ?? SEEK_S)),
    seekforward: ({ seekOffset }) => void now.seek(player.time_s + (seekOffset ?? SEEK_S)),
    seekto: ({ seekTime }) => void now.seek(seekTime ?? 0),
  };
  for (const [action, run] of Object.entries(actions)) listen(session, /** @type {MediaSessionAction} */ (action), run);
  /** @type {number | null} */
  let told = null;
  const tell = () => {
    const { segment } = now;
    session.playbackState = player.busy ? "playing" : segment ? "paused" : "none";
    if (segment && segment.track.id !== told) {
      const { title, artist, album } = segment.track;
      session.metadata = new MediaMetadata({ title, artist: artist ?? "", album: album ?? "" });
      told = segment.track.id;
    }
    tellPosition(now, session);
  };
  now.addEventListener("change", tell);
  player.addEventListener("state", tell);
}

/** @param {NowPlaying} now @param {MediaSession} session */
function tellPosition({ segment, player }, session) {
  const duration = player.duration_s ?? segment?.track.duration_s;
  if (!segment || !duration) return;
  session.setPositionState({ duration, position: Math.min(player.time_s, duration), playbackRate: 1 });
}

/** @param {MediaSession} session @param {MediaSessionAction} action @param {(details: MediaSessionActionDetails) => void} run */
function listen(session, action, run) {
  try {
    session.setActionHandler(action, run);
  } catch (error) {
    // an action that the browser does not know
    if (!(error instanceof TypeError)) throw error;
  }
}
