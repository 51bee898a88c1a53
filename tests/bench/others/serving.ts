/** A program that serves in the foreground; killed when it is let go of. */
export class Serving implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<void>;
  readonly #program: string;
  #said = "";
  #isOver = false;

  /** Starts it. */
  constructor(program: string, args: readonly string[], env: Record<string, string> = {}) {
    this.#program = program;
    this.#child = new Deno.Command(program, {
      args: [...args],
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#read = Promise.all([this.#listen(this.#child.stdout), this.#listen(this.#child.stderr)])
      .then(() => {
        this.#isOver = true;
      });
  }

  /** Waits until something holds of what it has said, or of what it has done. */
  async until(holds: (said: string) => boolean, limitMs: number): Promise<void> {
    const started = performance.now();
    while (!holds(this.#said)) {
      if (this.#isOver || performance.now() - started > limitMs) {
        const how = this.#isOver ? "it has ended" : `not within ${limitMs} ms`;
        throw new RangeError(`Cannot use ${this.#program}: ${how}: ${this.#said.slice(-2000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), 3000);
    await this.#child.status;
    clearTimeout(killer);
    await this.#read;
  }

  async #listen(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#said += text;
  }
}
