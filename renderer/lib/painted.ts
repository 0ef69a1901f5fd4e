// Waiting until a person can see what was just said, before views are built anew.

/** A window that is hidden or held up draws no frame: it is not waited for longer than this, ms. */
const LONGEST_MS = 50;

/** Resolves once the window has drawn what was set before the call. */
export function painted(): Promise<void> {
  return new Promise((done) => {
    const longest = setTimeout(done, LONGEST_MS);
    requestAnimationFrame(() =>
      // The frame itself is drawn after its callbacks.
      setTimeout(() => {
        clearTimeout(longest);
        done();
      }),
    );
  });
}
