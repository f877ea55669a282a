// flags: --allow-read=/ --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>,/usr/bin/bwrap,/bin/sh,/bin/bash
import { ownCases } from "../../hostile/own_cases.ts";

for (const { name, attack, prove } of ownCases.filter(({ boxed }) => boxed === true)) {
  Deno.test(`${name}: ${attack}`, prove);
}
