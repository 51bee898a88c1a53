import * as z from "zod";
import { scenarioFileSchema } from "./scenario_file.ts";

/** Below 1, so that a day comes to an end. */
const share = z.number().min(0).max(0.9);

/**
 * The schema of what the simulator is told to play; the type is inferred from it. Numbers have
 * their limits here and nowhere else.
 */
export const simulatorOptionsSchema = z.strictObject({
  libraryPath: z.string().min(1).describe("The administration DLL."),
  registered: z.boolean().default(false)
    .describe("Loads what RAS's list in the Windows registry names instead, on several threads."),
  count: z.int().min(1).max(1_000_000_000).default(1000).describe("How many link hangups."),
  ratePerSecond: z.number().min(0).max(10_000_000).default(0)
    .describe("Link hangups per second; 0 is as fast as possible."),
  ports: z.int().min(1).max(100_000).default(256).describe("Ports of the server."),
  linksPerConnection: z.int().min(1).max(16).default(1)
    .describe("Links of one connection; more than 1 is multilink."),
  seed: z.int().min(0).max(0xffff_ffff).optional()
    .describe("Determines everything that is played; drawn and printed when left out."),
  users: z.int().min(1).max(1_000_000).default(13).describe("Different people who connect."),
  reuseHandles: z.boolean().default(true)
    .describe("Gives the handle of a connection that is gone to a later one, as Windows may."),
  siteToSiteShare: share.default(0.02)
    .describe("Share of connections that are another site's router, not a person."),
  refusedShare: share.default(0)
    .describe("Share of connections that another administration DLL refuses after ours said yes."),
  lostShare: share.default(0)
    .describe("Share of connections whose peer vanishes, so that they never hang up."),
  restarts: z.int().min(0).max(1000).default(0)
    .describe("How often the service restarts in between, without a hangup for whoever is there."),
  storm: z.boolean().default(false)
    .describe("All ports go down at once, again and again until the count is reached."),
  hangupsOnly: z.boolean().default(false)
    .describe("Makes no callout of a day but the link hangups, the start and the stop."),
  adversarial: z.boolean().default(false)
    .describe("Plays the adversarial callouts instead of a day; count and seed are ignored."),
  scenario: scenarioFileSchema.optional()
    .describe("Plays these steps instead of a day; what describes a day is ignored."),
  stopAtInputEnd: z.boolean().default(false)
    .describe("Stops early, as a service does, when standard input ends."),
  progress: z.boolean().default(true).describe("Shows the progress on a terminal."),
}).refine((options) => options.linksPerConnection <= options.ports, {
  path: ["linksPerConnection"],
  error: "at most as many links as ports",
}).refine((options) => !options.registered || !options.adversarial, {
  path: ["registered"],
  error: "none together with adversarial: other people's DLLs need not bear it",
});

/** What the simulator is told to play, as the caller writes it. */
export type SimulatorOptions = z.input<typeof simulatorOptionsSchema>;
/** The same with every default filled in. */
export type SimulatorSettings = z.output<typeof simulatorOptionsSchema>;
