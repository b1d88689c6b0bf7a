// A host as a province rents it: static files, compressed text, long caching of hashed names.
//
//   const { serve } = require("./server.js");
//   const site = await serve(folder, "/bantin/");   // site.url, site.close()
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const zlib = require("node:zlib");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".bib": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".pdf": "application/pdf",
  ".wasm": "application/wasm",
};
const TEXT = /^(text|application\/(json|manifest|xml|javascript)|image\/svg)/;

async function serve(folder, prefix = "/", port = 0) {
  const packed = new Map(); // compressed once, as a host would
  const answer = (request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://x").pathname);
    let file = path.join(folder, name.slice(prefix.length));
    let status = 200;
    if (!name.startsWith(prefix) || !file.startsWith(folder)) file = "";
    else if (fs.existsSync(file) && fs.statSync(file).isDirectory()) {
      if (!name.endsWith("/")) {
        response.writeHead(301, { Location: `${name}/` }).end();
        return;
      }
      file = path.join(file, "index.html");
    }
    if (!file || !fs.existsSync(file)) {
      status = 404;
      file = path.join(folder, "404.html");
    }
    const type = TYPES[path.extname(file)] || "application/octet-stream";
    const hashed = /-[0-9a-f]{8,}\.|\/assets\/tim\//.test(file);
    const headers = { "Content-Type": type, "Cache-Control": hashed ? "public, max-age=31536000, immutable" : "no-cache" };
    const coding = /\bbr\b/.test(request.headers["accept-encoding"]) ? "br" : /\bgzip\b/.test(request.headers["accept-encoding"]) ? "gzip" : "";
    let data = fs.existsSync(file) ? fs.readFileSync(file) : Buffer.from("404");
    if (TEXT.test(type) && coding) {
      headers["Content-Encoding"] = coding;
      headers.Vary = "Accept-Encoding";
      const key = coding + file;
      if (!packed.has(key)) packed.set(key, coding === "br" ? zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 6 } }) : zlib.gzipSync(data, { level: 6 }));
      data = packed.get(key);
    }
    headers["Content-Length"] = data.length;
    response.writeHead(status, headers);
    sent.push({ path: name.slice(prefix.length - 1), bytes: data.length + response._header.length });
    response.end(request.method === "HEAD" ? undefined : data);
  };
  const sent = []; // what crossed the wire, with its headers
  const server = http.createServer(answer);
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  return {
    sent,
    url: `http://127.0.0.1:${server.address().port}${prefix}`,
    close: () => server.closeAllConnections() || server.close(),
  };
}

module.exports = { serve };

if (require.main === module) {
  const [folder, prefix, port] = process.argv.slice(2);
  serve(path.resolve(folder), prefix, Number(port)).then((site) => console.log(site.url));
}
