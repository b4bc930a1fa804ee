// The real server, shared by the tests or started for one of them.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const BASE_URL = "http://127.0.0.1:8191";
/** The moment at which the shared server starts: 78 days before the week. */
export const NOW = "2026-11-22T10:00:00Z";

const ROOT = resolve(import.meta.dirname, "../..");

export function serverProgram(): string {
  const program = process.env.CAMPAIGN_HUB_SERVER;
  if (!program) throw new Error("CAMPAIGN_HUB_SERVER names no server; `cargo xtask test` sets it");
  return program;
}

export function serverArguments(url: string, folder: string, now: string): string[] {
  return [
    "serve",
    "--addr", new URL(url).host,
    "--public-url", url,
    "--database-url", `sqlite://${join(folder, "hub.db")}`,
    "--data", folder,
    "--now", now,
  ];
}

export class Server {
  private constructor(
    readonly url: string,
    private readonly now: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Starts a server at a moment, on a port and with a database of its own. */
  static async start(now: string): Promise<Server> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const folder = mkdtempSync(join(tmpdir(), "campaign-hub-"));
    const child = spawn(serverProgram(), serverArguments(url, folder, now), { cwd: ROOT, stdio: "ignore" });
    const server = new Server(url, now, child, folder);
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      const ready = await fetch(`${url}/health/ready`).then((answer) => answer.ok, () => false);
      if (ready) return server;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await server.stop();
    throw new Error("the server did not get ready");
  }

  /** Runs a command of the server's program on this server's database. */
  command(name: string, ...rest: string[]): string {
    const database = ["--database-url", `sqlite://${join(this.folder, "hub.db")}`];
    const own = name === "orders" ? ["--data", this.folder, "--public-url", this.url, "--now", this.now] : [];
    return execFileSync(serverProgram(), [name, ...database, ...own, ...rest], { cwd: ROOT, encoding: "utf8" });
  }

  /** The mails that were sent to an address, those sent first first. */
  mails(to: string): string[] {
    const folder = join(this.folder, "outbox");
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".eml")) : [];
    const files = names.map((name) => join(folder, name)).sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
    return files.map((file) => readMail(file)).filter((mail) => mail.includes(`To: ${to}`));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null) {
      this.process.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A mail with its texts as people read them. */
function readMail(file: string): string {
  const unfolded = readFileSync(file, "latin1").replace(/=\r\n/g, "");
  const bytes = unfolded.replace(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
