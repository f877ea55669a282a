import type { OwnCase } from "./case.ts";
import { dependency } from "./own/dependency.ts";
import { launch } from "./own/launch.ts";
import { lock } from "./own/lock.ts";
import { outlive } from "./own/outlive.ts";

/** Every case that is proven in its own way. */
export const ownCases: readonly OwnCase[] = [...lock, ...launch, ...dependency, ...outlive];
