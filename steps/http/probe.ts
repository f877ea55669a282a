import { FailedError } from "../../engine/errors.ts";
import type { StepContext } from "../../engine/step.ts";
import type { MainProcess, ServiceManager } from "../service/service_manager.ts";
import { checkProvable } from "./check_provable.ts";
import { getJson } from "./get_json.ts";
import { judgeHealth, type Judgement, judgeVersion } from "./health_answer.ts";
import { watchProcesses } from "./main_processes.ts";
import type { VersionAt } from "./version_at.ts";
import type { VersionHeader } from "./version_header.ts";

/** What must be shown before a service counts as healthy. */
export interface HealthDemand {
  /** Asked for its health; `undefined` asks nobody. */
  readonly health: string | undefined;
  readonly version_at: VersionAt;
  /** Sent with the request that tells the version. */
  readonly version_header?: VersionHeader | undefined;
  /** The version that has to answer; `undefined` accepts any. */
  readonly expected?: string | undefined;
  /** Good answers wanted in a row; at least 1. */
  readonly good_answers: number;
  /** Milliseconds in which they have to come. */
  readonly deadline_ms: number;
  /** Milliseconds after them in which not one answer may be bad. */
  readonly settle_ms: number;
  /** Milliseconds between two answers; default 250. */
  readonly interval_ms?: number;
  /** Services that have to run all the while, each with one and the same main process. */
  readonly services?: readonly ServiceManager[];
  /** Main processes that do not count: those of the release before. */
  readonly previous?: readonly Pick<MainProcess, "pid" | "started">[];
}

export interface Health {
  /** Good answers in a row before the settle time; 0 when there was nobody to ask. */
  readonly answers: number;
  /** The version that answered, where it tells one. */
  readonly version?: string;
  /** Milliseconds from the first question to the end of the settle time. */
  readonly elapsed_ms: number;
}

/** The longest wait for one answer, in milliseconds. */
export const answerTimeout = 2_000;

/** The last question before the deadline still gets a chance, in milliseconds. */
const shortestTimeout = 50;

const defaultInterval = 250;

/**
 * Returns when a service has proved healthy: until a deadline the wanted number of good answers in a
 * row, from the expected version, then a settle time without a bad one.
 *
 * A good answer is status 200 *and* JSON whose `status` is `healthy` or `ok`; a connection that is
 * refused is only "not yet", until the settle time. Where services are given, each has to run, and
 * its main process to stay the same: a service that crashes and is restarted between two questions
 * is not healthy. Where the version stands nowhere (`process`), or nobody is asked, that is the
 * proof.
 *
 * @throws FailedError when it does not; its message holds the last answers and how long it waited,
 * its details `last_answers` (the newest last) and `waited_ms`
 * @throws InvalidInputError as {@linkcode checkProvable} does: call that before anything is changed
 */
