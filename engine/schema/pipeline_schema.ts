import { itemTypes, parameterTypes } from "../document/document.ts";
import { positiveDurationPattern } from "../document/duration.ts";
import {
  everyPattern,
  finallyShape,
  foreignPattern,
  idPattern,
  includeShape,
  listParameterShape,
  numberParameterShape,
  parameterNamePattern,
  parameterShape,
  percentPattern,
  pipelineShape,
  retryShape,
  type Shape,
  stepShape,
  variablePattern,
} from "../document/shape.ts";
import type { Registry } from "../registry.ts";
import type { AnyStep } from "../step.ts";
import { authoredTypes, authorSchema, wholeExpression } from "./author_schema.ts";
import { inputSchema } from "./input_schema.ts";
import type { JsonSchema } from "./json_schema.ts";

/**
 * The JSON Schema (draft-07, which YAML language servers know best) of a pipeline over the steps of
 * a registry. It accepts whatever is well-formed and refuses every fault of shape: unknown and
 * missing keys, unknown steps, values of the wrong type. Faults of meaning (duplicate ids, cycles,
 * types of expressions) are for `sluice check`.
 */
export function pipelineSchema(registry: Registry): JsonSchema {
  const steps = [...registry.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Sluice pipeline",
    ...mapping(pipelineShape, {
      sluice: { description: "Version of the language", const: "v1" },
      name: { description: "Letters, digits, _ and -", type: "string", pattern: idPattern },
      summary: { description: "What it is for, in one line", ...text },
      params: {
        description: "What it is given from outside",
        type: "object",
        propertyNames: { pattern: parameterNamePattern },
        additionalProperties: { $ref: "#/definitions/parameter" },
      },
      steps: {
        description: "Run in order; a failure undoes what they did, in reverse",
        type: "array",
        minItems: 1,
        items: { allOf: [{ $ref: "#/definitions/step" }, { $ref: "#/definitions/uses" }] },
      },
      finally: {
        description: "Run always, after undo",
        type: "array",
        items: { allOf: [{ $ref: "#/definitions/last_step" }, { $ref: "#/definitions/uses" }] },
      },
      every: {
        description: "Repeat in one process, for example 60s ± 10%",
        type: "string",
        pattern: everyPattern,
      },
      stay: {
        description: "Stay up, with what the steps hold, until told to end",
        type: "boolean",
      },
    }),
    definitions: {
      parameter: parameterDefinition,
      step: stepDefinition(stepShape),
      last_step: stepDefinition(finallyShape),
      uses: usesDefinition(steps),
    },
  };
}

const text: JsonSchema = { type: "string", pattern: "\\S" };
const positiveDuration: JsonSchema = { type: "string", pattern: positiveDurationPattern };

/** A mapping with exactly the keys of a shape. */
function mapping(shape: Shape, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const keys = [...shape.required, ...shape.optional];
  return {
    type: "object",
    required: shape.required,
    properties: Object.fromEntries(keys.map((key) => [key, properties[key]!])),
    additionalProperties: false,
  };
}

const fields: Readonly<Record<string, JsonSchema>> = {
  id: {
    description: "Names the step: in expressions, needs and tokens",
    type: "string",
    pattern: idPattern,
    not: { const: "undo" },
  },
  uses: {
    description: "A step of the registry, ./file.ts of others, or pipeline to include a file",
    ...text,
  },
  summary: { description: "Shown instead of the step's own", ...text },
  with: { description: "Input of the step", type: "object" },
  file: { description: "Pipeline to include, relative to this file", ...text },
  params: {
    description: "Parameters of the included pipeline",
    type: "object",
    propertyNames: { pattern: parameterNamePattern },
  },
  needs: {
    description: "Ids that must have ended before; [] starts at once. Default: the step before",
    type: "array",
    items: { type: "string" },
  },
  when: {
    description: "Skip the step unless this CEL condition holds",
    anyOf: [text, { type: "boolean" }],
  },
  retry: {
    description: "Try again when a failure may pass",
    ...mapping(retryShape, {
      attempts: {
        description: "All attempts, the first included",
        type: "integer",
        minimum: 1,
        maximum: 1000,
      },
      delay: { description: "Before the second attempt; doubles with each", ...positiveDuration },
      max_delay: { description: "Longest wait between attempts", ...positiveDuration },
      jitter: {
        description: "Part of the wait that is random",
        anyOf: [
          { type: "string", pattern: percentPattern },
          { type: "number", minimum: 0, maximum: 1 },
        ],
      },
    }),
  },
  timeout: { description: "Cancel the step after this time", ...positiveDuration },
  on_failure: {
    description: "continue: go on, end degraded, undo nothing",
    enum: ["stop", "continue"],
  },
  commit: { description: "Release the undos of the steps before", type: "boolean" },
  for_each: {
    description: "Run once for each item; expressions see it as item",
    anyOf: [{ type: "array" }, wholeExpression],
  },
  max_parallel: {
    description: "How many items at once",
    type: "integer",
    minimum: 1,
    maximum: 1000,
  },
};

