// The real server, shared by the tests or started for one of them.
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { STRIPE_KEY, STRIPE_WEBHOOK_SECRET, type Stripe } from "./stripe.ts";

export const BASE_URL = "http://127.0.0.1:8191";
/** The time at which the shared server starts: 78 days before the week. */
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
    // The tests act as many clients, each with its own address.
    "--trusted-proxy", "127.0.0.1",
  ];
}

/** The server's environment: the payment provider, the mail server, and an allowed origin. */
interface Options {
  stripe?: Stripe;
  smtp?: string;
  allowOrigin?: string;
}

export class Server {
  private constructor(
    readonly url: string,
    private now: string,
    private process: ChildProcess,
    private readonly folder: string,
    private readonly options: Options,
  ) {}

  /** Starts a server at a given time, with its own port and database. */
  static async start(now: string, options: Options = {}): Promise<Server> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const folder = mkdtempSync(join(tmpdir(), "campaign-hub-"));
    const server = new Server(url, now, launch(url, folder, now, options), folder, options);
    await server.ready();
    return server;
  }

  /** Kills the server, and restarts it with the same database at a later time. */
  async killAndRestart(now: string): Promise<void> {
    await this.end("SIGKILL");
    this.now = now;
    this.process = launch(this.url, this.folder, now, this.options);
    await this.ready();
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      const ready = await fetch(`${this.url}/health/ready`).then((answer) => answer.ok, () => false);
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.stop();
    throw new Error("the server did not get ready");
  }

  /** Runs a command of the server's binary on this server's database. */
  command(name: string, ...rest: string[]): string {
    return execFileSync(serverProgram(), this.arguments(name, rest), { cwd: ROOT, encoding: "utf8" });
  }

  /** The same for a command that calls a server in this process, which must be able to respond. */
  async slowCommand(name: string, ...rest: string[]): Promise<string> {
    const options = { cwd: ROOT, encoding: "utf8" } as const;
    return (await promisify(execFile)(serverProgram(), this.arguments(name, rest), options)).stdout;
  }

  private arguments(name: string, rest: string[]): string[] {
    const database = ["--database-url", `sqlite://${join(this.folder, "hub.db")}`];
    const orderAdmin = ["--data", this.folder, "--public-url", this.url, "--now", this.now, ...cards(this.options)];
    const own = name === "orders" ? orderAdmin : [];
    return [name, ...database, ...own, ...rest];
  }

  /** A file in the server's folder. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** The emails sent to an address, the earliest first. */
  mails(to: string): string[] {
    const folder = join(this.folder, "outbox");
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".eml")) : [];
    const files = names.map((name) => join(folder, name)).sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
    return files.map((file) => readMail(file)).filter((mail) => mail.includes(`To: ${to}`));
  }

  async stop(): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill(signal);
    await ended;
  }
}

function launch(url: string, folder: string, now: string, options: Options): ChildProcess {
  const mails = options.smtp ? ["--smtp-url", options.smtp] : [];
  const origin = options.allowOrigin ? ["--allow-origin", options.allowOrigin] : [];
  const all = [...serverArguments(url, folder, now), ...cards(options), ...mails, ...origin];
  return spawn(serverProgram(), all, { cwd: ROOT, stdio: "ignore" });
}

function cards({ stripe }: Options): string[] {
  if (!stripe) return [];
  return ["--stripe-key", STRIPE_KEY, "--stripe-webhook-secret", STRIPE_WEBHOOK_SECRET, "--stripe-url", stripe.url];
}

/** A decoded email. */
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
