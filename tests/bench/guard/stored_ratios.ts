import { fromFileUrl } from "@std/path";
import * as z from "zod";

const FORMAT = 1;
const PATH = fromFileUrl(new URL("./guard.json", import.meta.url));

const storedRatioSchema = z.strictObject({
  /** The middle one of several runs. */
  ratio: z.number().positive(),
  /** All of them, ascending: what runs of the same version differ by. */
  runs: z.array(z.number().positive()).min(1),
});

const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  command: z.string(),
  date: z.iso.datetime(),
  ratios: z.record(z.string(), storedRatioSchema),
});

/** What a ratio was when it was stored. */
export type StoredRatio = z.infer<typeof storedRatioSchema>;

/** The ratios that `guard.json` has, by their ids. */
export async function readStoredRatios(): Promise<ReadonlyMap<string, StoredRatio>> {
  const { ratios } = fileSchema.parse(JSON.parse(await Deno.readTextFile(PATH)));
  return new Map(Object.entries(ratios));
}

/** @param ratios By their ids. */
export async function writeStoredRatios(
  ratios: ReadonlyMap<string, StoredRatio>,
  command: string,
): Promise<void> {
  const file: z.input<typeof fileSchema> = {
    format: FORMAT,
    command,
    date: new Date().toISOString(),
    ratios: Object.fromEntries(ratios),
  };
  await Deno.writeTextFile(PATH, `${JSON.stringify(file, undefined, 2)}\n`);
}
