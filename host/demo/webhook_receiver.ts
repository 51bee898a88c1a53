/** Somebody who takes what the webhook plugin posts: a server on this machine, on any free port. */
export class WebhookReceiver implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #received = 0;
  #last: string | undefined;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        this.#last = await request.text();
        this.#received++;
        return new Response(null, { status: 204 });
      },
    );
  }

  /** Host and port, as the registry's `net` permission wants them. */
  get address(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** Posts so far. */
  get received(): number {
    return this.#received;
  }

  /** The body of the last post. */
  get last(): string | undefined {
    return this.#last;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
