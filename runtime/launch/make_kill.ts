/**
 * Milliseconds that a process has to get on its feet. Bubblewrap that is ended while it makes its
 * namespaces leaves a process behind that nothing ends: it does not die with its parent yet. That
 * takes 6 ms where the machine is idle.
 */
const firstMs = 250;

/**
 * How a process that was started just now is ended: with the signal, at once, or when its first
 * quarter of a second has passed. One that has ended by itself is left alone.
 */
export function makeKill(child: Deno.ChildProcess): (signal: Deno.Signal) => void {
  const up = performance.now() + firstMs;
  const send = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch {
      // It has ended by itself.
    }
  };
  return (signal) => {
    const early = up - performance.now();
    if (early <= 0) send(signal);
    else setTimeout(send, early, signal);
  };
}
