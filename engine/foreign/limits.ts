/**
 * What a step of others may use up. Each is far above what an honest one needs, and there so that a
 * hostile one hurts itself alone.
 *
 * @module
 */

/** Most bytes of its file: a bundle with its libraries is some hundred KiB. */
export const sourceBytes = 2 * 2 ** 20;

/** MiB of JavaScript's heap. */
export const heapMiB = 256;

/** MiB of all private memory of its process, buffers included; only a box can hold it to that. */
export const memoryMiB = 1024;

/**
 * MiB that V8 claims beside it for the machine code of each heap, and hardly touches: the system counts
 * them as memory. A worker has a heap of its own, so one fits into {@linkcode memoryMiB}, two do not.
 */
export const codeMiB = 512;

/** Milliseconds in which it has to answer each question while a pipeline is planned. */
export const answerMs = 10_000;

/** Most bytes of one message of its process: facts, an answer, a note. */
export const messageBytes = 2 ** 20;

/** Levels of mappings and lists in what it says. */
export const messageDepth = 64;

/** Most bytes of output of one process that are shown, {@linkcode lineBytes} a line among them; the rest is counted. */
export const outputBytes = 4 * 2 ** 20;

/** Bytes that a line of output is counted as beside its own: about what is around it on its way. */
export const lineBytes = 64;

/** Milliseconds between the abort of a step of others and the end of its process. */
export const graceMs = 500;
