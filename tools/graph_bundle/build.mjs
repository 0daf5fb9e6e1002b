// Builds graph-libs.js and the file of its licences; with --check says where the committed files differ instead.
import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "..", "datasette_plugins", "desk", "static");

const result = await build({
  entryPoints: [join(HERE, "entry.js")],
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  write: false,
  // its own built file holds a copy of dagre that no lock file names
  alias: { "cytoscape-dagre": join(HERE, "node_modules", "cytoscape-dagre", "src", "index.mjs") },
});

const used = new Set();
for (const path of Object.keys(result.metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (found) used.add(found[1]);
}
const packages = [...used].sort().map((name) => {
  const folder = join(HERE, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = ["LICENSE", "LICENSE.txt", "LICENSE.md", "license"].map((f) => join(folder, f)).find(existsSync);
  if (!file) throw new Error(`${name} has no file of its licence`);
  return { title: `${name}@${about.version} (${about.license})`, text: readFileSync(file, "utf8").trim() };
});

const head = `/* Built by tools/graph_bundle from ${packages.map((item) => item.title).join(", ")}.\n   Licences: graph-libs.LICENSES.txt */\n`;
const made = {
  "graph-libs.js": head + result.outputFiles[0].text,
  "graph-libs.LICENSES.txt": packages.map((item) => `${item.title}\n\n${item.text}\n`).join(`\n${"-".repeat(72)}\n\n`),
};

for (const [name, text] of Object.entries(made)) {
  const path = join(STATIC, name);
  if (!process.argv.includes("--check")) {
    writeFileSync(path, text);
  } else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    console.error(`static/${name} is not what tools/graph_bundle builds: run make bundle and commit it.`);
    process.exitCode = 1;
  }
}
if (!process.exitCode) console.log(`${Object.keys(made).join(", ")}: ${packages.map((item) => item.title).join(", ")}`);
