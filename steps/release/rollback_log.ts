import { InvalidInputError } from "../../engine/errors.ts";
import { Masker } from "../../engine/events/masker.ts";
import type { StepContext } from "../../engine/step.ts";
import { parseVersionHeader } from "../http/version_header.ts";
import { openServices } from "../service/service_manager.ts";

const keptLines = 100;
const shownLines = 3;

/** What the operator reads at three in the morning: why, and what the services said last. */
export interface RollbackLog {
  /** `rollback-TIME.log` among the run's artifacts. */
  readonly file: string;
  /** The reason with the last lines of the services' logs, in one line. */
  readonly notes: string;
}

/**
 * Keeps the reason for a rollback and the last lines of the services' logs. A log that cannot be
 * read is named in the file with the reason why: it must not stop the way back. A service may have
 * logged the header it was asked with: its secret is masked.
 */
export async function writeRollbackLog(
  ctx: StepContext,
  facts: {
    readonly services: readonly string[];
    readonly release: string;
    readonly reason: string;
    /** As the parameter `version_header`; its secret has to be granted. */
    readonly version_header: string;
  },
): Promise<RollbackLog> {
  const { services, release, reason } = facts;
  const masker = await maskerOf(facts.version_header, ctx);
  const time = ctx.clock.now().toISOString();
  const text = [`time: ${time}`, `run: ${ctx.run.id}`, `release: ${release}`, `reason: ${reason}`];
  const last: string[] = [];
  for (const service of openServices(services, ctx)) {
    if (!service.managed) continue;
    text.push("", `--- the last lines of ${service.name}`);
    try {
      const lines = (await service.logs(keptLines, ctx.signal)).map((line) => masker.mask(line));
      text.push(...lines);
      last.push(...lines.filter((line) => line.trim() !== "").slice(-shownLines));
    } catch (error) {
      text.push(`(its log could not be read: ${error instanceof Error ? error.message : error})`);
    }
  }
  const folder = await ctx.artifacts();
  const file = `${folder}/rollback-${time.replaceAll(/[:.]/g, "-")}.log`;
  await Deno.writeTextFile(file, text.join("\n") + "\n", { mode: 0o600 });
  ctx.emit.artifact(file);
  const notes = last.length === 0 ? reason : `${reason}; its log ends: ${last.join(" | ")}`;
  return { file, notes };
}

async function maskerOf(versionHeader: string, ctx: StepContext): Promise<Masker> {
  const masker = new Masker();
  const secret = parseVersionHeader(versionHeader)?.secret;
  try {
    if (secret !== undefined) masker.add(await ctx.secret(secret));
  } catch (error) {
    // A secret that is not there was never sent.
    if (!(error instanceof InvalidInputError)) throw error;
  }
  return masker;
}
