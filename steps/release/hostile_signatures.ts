import { add, type HostileCase, invalid, notAuthorised, text } from "./hostile_case.ts";
import { join } from "./raw_bundle.ts";

/** Bundles that nobody trusted signed, or that do not begin with what was signed. Of the tests. */
export const hostileSignatures: Readonly<Record<string, HostileCase>> = {
  "a signature by nobody who is trusted": {
    exit: notAuthorised,
    why: /no trusted key/,
    spoil: (bundle) => bundle.signature = () => "MEUCIQ==",
  },
  "a signature that is none": {
    exit: notAuthorised,
    why: /signature/,
    spoil: (bundle) => bundle.signature = () => "not base64!",
  },
  "no signature text": {
    exit: notAuthorised,
    why: /signature/,
    spoil: (bundle) => bundle.signature = () => "",
  },
  "metadata changed after signing": {
    exit: notAuthorised,
    why: /no trusted key/,
    spoil: (bundle) => {
      bundle.head = (metadata, signature) => [
        { name: "metadata.json", content: join([metadata, new TextEncoder().encode(" ")]) },
        { name: "metadata.json.sig", content: signature },
      ];
    },
  },
  "metadata that is damaged and not signed": {
    exit: notAuthorised,
    why: /no trusted key/,
    spoil: (bundle) => {
      bundle.head = (_, signature) => [
        { name: "metadata.json", content: "{" },
        { name: "metadata.json.sig", content: signature },
      ];
    },
  },
  "no metadata": { exit: invalid, why: /metadata.json has to be/, spoil: (b) => b.head = () => [] },
  "no signature": {
    exit: invalid,
    why: /metadata.json.sig has to be/,
    spoil: (bundle) => bundle.head = (content) => [{ name: "metadata.json", content }],
  },
  "the signature first": {
    exit: invalid,
    why: /metadata.json has to be/,
    spoil: (bundle) => {
      bundle.head = (metadata, signature) => [
        { name: "metadata.json.sig", content: signature },
        { name: "metadata.json", content: metadata },
      ];
    },
  },
  "something before the metadata": {
    exit: invalid,
    why: /metadata.json has to be/,
    spoil: (bundle) => {
      bundle.head = (metadata, signature) => [
        { name: "files/a", content: "alpha" },
        { name: "metadata.json", content: metadata },
        { name: "metadata.json.sig", content: signature },
      ];
    },
  },
  "a second metadata.json": {
    exit: invalid,
    why: /there twice/,
    spoil: add({ name: "metadata.json", content: "{}" }),
  },
  "metadata that is a link": {
    exit: invalid,
    why: /metadata.json has to be/,
    spoil: (bundle) => {
      bundle.head = (_, signature) => [
        { name: "metadata.json", type: "2", target: "/etc/passwd" },
        { name: "metadata.json.sig", content: signature },
      ];
    },
  },
  "metadata that says it is huge": {
    exit: invalid,
    why: /at most/,
    spoil: (bundle) => bundle.head = () => [{ name: "metadata.json", size: "77777777777\0" }],
  },
  "a signature of 20 KiB": {
    exit: invalid,
    why: /at most/,
    spoil: (bundle) => {
      bundle.head = (metadata) => [
        { name: "metadata.json", content: metadata },
        { name: "metadata.json.sig", content: text(20_000) },
      ];
    },
  },
};
