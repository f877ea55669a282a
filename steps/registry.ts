import { makeRegistry } from "../engine/registry.ts";
import { downloadPackage } from "./apkg/download.ts";
import { extractPackage } from "./apkg/extract.ts";
import { configureAgent } from "./agent/configure.ts";
import { countBoot } from "./agent/count_boot.ts";
import { openHealth } from "./face/health.ts";
import { loadAgent } from "./face/load.ts";
import { becomeReady } from "./face/ready.ts";
import { serveFaces } from "./face/serve.ts";
import { probeHttp } from "./http/http_probe.ts";
import { installPackage } from "./python/install.ts";
import { findVenv } from "./python/venv.ts";
import { auditRelease } from "./release/audit.ts";
import { commitRelease } from "./release/commit.ts";
import { condemnRelease } from "./release/condemn.ts";
import { healthGate } from "./release/gate.ts";
import { guardRelease } from "./release/guard.ts";
import { lockRelease } from "./release/lock.ts";
import { openAudit } from "./release/open_audit.ts";
import { recoverRelease } from "./release/recover.ts";
import { retainReleases } from "./release/retain.ts";
import { stageRelease } from "./release/stage.ts";
import { switchRelease } from "./release/switch.ts";
import { runHook } from "./release/hook.ts";
import { packRelease } from "./release/pack.ts";
import { planRelease } from "./release/plan.ts";
import { rollbackTarget } from "./release/target.ts";
import { startServices } from "./service/start.ts";
import { stopServices } from "./service/stop.ts";

/**
 * The steps that ship. A step's own file defines it; here it gets known. Static imports only, so
 * that what a program can do is readable in one place, and light ones: a definition reaches heavy
 * libraries inside `run`.
 */
export const registry = makeRegistry([
  downloadPackage,
  extractPackage,
  configureAgent,
  countBoot,
  openHealth,
  loadAgent,
  becomeReady,
  serveFaces,
  probeHttp,
  findVenv,
  installPackage,
  auditRelease,
  commitRelease,
  condemnRelease,
  healthGate,
  guardRelease,
  runHook,
  lockRelease,
  openAudit,
  packRelease,
  planRelease,
  recoverRelease,
  retainReleases,
  stageRelease,
  switchRelease,
  rollbackTarget,
  startServices,
  stopServices,
]);
