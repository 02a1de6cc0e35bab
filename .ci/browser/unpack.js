// Unpacks the browser and its libraries: node unpack.js FROM TO
const { brotliDecompressSync } = require("node:zlib");
const { readFileSync, writeFileSync } = require("node:fs");

const [from, to] = process.argv.slice(2);
for (const name of ["chromium", "al2023.tar", "swiftshader.tar"]) {
  writeFileSync(`${to}/${name}`, brotliDecompressSync(readFileSync(`${from}/${name}.br`)));
}
