import type { Pipelines } from "../../engine/surface/resolve_surfaces.ts";
import { readIncluded } from "./read_text.ts";

/** The pipelines that lie in a project's folder `pipelines`. */
export async function projectPipelines(project: string): Promise<Pipelines> {
  return {
    load: (path) => readIncluded(`${project}/${path}`),
    paths: (await below(project, "pipelines")).sort(),
  };
}

async function below(project: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${project}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await below(project, path));
    else if (/\.(ya?ml|json)$/.test(name) && name !== "surfaces.yaml") found.push(path);
  }
  return found;
}