export async function proveHealthy(
  demand: HealthDemand,
  ctx: Pick<StepContext, "signal" | "clock" | "emit" | "secret">,
): Promise<Health> {
  const { clock, signal, emit } = ctx;
  const services = (demand.services ?? []).filter((service) => service.managed);
  const versionUrl = demand.version_at.kind === "url" ? demand.version_at.url : "";
  const subject = demand.health ?? (services.map(({ name }) => name).join(", ") || versionUrl);
  checkProvable({ ...demand, managed: services.length > 0 });
  if (subject === "") {
    emit.note("neither a service nor a health URL is named: nothing was there to be proved");
    return { answers: 0, elapsed_ms: 0 };
  }
  const interval = demand.interval_ms ?? defaultInterval;
  const begun = clock.monotonic();
  const waited = () => clock.monotonic() - begun;
  const ask = await questioner({ ...demand, services }, ctx);
  const history = new History();
  let inARow = 0;
  let version: string | undefined;

  while (inARow < demand.good_answers) {
    const answer = await ask(
      Math.max(shortestTimeout, Math.min(answerTimeout, demand.deadline_ms - waited())),
    );
    history.add(answer);
    if (answer.good) {
      inARow++;
      version = answer.version;
      emit.progress({
        done: inARow,
        total: demand.good_answers,
        unit: "answers",
        label: "good in a row",
      });
      if (inARow >= demand.good_answers) break;
    } else {
      inARow = 0;
      emit.progress({ done: 0, total: demand.good_answers, unit: "answers", label: answer.why });
    }
    const left = demand.deadline_ms - waited();
    if (left <= 0) {
      const row = `${inARow} of ${demand.good_answers} good answers in a row`;
      throw unhealthy(
        `${subject} did not prove healthy within ${seconds(waited())} (${row}): ${history}`,
        history,
        waited(),
      );
    }
    await clock.sleep(Math.min(interval, left), signal);
  }

  const settled = clock.monotonic() + demand.settle_ms;
  while (clock.monotonic() < settled) {
    const left = settled - clock.monotonic();
    emit.progress({
      done: Math.round((demand.settle_ms - left) / 1000),
      total: Math.round(demand.settle_ms / 1000),
      unit: "seconds",
      label: "to stay healthy",
    });
    await clock.sleep(Math.min(interval, left), signal);
    const answer = await ask(answerTimeout);
    history.add(answer);
    if (!answer.good) {
      const after = seconds(demand.settle_ms - (settled - clock.monotonic()));
      throw unhealthy(
        `${subject} was healthy and did not stay so: ${answer.why}, ${after} into the settle time ` +
          `of ${seconds(demand.settle_ms)}`,
        history,
        waited(),
      );
    }
  }
  return {
    answers: inARow,
    ...(version === undefined ? {} : { version }),
    elapsed_ms: Math.round(waited()),
  };
}

/** Asks everything once; the first thing that is bad is the answer. */
async function questioner(
  demand: HealthDemand & { readonly services: readonly ServiceManager[] },
  ctx: Pick<StepContext, "signal" | "secret">,
): Promise<(timeout_ms: number) => Promise<Judgement>> {
  const { health, version_at: at, expected } = demand;
  const { signal } = ctx;
  const processes = watchProcesses(demand.services, demand.previous ?? []);
  const asksVersion = at.kind === "url" || (at.kind === "health" && health !== undefined);
  const header = asksVersion ? demand.version_header : undefined;
  const withVersion = header === undefined
    ? {}
    : { headers: { [header.name]: (await ctx.secret(header.secret)).trim() } };

  return async (timeout_ms) => {
    const running = await processes(signal);
    if (!running.good) return running;
    let version: Judgement = { good: true };
    if (health !== undefined) {
      const own = at.kind === "health" ? withVersion : {};
      const answer = await getJson(health, { signal, timeout_ms, ...own });
      const judged = judgeHealth(answer);
      if (!judged.good) return judged;
      if (at.kind === "health") version = judgeVersion(answer, at.pointer, expected);
    }
    if (at.kind === "url") {
      const answer = await getJson(at.url, { signal, timeout_ms, ...withVersion });
      version = judgeVersion(answer, at.pointer, expected);
    }
    return version;
  };
}

/** The last answers, runs of equal ones counted. */
class History {
  readonly #runs: { text: string; count: number }[] = [];

  add(answer: Judgement): void {
    const text = answer.good ? "good" : answer.why;
    const last = this.#runs.at(-1);
    if (last?.text === text) last.count++;
    else this.#runs.push({ text, count: 1 });
    if (this.#runs.length > 3) this.#runs.shift();
  }

  get texts(): readonly string[] {
    return this.#runs.map(({ text, count }) => count === 1 ? text : `${text} (${count} times)`);
  }

  toString(): string {
    return this.texts.join(", then ");
  }
}

function unhealthy(message: string, history: History, waited: number): FailedError {
  return new FailedError(message, {
    details: { last_answers: [...history.texts], waited_ms: Math.round(waited) },
  });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
}
