import type { OwnCase } from "./case.ts";
import { dependency } from "./own/dependency.ts";
import { descriptors } from "./own/descriptors.ts";
import { disk } from "./own/disk.ts";
import { environment } from "./own/environment.ts";
import { graphics } from "./own/graphics.ts";
import { launch } from "./own/launch.ts";
import { lock } from "./own/lock.ts";
import { names } from "./own/names.ts";
import { outlive } from "./own/outlive.ts";
import { runnerLibrary } from "./own/runner_library.ts";
import { swapped } from "./own/swapped.ts";

/** Every case that is proven in its own way. */
export const ownCases: readonly OwnCase[] = [
  ...lock,
  ...launch,
  ...dependency,
  ...runnerLibrary,
  ...environment,
  ...outlive,
  ...swapped,
  ...graphics,
  ...names,
  ...disk,
  ...descriptors,
];
