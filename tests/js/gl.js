// A graphics context that draws nothing and remembers what it was told; its constants are their names.

export function fakeGl() {
  const calls = [];
  const gl = {
    calls,
    /** What it was told by a name, each time. */
    told: (name) => calls.filter(([each]) => each === name).map(([, ...values]) => values),
    isContextLost: () => false,
    getAttribLocation: (_, name) => name,
    getUniformLocation: (_, name) => name,
  };
  return new Proxy(gl, {
    get(target, name) {
      if (name in target) return target[name];
      if (name === name.toUpperCase()) return name;
      return (...values) => {
        calls.push([name, ...values]);
        return {};
      };
    },
  });
}
