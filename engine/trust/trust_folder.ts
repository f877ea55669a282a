export { loadTrust } from "./load_trust.ts";
