import { InvalidInputError } from "../../engine/errors.ts";
import type { VersionAt } from "./version_at.ts";

/**
 * Refuses a demand that no answer could ever meet: a version is expected, and neither does anything
 * tell one nor is there a main process to look at. To be asked before anything is changed.
 *
 * @param managed whether at least one service is not `none`
 * @throws InvalidInputError
 */
export function checkProvable(
  { health, version_at, managed }: {
    readonly health: string | undefined;
    readonly version_at: VersionAt;
    readonly managed: boolean;
  },
): void {
  if (managed || version_at.kind !== "process" || health === undefined) return;
  throw new InvalidInputError("version_at is process, and there is no service to look at", {
    hint: "name the service, or say where its version stands: /pointer or URL#/pointer",
  });
}
