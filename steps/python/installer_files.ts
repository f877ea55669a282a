/**
 * The texts of the installer: a small program of ours in Python. They are part of this program's code,
 * also where it is bundled, and are written out for the interpreter to find.
 *
 * @module
 */
import baseRequirements from "./installer/base_requirements.txt" with { type: "text" };
import buildRequirements from "./installer/build_requirements.txt" with { type: "text" };
import environment from "./installer/environment.py" with { type: "text" };
import failure from "./installer/failure.py" with { type: "text" };
import main from "./installer/main.py" with { type: "text" };
import program from "./installer/program.py" with { type: "text" };
import pythonVersion from "./installer/python_version.py" with { type: "text" };
import requirement from "./installer/requirement.py" with { type: "text" };
import store from "./installer/store.py" with { type: "text" };
import tool from "./installer/tool.py" with { type: "text" };
import work from "./installer/work.py" with { type: "text" };

/** Contents by name. */
export const installerFiles: Readonly<Record<string, string>> = {
  "base_requirements.txt": baseRequirements,
  "build_requirements.txt": buildRequirements,
  "environment.py": environment,
  "failure.py": failure,
  "main.py": main,
  "program.py": program,
  "python_version.py": pythonVersion,
  "requirement.py": requirement,
  "store.py": store,
  "tool.py": tool,
  "work.py": work,
};
