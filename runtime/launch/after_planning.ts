/**
 * What the launcher answers the planner, and what it does with a plan. It is loaded while the planner
 * is: nothing of it is needed to start that.
 *
 * @module
 */
import { hasOption } from "./command_line.ts";
import { BugError, type ExitCode, exitCode } from "../../engine/errors.ts";
import { readLock } from "../../engine/permissions/lock/read_lock.ts";
import { none } from "../../engine/permissions/permissions.ts";
import { readVariable } from "../../engine/read_variable.ts";
import { acceptanceOf } from "./acceptance.ts";
import { findInstalled } from "./find_programs.ts";
import { foreseeBox } from "./foresee_box.ts";
import { judge } from "./judge.ts";
import { admitRun, type Admitted, launchRun } from "./launch_run.ts";
import type { Launching } from "./launching.ts";
import { type Preparation, prepare } from "./preparation.ts";
import type { LaunchRequest } from "./planner_protocol.ts";
import { checkSigned } from "./signed/require_signature.ts";
import { requiresSignature } from "./signed/signatures_of.ts";
import type { Answers, Asking } from "./start_planner.ts";

/** The launcher beside the planner, and after it. */
export interface AfterPlanning extends AsyncDisposable {
  readonly answers: Answers;
  /** Does what a planner that ended well asked for. */
  perform(asking: Asking): Promise<ExitCode>;
}

/** Begins at once what takes time: getting a box and a folder ready takes no longer than planning. */
export function afterPlanning(launching: Launching): AfterPlanning {
  const preparing = prepare(launching.args, launching.places);
  // By the request itself: what is started is what was admitted, whatever else the planner said.
  const admitting = new WeakMap<LaunchRequest, Promise<Admitted>>();
  const admitted = (request: LaunchRequest) => {
    const begun = admitting.get(request) ?? admitRun(request, launching, preparing);
    admitting.set(request, begun);
    return begun;
  };
  return {
    answers: {
      ...answersOf(launching, preparing),
      // What speaks against it is told when the planner has ended well.
      foresee: (request) => void admitted(request).catch(() => {}),
    },
    async perform(asking) {
      if (launching.signal.aborted) return exitCode.interrupted;
      if (asking.kind !== "launch") return await perform(asking, launching, preparing);
      return await launchRun(await admitted(asking.request), launching, preparing);
    },
    [Symbol.asyncDispose]: () => preparing[Symbol.asyncDispose](),
  };
}

async function perform(
  asking: Exclude<Asking, { readonly kind: "launch" }>,
  launching: Launching,
  preparing: Preparation,
): Promise<ExitCode> {
  const { args, places, lock, stdout, stderr, signatures: { signed, signing } } = launching;
  switch (asking.kind) {
    case "sign": {
      if (signing === undefined) throw new BugError("the planner signs what nobody asked for");
      // Few commands sign, and it is much.
      const { signPipelines } = await import("./signed/sign_pipelines.ts");
      return await signPipelines(asking.pipelines, signing, places, {
        lock: await lock.need(),
        stdout: stdout.write,
        stderr: stderr.write,
        print: hasOption(args, "--print"),
      });
    }
    case "deploy": {
      const lockText = await lock.need();
      const { request } = asking;
      // What a kit of an open surface is made of is verified where it is made.
      if (requiresSignature(args) && request.action !== "compile-open") {
        checkSigned(request.action === "uninstall" ? {} : { file: request.kit.file }, signed);
      }
      const { deploy } = await import("./compile/deploy.ts");
      const denort = readVariable("DENORT_BIN");
      const { box } = preparing;
      return await deploy(request, {
        ...{ args, places, lock: readLock(lockText), lockText },
        ...{ denort, box, stdout: stdout.write, stderr: stderr.write },
      });
    }
  }
}

/** What the planner may ask. */
function answersOf(
  { lock, places, signatures: { signed } }: Launching,
  preparing: Preparation,
): Omit<Answers, "foresee"> {
  return {
    programs: findInstalled,
    async judgement(asked) {
      const text = await lock.find();
      // What a signature covers needs nobody else to accept it.
      const code = asked.code?.filter(({ digest }) => !signed?.code.has(digest)) ?? [];
      if (text === undefined) return undefined;
      const judged = judge({ ...asked, code }, readLock(text), places);
      const { set, permissions } = asked;
      if (set === undefined) return judged;
      return { ...judged, acceptance: acceptanceOf(set, permissions, none) };
    },
    describerBox: () => preparing.box(),
    box: async (set) => foreseeBox(await preparing.box(), set, places),
  };
}
