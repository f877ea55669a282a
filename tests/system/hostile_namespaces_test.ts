// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/usr/bin/unshare
import { ownCases } from "../hostile/own_cases.ts";

for (const { name, attack, prove } of ownCases.filter(({ namespaces }) => namespaces === true)) {
  Deno.test(`${name}: ${attack}`, prove);
}
