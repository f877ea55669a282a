// flags: --allow-read=<project>,<tmp>,/usr,/bin,/lib,/lib64 --allow-write=<tmp> --allow-net=127.0.0.1
//        --allow-run=… tests/system_groups.ts
import { compiledSuite } from "./compiled_suite.ts";

compiledSuite("folder");
