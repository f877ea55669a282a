/**
 * A small real installation for the system tests: a service under a real supervisor, and signed
 * bundles of two releases of it.
 *
 * @module
 */
import { parseDocument } from "../../engine/document/parse.ts";
import { parseValues } from "../../engine/document/parse_values.ts";
import type { JsonObject } from "../../engine/json.ts";
import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import { derive } from "../../engine/permissions/derive.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { resolve } from "../../engine/plan/resolve.ts";
import type { SecretRef } from "../../engine/schema/types.ts";
import { registry } from "../../steps/registry.ts";
import { packRelease } from "../../steps/release/pack.ts";
import { makeKey, testContext, type Tree, writeTree } from "../../steps/release/test_bed.ts";
