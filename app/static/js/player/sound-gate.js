// What is shown while the browser keeps the page silent until a first click: a button that is that click.

/** @import {NowPlaying} from "./now-playing.js" */

export class SoundGate {
  /** @param {HTMLElement} button @param {NowPlaying} now */
  constructor(button, now) {
    const { player } = now;
    player.addEventListener("blocked", () => {
      button.hidden = false;
    });
    // any gesture opens it: what plays then says so
    player.addEventListener("state", () => {
      if (player.state === "playing") button.hidden = true;
    });
    button.addEventListener("click", () => {
      button.hidden = true;
      if (!player.busy) now.playOrPause();
    });
  }
}
