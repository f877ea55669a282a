import { type HostileCase, invalid, signed, signedLink, text } from "./hostile_case.ts";

/**
 * Bundles with names and links that lead elsewhere or collide, though a trusted key signed them. Of
 * the tests.
 */
export const hostileNames: Readonly<Record<string, HostileCase>> = {
  "a signed name that is absolute": {
    exit: invalid,
    why: /absolute/,
    spoil: signed("/tmp/escaped"),
  },
  "a signed name that climbs": { exit: invalid, why: /'\.\.'/, spoil: signed("files/../../esc") },
  "a signed name with a dot": { exit: invalid, why: /'\.'/, spoil: signed("files/./x") },
  "a signed name with an empty segment": { exit: invalid, why: /empty/, spoil: signed("files//x") },
  "a signed name that ends with a slash": {
    exit: invalid,
    why: /empty/,
    spoil: signed("files/x/"),
  },
  "a signed name with a line end": { exit: invalid, why: /control/, spoil: signed("files/x\ny") },
  "a signed name with a C1 control": { exit: invalid, why: /control/, spoil: signed("files/\x9b") },
  "a signed name with a backslash": {
    exit: invalid,
    why: /backslash/,
    spoil: signed("files/a\\b"),
  },
  "a signed name that is too long": {
    exit: invalid,
    why: /255/,
    spoil: signed(`files/${text(256)}`),
  },
  "a signed path that is too long": {
    exit: invalid,
    why: /2048/,
    spoil: signed(`files/${"segment/".repeat(300)}x`),
  },
  "a signed name outside of files/": { exit: invalid, why: /below files/, spoil: signed("etc/x") },
  "a signed name in Sluice's own folder": {
    exit: invalid,
    why: /Sluice's own/,
    spoil: signed("files/.sluice/run"),
  },
  "a signed name in Sluice's own folder, in capitals": {
    exit: invalid,
    why: /Sluice's own/,
    spoil: signed("files/.SLUICE/run"),
  },
  "signed names that differ in case": { exit: invalid, why: /case/, spoil: signed("files/A") },
  "signed names that differ in case of a folder": {
    exit: invalid,
    why: /case/,
    spoil: signed("files/D/c"),
  },
  "signed names that differ in composition": {
    exit: invalid,
    why: /case/,
    spoil: (bundle) => {
      signed("files/\u00e9")(bundle);
      signed("files/e\u0301")(bundle);
    },
  },
  "signed names that differ in compatible forms": {
    exit: invalid,
    why: /case/,
    spoil: (bundle) => {
      signed("files/stra\u00dfe")(bundle);
      signed("files/STRASSE")(bundle);
    },
  },
  "a signed file that hides the LICENSE": {
    exit: invalid,
    why: /there twice/,
    spoil: signed("files/LICENSE"),
  },
  "a signed file below a file": {
    exit: invalid,
    why: /below the file/,
    spoil: signed("files/a/x"),
  },
  "a signed file below a link": {
    exit: invalid,
    why: /below the link/,
    spoil: signed("files/l/x"),
  },
  "a signed file and link of one name": {
    exit: invalid,
    why: /there twice/,
    spoil: signedLink("files/a", "d"),
  },
  "a signed link that leaves the release": {
    exit: invalid,
    why: /leaves the tree/,
    spoil: signedLink("files/d/x", "../../outside"),
  },
  "a signed link that leaves by a detour": {
    exit: invalid,
    why: /'\.\.'/,
    spoil: signedLink("files/x", "d/../../outside"),
  },
  "a signed link to an absolute place": {
    exit: invalid,
    why: /outside of \/usr/,
    spoil: signedLink("files/x", "/etc/shadow"),
  },
  "a signed link to what only begins like /usr": {
    exit: invalid,
    why: /outside of \/usr/,
    spoil: signedLink("files/x", "/usrlocal/x"),
  },
  "a signed link out of /usr": {
    exit: invalid,
    why: /'\.\.'/,
    spoil: signedLink("files/x", "/usr/../etc/shadow"),
  },
  "a signed link through a link": {
    exit: invalid,
    why: /through the link/,
    spoil: (bundle) => {
      signedLink("files/dl", "d")(bundle);
      signedLink("files/x", "dl/b")(bundle);
    },
  },
  "signed links in a circle": {
    exit: invalid,
    why: /back to itself/,
    spoil: (bundle) => {
      signedLink("files/x", "y")(bundle);
      signedLink("files/y", "x")(bundle);
    },
  },
  "a signed link to nothing": {
    exit: invalid,
    why: /end with a name/,
    spoil: signedLink("files/x", ""),
  },
  "a signed link to its folder": {
    exit: invalid,
    why: /end with a name/,
    spoil: signedLink("files/x", "."),
  },
  "a signed link with a line end": {
    exit: invalid,
    why: /control/,
    spoil: signedLink("files/x", "a\nb"),
  },
};
