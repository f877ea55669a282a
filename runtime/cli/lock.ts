import type { Diagnostic } from "../../engine/diagnostic.ts";
import { fold } from "../../engine/document/fold.ts";
import { type ExitCode, exitCode, InvalidInputError } from "../../engine/errors.ts";
import { compareLocks } from "../../engine/permissions/lock/compare_locks.ts";
import { type LockPlaces, lockPlaces } from "../../engine/permissions/lock/lock_places.ts";
import { lockFile, readWrittenLock } from "../../engine/permissions/lock/read_lock.ts";
import type { WrittenLock } from "../../engine/permissions/lock/written_lock.ts";
import type { Registry } from "../../engine/registry.ts";
import { denoConfigFile } from "../../engine/surface/deno_sets.ts";
import { adHocName } from "../../engine/surface/draft_lock.ts";
import { judgeExcess } from "../../engine/surface/judge_excess.ts";
import type { LockFormat } from "../../engine/surface/lock_format.ts";
import { renderLock } from "../../engine/surface/render_lock.ts";
import { type LockReport, placeDifferences } from "../../engine/surface/lock_report.ts";
import { draftProject, type ProjectDraft } from "./draft_project.ts";
import { hasErrors } from "./load_pipeline.ts";
import type { Asked, Place } from "./port.ts";
import { readLockText } from "./read_project_lock.ts";
import { showProjectDiagnostics } from "./show_diagnostics.ts";

/** `sluice lock` and `sluice lock --check`: writes what each surface may do, or compares it. */
export async function lock(
  { check, format }: Asked<"lock">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  const before = await readLockText(context.project);
  const written = readBefore(before, check, place);
  const draft = await draftProject(written, place, registry);
  if (draft === undefined) return exitCode.invalid;
  const isClean = !hasErrors(draft.findings);
  const lock = before === undefined || written === undefined
    ? undefined
    : { text: before, written, places: lockPlaces(before, written) };
  const report = reportOf(draft, lock, check);
  const { findings, differences } = report;
  if (check) {
    port.out(shown(format, report, context));
    if (format === "text") {
      const texts = new Map([
        ...draft.texts,
        [lockFile, before ?? ""],
        [denoConfigFile, draft.config.before],
      ]);
      showProjectDiagnostics(findings, texts, place);
      port.err(
        differences.length === 0
          ? `${lockFile} ${isClean ? "is" : "says"} what the pipelines need\n`
          : `${count(report)}; sluice lock writes ${
            isClean ? "it" : "nothing while there are errors"
          }\n`,
      );
    }
    return isClean && differences.length === 0 ? exitCode.done : exitCode.differs;
  }
  showProjectDiagnostics(findings, draft.texts, place);
  if (!isClean) {
    port.err("nothing was written\n");
    return exitCode.invalid;
  }
  port.out(shown(format, report, context));
  if (draft.text !== before) {
    await Deno.writeTextFile(`${context.project}/${lockFile}`, draft.text);
  }
  const { config } = draft;
  if (config.after !== config.before) {
    await Deno.writeTextFile(`${context.project}/${denoConfigFile}`, config.after);
  }
  port.err(
    differences.length === 0 ? `${lockFile} was up to date\n` : `written: ${count(report)}\n`,
  );
  return exitCode.done;
}

/** The lock as it is. */
interface LyingLock {
  readonly text: string;
  readonly written: WrittenLock;
  readonly places: LockPlaces;
}

const nothing: WrittenLock = { ad_hoc: { grants: [], accepts: [] }, surfaces: [] };

function reportOf(draft: ProjectDraft, lock: LyingLock | undefined, check: boolean): LockReport {
  const found = [
    ...compareLocks(lock?.written ?? nothing, draft.lock),
    ...draft.config.differences,
  ];
  const isText = found.length === 0 && draft.text !== lock?.text;
  const text = {
    reach: "same",
    surface: lockFile,
    subject: { kind: "detail", key: "text, which is not as sluice lock writes it" },
    before: [],
    after: [],
  } as const;
  return {
    check,
    differences: placeDifferences(isText ? [text] : found, draft, lock?.places),
    findings: [...draft.findings, ...check ? lyingFindings(draft, lock) : []],
  };
}

/** What is to be said of what lies there; whoever writes the lock anew is rid of it. */
function lyingFindings(draft: ProjectDraft, lock: LyingLock | undefined): readonly Diagnostic[] {
  const parts = (lock: WrittenLock) => [{ name: adHocName, ...lock.ad_hoc }, ...lock.surfaces];
  const found = lock === undefined
    ? []
    : parts(lock.written).flatMap(({ name, grants }) =>
      judgeExcess({
        name,
        before: grants,
        after: parts(draft.lock).find((one) => one.name === name)?.grants ?? [],
        placeOf: (grant) => lock.places.grant(name, grant),
      })
    );
  return [...found, ...draft.config.findings];
}

function count({ check, differences }: LockReport): string {
  const of = (reach: string) => differences.filter((one) => one.reach === reach).length;
  const less = check ? "too wide" : "narrowed";
  return `${of("widened")} widened, ${of("narrowed")} ${less}, ${of("same")} otherwise different`;
}

/** A lock that cannot be read is a fault for who compares, and nothing for who writes it anew. */
function readBefore(
  text: string | undefined,
  check: boolean,
  { port }: Place,
): WrittenLock | undefined {
  if (text === undefined) return undefined;
  try {
    return readWrittenLock(text);
  } catch (error) {
    if (check || !(error instanceof InvalidInputError)) throw error;
    port.err(`sluice: ${error.message}; it is written anew\n`);
    return undefined;
  }
}

/** The lines of people fit their terminal. */
function shown(format: LockFormat, report: LockReport, { columns }: Place["context"]): string {
  const text = renderLock(format, report);
  if (format !== "text") return text;
  // Lines of the lock stay whole, as they are looked for.
  return text.split("\n").map((line) =>
    /^ +[-+] /.test(line) ? line : fold(line, Math.max(columns, 80))
  ).join("\n");
}
