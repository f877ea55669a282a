// flags: as compiled_test.ts; DENORT_BIN names a denort
import { compiledSuite } from "./compiled_suite.ts";

compiledSuite("binary");
