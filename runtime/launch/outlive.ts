/**
 * Waits for the reading of a process's streams, when the process has ended: something that it left
 * behind may hold them open for ever.
 *
 * @param patience milliseconds for which a stream may outlive its process
 * @param waiting whether what was read still waits to be taken; so long there is more to come
 */
export async function outlive(
  reading: Promise<unknown>,
  patience: number,
  waiting: () => boolean,
): Promise<void> {
  const late = async () => {
    do await elapsed(patience); while (waiting());
  };
  await Promise.race([reading, late()]);
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    Deno.unrefTimer(timer);
  });
}
