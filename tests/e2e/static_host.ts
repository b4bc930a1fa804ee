// A static host for the app, on its own port: it serves files and the index of folders, answers
// every other URL with the same document, and has no API.
import { createServer, type Server as HttpServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";

const FOLDER = resolve(import.meta.dirname, "../../dist-static");
/** The API that was configured at build time. */
const BUILT_FOR = "https://api.example.org";

const TYPES: Record<string, string> = {
  ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml",
  ".wasm": "application/wasm", ".woff2": "font/woff2", ".html": "text/html",
};

export class StaticHost {
  private constructor(private readonly server: HttpServer) {}

  /** Serves the app; its documents name the API origin that `api` returns at the time of the
      request. */
  static async start(api: () => string): Promise<StaticHost> {
    const server = createServer((request, response) => {
      const path = join(FOLDER, decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname));
      const isFile = (path: string) => path.startsWith(FOLDER) && existsSync(path) && statSync(path).isFile();
      const file = [path, join(path, "index.html")].find(isFile) ?? join(FOLDER, "index.html");
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      const content = readFileSync(file);
      response.end(extname(file) === ".html" ? content.toString().replaceAll(BUILT_FOR, api()) : content);
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return new StaticHost(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((stopped) => this.server.close(stopped));
  }
}
