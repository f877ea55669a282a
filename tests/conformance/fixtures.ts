import { fixture as apkgDownload } from "./apkg_download.ts";
import { fixture as apkgExtract } from "./apkg_extract.ts";
import type { Fixture } from "./fixture.ts";
import { fixture as agentConfigure } from "./agent_configure.ts";
import { fixture as agentCountBoot } from "./agent_count_boot.ts";
import { fixture as faceHealth } from "./face_health.ts";
import { fixture as faceLoad } from "./face_load.ts";
import { fixture as faceReady } from "./face_ready.ts";
import { fixture as faceServe } from "./face_serve.ts";
import { fixture as httpProbe } from "./http_probe.ts";
import { fixture as pythonInstall } from "./python_install.ts";
import { fixture as pythonVenv } from "./python_venv.ts";
import { fixture as releaseAudit } from "./release_audit.ts";
import { fixture as releaseCommit } from "./release_commit.ts";
import { fixture as releaseCondemn } from "./release_condemn.ts";
import { fixture as releaseGate } from "./release_gate.ts";
import { fixture as releaseGuard } from "./release_guard.ts";
import { fixture as releaseLock } from "./release_lock.ts";
import { fixture as releaseOpenAudit } from "./release_open_audit.ts";
import { fixture as releasePack } from "./release_pack.ts";
import { fixture as releaseRetain } from "./release_retain.ts";
import { fixture as releaseStage } from "./release_stage.ts";
import { fixture as releaseSwitch } from "./release_switch.ts";
import { fixture as releaseHook } from "./release_hook.ts";
import { fixture as releasePlan } from "./release_plan.ts";
import { fixture as releaseTarget } from "./release_target.ts";
import { fixture as releaseRecover } from "./release_recover.ts";
import { fixture as serviceStart } from "./service_start.ts";
import { fixture as serviceStop } from "./service_stop.ts";

/** One for each step of the registry. */
export const fixtures: readonly Fixture[] = [
  apkgDownload,
  apkgExtract,
  agentConfigure,
  agentCountBoot,
  faceHealth,
  faceLoad,
  faceReady,
  faceServe,
  httpProbe,
  pythonInstall,
  pythonVenv,
  releaseAudit,
  releaseCommit,
  releaseCondemn,
  releaseGate,
  releaseGuard,
  releaseLock,
  releaseOpenAudit,
  releasePack,
  releaseRetain,
  releaseStage,
  releaseSwitch,
  releaseHook,
  releasePlan,
  releaseTarget,
  releaseRecover,
  serviceStart,
  serviceStop,
];
