import type { PipelineStatement } from "../../../engine/trust/pipeline_statement.ts";

/** What became of the verification of one pipeline. */
export interface SignatureReport {
  /** Absolute paths. */
  readonly file: string;
  readonly signature: string;
  readonly ok: boolean;
  /** Whose signature it is; absent where no trusted key made one. */
  readonly key?: { readonly name: string; readonly key_id: string };
  /** What was signed; absent where no trusted key signed anything. */
  readonly statement?: PipelineStatement;
  readonly faults: readonly SignatureFault[];
}

export type SignatureFault =
  /** There is nothing to compare: no signature, a damaged one, of nobody we know, out of date. */
  | { readonly kind: "unusable"; readonly message: string; readonly hint?: string }
  /** Something is not as it was signed; absent on the side where it does not exist. */
  | {
    readonly kind: "differs";
    readonly part: "files" | "steps" | "code" | "lock";
    readonly name: string;
    readonly signed?: string;
    readonly here?: string;
    /** Why there is no digest of what is here. */
    readonly reason?: string;
  };

/** Most differences that a message lists. */
const mostListed = 8;

/** The faults of a report as a message, with what to do. */
export function describeFaults(
  { file, key, faults }: SignatureReport,
): { readonly message: string; readonly hint: string } {
  const unusable = faults.find((fault) => fault.kind === "unusable");
  if (unusable !== undefined) {
    return {
      message: `${file}: ${unusable.message}`,
      hint: unusable.hint ?? "have it signed again: sluice sign",
    };
  }
  const listed = faults.slice(0, mostListed).flatMap((fault) =>
    fault.kind === "differs" ? describeDifference(fault) : []
  );
  const more = faults.length > mostListed ? [`  and ${faults.length - mostListed} more`] : [];
  const who = key === undefined ? "" : ` by ${key.name} (key ${key.key_id})`;
  return {
    message: [`${file} is not as it was signed${who}:`, ...listed, ...more].join("\n"),
    hint: "read what has changed, and if that is right, have it signed again: sluice sign",
  };
}

const partWords = {
  files: "the text",
  steps: "the step of others",
  code: "the code in",
  lock: "the entry of the lock",
} as const;

function describeDifference(
  fault: Extract<SignatureFault, { readonly kind: "differs" }>,
): readonly string[] {
  const { part, name, signed, here, reason } = fault;
  return [
    `  ${partWords[part]} ${name}`,
    `    signed  ${signed ?? "not at all"}`,
    `    here    ${here ?? reason ?? "there is none"}`,
  ];
}
