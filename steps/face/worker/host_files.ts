import actions from "../host/actions.py" with { type: "text" };
import control from "../host/control.py" with { type: "text" };
import faults from "../host/faults.py" with { type: "text" };
import lifeline from "../host/lifeline.py" with { type: "text" };
import loader from "../host/loader.py" with { type: "text" };
import main from "../host/main.py" with { type: "text" };
import rest from "../host/rest.py" with { type: "text" };
import results from "../host/results.py" with { type: "text" };
import service from "../host/service.py" with { type: "text" };
import worker from "../host/worker.py" with { type: "text" };

/**
 * The program of the worker, by file name: to be written into a folder of ours, read-only to the
 * worker where that can be, and started by its `main.py`.
 */
export const hostFiles: Readonly<Record<string, string>> = {
  "actions.py": actions,
  "control.py": control,
  "faults.py": faults,
  "lifeline.py": lifeline,
  "loader.py": loader,
  "main.py": main,
  "rest.py": rest,
  "results.py": results,
  "service.py": service,
  "worker.py": worker,
};
