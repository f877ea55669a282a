/** What standard output is: tokens, a JSON log that holds them, or the log of an agent's runtime. */
export const tokenForms = ["line", "json", "agent-log"] as const;
export type TokenForm = typeof tokenForms[number];
