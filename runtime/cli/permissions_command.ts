import {
  argument,
  choice,
  command,
  commandLine,
  constant,
  flag,
  message,
  object,
  option,
  string,
  withDefault,
} from "@optique/core";
import type { Form } from "../../engine/permissions/render/render.ts";
import { debug, runs } from "./options.ts";

/** Every form; spelled out, so that no renderer is loaded before one is asked for. */
export const renderForms = [
  "table",
  "json",
  "deno",
  "systemd",
  "bubblewrap",
  "networkpolicy",
  "nftables",
] as const satisfies readonly Form[];

/** `sluice permissions SURFACE`. */
export const permissionsCommand = command(
  "permissions",
  object({
    command: constant("permissions"),
    surface: argument(string({ metavar: "SURFACE" }), {
      description: message`Name of a surface as sluice surfaces lists it.`,
    }),
    as: withDefault(
      option("--as", choice(renderForms, { metavar: "FORM" }), {
        description:
          message`For whom: table for people, json for programs, or what confines a process below Sluice: the command with Deno's flags, a systemd unit, the same command in bubblewrap, a Kubernetes NetworkPolicy with a securityContext, nftables rules.`,
      }),
      "table",
    ),
    strict: withDefault(
      flag("--strict", {
        description: message`End with 7 when the form has no words for something.`,
      }),
      false,
    ),
    runs,
    debug,
  }),
  {
    brief: message`Show what a surface may do, for people or for the layers below`,
    description:
      message`Shows the locked set of a fixed surface with the steps that need each grant, or the ceiling of an open one. What a form cannot say is told on standard error; nothing is widened instead.`,
    footer: message`Example: ${commandLine("sluice permissions appliance-watch --as systemd")}`,
  },
);
