/** Where the package lies, in the work folder. */
export function packageFolder(work: string): string {
  return `${work}/package`;
}

/** HOME of the agent. */
export function homeFolder(work: string): string {
  return `${work}/home`;
}

/** Where the host's program lies. */
export function hostFolder(work: string): string {
  return `${work}/host`;
}
