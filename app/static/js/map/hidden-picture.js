// A picture of the canvas's size that nobody sees until it is finished.

export class HiddenPicture {
  /** @type {{ framebuffer: WebGLFramebuffer, pixels: WebGLRenderbuffer, width: number, height: number } | null} */
  #held = null;

  /** Draw into it from now on. @param {WebGL2RenderingContext} gl @param {{ width: number, height: number }} size in pixels */
  begin(gl, { width, height }) {
    this.#held ??= {
      framebuffer: /** @type {WebGLFramebuffer} */ (gl.createFramebuffer()),
      pixels: /** @type {WebGLRenderbuffer} */ (gl.createRenderbuffer()),
      width: 0,
      height: 0,
    };
    const held = this.#held;
    gl.bindFramebuffer(gl.FRAMEBUFFER, held.framebuffer);
    if (held.width === width && held.height === height) return;
    Object.assign(held, { width, height });
    gl.bindRenderbuffer(gl.RENDERBUFFER, held.pixels);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, held.pixels);
  }

  /** Draw onto the canvas again. @param {WebGL2RenderingContext} gl */
  end(gl) {
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** Put it onto the canvas. @param {WebGL2RenderingContext} gl */
  show(gl) {
    if (!this.#held) return;
    const { framebuffer, width, height } = this.#held;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, framebuffer);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    this.end(gl);
  }

  /** What was held went with the context. */
  forget() {
    this.#held = null;
  }

  /** @param {WebGL2RenderingContext} gl */
  free(gl) {
    if (!this.#held) return;
    gl.deleteFramebuffer(this.#held.framebuffer);
    gl.deleteRenderbuffer(this.#held.pixels);
    this.#held = null;
  }
}
