import type { JsonObject } from "../../engine/json.ts";
import { layout, readOptional, replaceFile } from "./layout.ts";

/** A release that did not prove healthy, known by the digest of its signed metadata. */
export interface BadRelease {
  readonly version: string;
  readonly metadata_sha256: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** All releases marked bad; lines that cannot be read are passed over. */
export async function badReleases(root: string): Promise<readonly BadRelease[]> {
  const text = await readOptional(layout(root).bad) ?? "";
  return text.split("\n").flatMap((line) => {
    try {
      const mark = JSON.parse(line) as JsonObject;
      return typeof mark.metadata_sha256 === "string" ? [mark as unknown as BadRelease] : [];
    } catch {
      return [];
    }
  });
}

/** Marks a release bad, so that it is not tried again unless forced. Marking it again replaces the reason. */
export async function markBad(root: string, mark: BadRelease): Promise<void> {
  const others = await otherMarks(root, mark.metadata_sha256);
  await write(root, [...others, mark]);
}

/** Takes the mark away: the release has proved healthy after all. */
export async function clearBad(root: string, metadataSha256: string): Promise<void> {
  const before = await badReleases(root);
  const others = before.filter((mark) => mark.metadata_sha256 !== metadataSha256);
  if (others.length !== before.length) await write(root, others);
}

async function otherMarks(root: string, digest: string): Promise<readonly BadRelease[]> {
  return (await badReleases(root)).filter((mark) => mark.metadata_sha256 !== digest);
}

async function write(root: string, marks: readonly BadRelease[]): Promise<void> {
  const newest = marks.slice(-100);
  await replaceFile(layout(root).bad, newest.map((mark) => JSON.stringify(mark) + "\n").join(""));
}
