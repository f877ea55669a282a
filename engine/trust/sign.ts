export { signDetached } from "./sign_detached.ts";