/** All keys that a step may have, whether it includes a pipeline or not; `uses` tells which may stay. */
function stepDefinition(shape: Shape): JsonSchema {
  const optional = [...new Set([...shape.optional, "file", "params"])];
  return {
    ...mapping({ what: shape.what, required: shape.required, optional }, fields),
    dependencies: { max_parallel: ["for_each"] },
  };
}

/** What each `uses` allows beside it. */
function usesDefinition(steps: readonly AnyStep[]): JsonSchema {
  const all = new Set([...stepShape.optional, ...includeShape.required, ...includeShape.optional]);
  const ownOfSteps = new Set([...stepShape.required, ...stepShape.optional]);
  const ownOfIncludes = new Set([...includeShape.required, ...includeShape.optional]);
  const without = (own: ReadonlySet<string>) =>
    Object.fromEntries([...all].filter((key) => !own.has(key)).map((key) => [key, false]));
  return {
    properties: {
      uses: {
        anyOf: [
          { const: "pipeline", description: "Include another pipeline" },
          ...steps.map(({ name, summary }) => ({ const: name, description: summary })),
          { type: "string", pattern: foreignPattern, description: "A step of others: a file" },
        ],
      },
    },
    allOf: [
      {
        if: usesIs("pipeline"),
        then: { required: includeShape.required, properties: without(ownOfIncludes) },
        else: { properties: without(ownOfSteps) },
      },
      ...steps.map((step) => ({ if: usesIs(step.name), then: branch(step) })),
    ],
  };
}

function usesIs(name: string): JsonSchema {
  return { required: ["uses"], properties: { uses: { const: name } } };
}

/** The keys of one step's input: `params` and `late` together. */
function branch(step: AnyStep): JsonSchema {
  const input = inputSchema(step);
  return {
    description: step.summary,
    ...(input.required && { required: ["with"] }),
    properties: { with: { ...authored(input), description: step.summary } },
  };
}

/** A mapping of `with` is never an expression as a whole; its values may be. */
function authored(input: JsonSchema): JsonSchema {
  const { anyOf = [] } = authorSchema(input);
  const objects = anyOf.filter((choice) => choice !== wholeExpression);
  return objects.length === 1 ? objects[0]! : { anyOf: objects };
}

/** A parameter's declaration; its default and choices are of its type. */
const parameterDefinition: JsonSchema = {
  ...mapping({
    what: parameterShape.what,
    required: parameterShape.required,
    optional: [...new Set([...listParameterShape.optional, ...numberParameterShape.optional])],
  }, {
    type: { description: "What its values are", enum: parameterTypes },
    items: { description: "With type: list, what its elements are", enum: itemTypes },
    summary: { description: "What it is for, in one line", ...text },
    default: { description: "Its value when none is given; without it, one must be" },
    env: {
      description: "Variable of the environment that gives it",
      type: "string",
      pattern: variablePattern,
    },
    minimum: { description: "Of a number: the least value", type: "number" },
    maximum: { description: "Of a number: the greatest value", type: "number" },
    choices: {
      description: "The values it may take",
      type: "array",
      minItems: 1,
      items: { type: ["string", "number", "boolean"] },
    },
  }),
  allOf: [
    {
      if: { required: ["items"] },
      then: { properties: { type: { const: "list" } } },
    },
    {
      if: { anyOf: [{ required: ["minimum"] }, { required: ["maximum"] }] },
      then: { properties: { type: { enum: ["integer", "number"] } } },
    },
    ...parameterTypes.filter((type) => type !== "list").map((type) => ({
      if: { required: ["type"], properties: { type: { const: type } } },
      then: {
        properties: { default: plainValue(type), choices: { items: plainValue(type) } },
      },
    })),
    ...itemTypes.map((type) => ({
      if: {
        required: ["type", ...(type === "string" ? [] : ["items"])],
        properties: { type: { const: "list" }, items: { const: type } },
      },
      then: {
        properties: {
          default: { anyOf: [{ type: "array", items: plainValue(type) }, plainValue(type)] },
          choices: { items: plainValue(type) },
        },
      },
    })),
  ],
};

/** A value of a parameter's type as YAML; expressions have no place in it. */
function plainValue(type: (typeof parameterTypes)[number]): JsonSchema {
  switch (type) {
    case "string":
      return { type: "string" };
    case "integer":
    case "number":
    case "boolean":
      return { type };
    case "map":
      return { type: "object", additionalProperties: { type: "string" } };
    case "list":
      return { type: "array" };
    default:
      return authoredTypes[type];
  }
}
