// The loop around a script's `answer` for a CPython compiled to WebAssembly: requests and rows as in serve.py.
//
//   node --input-type=module --eval SOURCE PACKAGE SCRIPT [arguments of the script]
//
// PACKAGE is the folder of the npm package `pyodide`; SCRIPT is the text of a script that defines options and answer.
// A file that brings the interpreter down gets no row: the reason goes to standard error and the process ends.
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, script, ...argv] = process.argv.slice(1);
const { loadPyodide } = await import(pathToFileURL(path.join(path.resolve(folder), "pyodide.mjs")).href);
const py = await loadPyodide({ env: { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", HOME: "/" } });
py.globals.set("_script", script);
py.globals.set("_argv", py.toPy(argv));
const answer = py.runPython(`
import sys, types, json, warnings
warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
_module = types.ModuleType("script")
exec(compile(_script, "script.py", "exec"), _module.__dict__)
_opts = _module.options(list(_argv))
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False).encode
def _answer(path, data):
    return _encode(_module.answer(path, data.to_bytes(), _opts))
_answer
`);

function unreadable(file, msg) {
  return JSON.stringify({
    path: file, ok: false, stage: "read", type: "OSError", msg,
    lineno: null, offset: null, end_lineno: null, end_offset: null,
  });
}

// Written with retries: standard output may be a pipe that takes no more for the moment.
function write(text) {
  const bytes = Buffer.from(text, "utf8");
  let done = 0;
  while (done < bytes.length) {
    try {
      done += fs.writeSync(1, bytes, done);
    } catch (e) {
      if (e.code !== "EAGAIN") throw e;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [file, source] = JSON.parse(line);
  let data;
  try {
    data = source === undefined ? fs.readFileSync(file) : Buffer.from(source, "latin1");
  } catch (e) {
    write(unreadable(file, String(e.code)) + "\n");
    continue;
  }
  try {
    write(answer(file, new Uint8Array(data.buffer, data.byteOffset, data.length)) + "\n");
  } catch (e) {
    console.error(`${e.type ?? e.name}: ${String(e.message).slice(-300)}`);
    process.exit(1);
  }
}
process.exit(0);
