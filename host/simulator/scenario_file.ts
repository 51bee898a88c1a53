import * as z from "zod";

const uint32 = z.int().min(0).max(0xffff_ffff);
/** How the steps of one connection refer to it. */
const label = z.string().min(1).max(64);
const text = z.string().max(257);
const portName = z.string().min(1).max(17);

const traffic = {
  seconds: uint32.default(0).describe("How long the connection has lasted."),
  bytesTransmitted: uint32.default(0),
  bytesReceived: uint32.default(0),
};

const connect = z.strictObject({
  do: z.literal("connect"),
  as: label.describe("How the steps that follow call this connection."),
  user: text,
  domain: z.string().max(16).default(""),
  computer: z.string().max(17).default(""),
  address: z.string().max(16).default("").describe("The client's, inside the tunnel."),
  router: z.boolean().default(false)
    .describe("Another site's router instead of a person; the interface is named like the user."),
  multilink: z.boolean().default(false),
  handle: z.string().regex(/^0x[0-9a-f]{1,16}$/).optional()
    .describe("hConnection; one that was there before is one that is used again."),
});

const step = z.discriminatedUnion("do", [
  connect,
  z.strictObject({ do: z.literal("link"), of: label, port: portName }),
  z.strictObject({ do: z.literal("hangup"), of: label, port: portName, ...traffic }),
  z.strictObject({ do: z.literal("reauthenticate"), of: label }),
  z.strictObject({ do: z.literal("disconnect"), of: label, ...traffic }),
  z.strictObject({ do: z.literal("restart") }),
  z.strictObject({
    do: z.literal("wait"),
    milliseconds: z.int().min(0).max(3_600_000),
  }),
]);

/**
 * The schema of a scenario file: the callouts of a few connections, one by one. It is for what no
 * day by chance has, in exactly that order.
 *
 * It need not make sense. A connection that another DLL refuses is a `connect` without a `link`; a
 * vanished peer is one without a `hangup`; a hangup may come twice, or after a restart of the
 * service, which forgets nothing here and everything there.
 */
export const scenarioFileSchema = z.strictObject({
  $schema: z.string().optional(),
  steps: z.array(step).min(1).max(300),
}).superRefine(({ steps }, context) => {
  const known = new Set<string>();
  steps.forEach((step, index) => {
    if (step.do === "connect") known.add(step.as);
    if (!("of" in step) || known.has(step.of)) return;
    context.addIssue({
      code: "custom",
      path: ["steps", index, "of"],
      message: "the name that a connect before it has in as",
    });
  });
});

/** What stands in a scenario file. */
export type ScenarioFileInput = z.input<typeof scenarioFileSchema>;
/** The same with every default filled in. */
export type ScenarioFile = z.output<typeof scenarioFileSchema>;
