import { type Directive, directive } from "../systemd_unit.ts";
import type { Served } from "./served.ts";

/** Seconds beyond the time in which accepted requests may end: for undoing, and for the agent's end. */
const beyondDrain = 60;

/** How it is told to end. */
export function stopDirectives({ drain }: Served): readonly Directive[] {
  const longer = drain === undefined
    ? []
    : [`Longer than ${drain.variable} (${drain.seconds} by default): raise both.`];
  return [
    directive("KillMode", "mixed", "The launcher alone is asked to stop; what it started, by it."),
    directive("TimeoutStopSec", String((drain?.seconds ?? 30) + beyondDrain), ...longer),
    directive("SuccessExitStatus", "130", "Told to end before it was ready."),
  ];
}

/** When it is started again: where that can help, and by whom the wait before it is kept. */
export function restartDirectives({ slows }: Served): readonly Directive[] {
  return [
    directive("Restart", "on-failure"),
    slows
      ? directive("RestartSec", "2", "A start that failed has waited before its exit.")
      : directive("RestartSec", "10"),
    directive(
      "RestartPreventExitStatus",
      "2 6 7 64",
      "What the next start would say again: invalid, not authorised, refused, not understood.",
    ),
    directive(
      "OOMPolicy",
      "continue",
      "Who is killed for want of memory is the launcher's to judge, not the end of all.",
    ),
  ];
}
