// Parses Mermaid diagrams as the real library does; prints what it refuses. Arguments: files.
import fs from "node:fs";
import { JSDOM } from "jsdom";

const dom = new JSDOM("<body></body>");
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const mermaid = (await import("mermaid")).default;
for (const file of process.argv.slice(2)) {
  try {
    await mermaid.parse(fs.readFileSync(file, "utf8"));
    console.log("ok");
  } catch (error) {
    console.log(`${file}: ${String(error.message).split("\n")[0]}`);
  }
}
